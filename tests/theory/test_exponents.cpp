// The numbers theory must give: docs/theory.md sections 3, 7 and 11.

#include "theory/beta_law.hpp"
#include "theory/exponents.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <map>

using namespace cascade;
using theory::BetaLaw;
using theory::LossSetting;

namespace {

BetaLaw field(int D, double d, double h) {
  return {D, d, h, ""};
}

/// The beta model of turbulence: D = 3, d = 2.8, h = (d - 2)/3.
BetaLaw turbulence() {
  return field(3, 2.8, 0.8 / 3);
}

constexpr LossSetting uniform_volume(double q, int degree) {
  return {false, false, degree, q};
}
constexpr LossSetting adaptive_volume(double q, int degree) {
  return {true, false, degree, q};
}
constexpr LossSetting uniform_active(double q, int degree) {
  return {false, true, degree, q};
}
constexpr LossSetting adaptive_active(double q, int degree) {
  return {true, true, degree, q};
}

double alpha(const theory::Law& t, const LossSetting& s) {
  return theory::predicted_alpha(t, s).value().value;
}

std::map<std::string, double> rivals(const theory::Law& t, const LossSetting& s) {
  std::map<std::string, double> result;
  for (const auto& f : theory::rival_formulas(t, s))
    CHECK(result.emplace(f.id, f.value).second); // each id once
  return result;
}

} // namespace

TEST_CASE("Orders of structure functions: beta model, Kolmogorov, saturation", "[exponents]") {
  const std::map<int, double> beta = {{1, 0.4667}, {2, 0.7333}, {3, 1},     {4, 1.2667},
                                      {5, 1.5333}, {6, 1.8},    {8, 2.3333}};
  for (const auto& [p, zeta] : beta) {
    CHECK(turbulence().zeta(p) == Approx(zeta).margin(5e-5)); // the table has four digits
    CHECK(turbulence().zeta(p) == Approx(p / 3.0 + 0.2 * (1 - p / 3.0)).epsilon(1e-14));
    CHECK(theory::saturated_zeta(turbulence(), p) == turbulence().zeta(p));
    CHECK(field(3, 3, 1.0 / 3).zeta(p) == Approx(p / 3.0).epsilon(1e-14)); // Kolmogorov 1941
  }
  CHECK(turbulence().zeta(0.5) == Approx(0.2 + 0.4 / 3).epsilon(1e-14));
  // A field that is smooth on its active set shows r^p, whatever its d.
  CHECK(theory::saturated_zeta(field(3, 2.2, 0.7), 2) == 2);
  CHECK(theory::saturated_zeta(field(1, 1, 2.5), 3) == 3);
  // (30): |p - zeta_p| < 0.3
  CHECK(theory::zeta_near_saturation(field(3, 2.2, 0.7), 2));       // 2.2 against 2
  CHECK(theory::zeta_near_saturation(field(3, 3, 0.851), 2));       // .298 below
  CHECK_FALSE(theory::zeta_near_saturation(field(3, 3, 0.849), 2)); // .302 below
  CHECK_FALSE(theory::zeta_near_saturation(field(1, 1, 2.5), 2));   // 3 above
  CHECK_FALSE(theory::zeta_near_saturation(turbulence(), 2));
}

TEST_CASE("alpha of every partition and average", "[exponents]") {
  const BetaLaw t = turbulence();
  CHECK(alpha(t, adaptive_active(2, 0)) == Approx(2 * *t.hurst() / 2.8).epsilon(1e-14)); // 2h/d
  CHECK(alpha(t, adaptive_active(4, 0)) == Approx(4 * *t.hurst() / 2.8).epsilon(1e-14)); // 4h/d
  CHECK(alpha(t, adaptive_active(2, 0)) == Approx(0.1905).margin(5e-5));
  CHECK(alpha(t, adaptive_active(4, 1)) == Approx(0.3810).margin(5e-5));
  CHECK(alpha(t, uniform_active(2, 0)) == Approx(0.1778).margin(5e-5));
  CHECK(alpha(t, uniform_active(4, 0)) == Approx(0.3556).margin(5e-5));
  CHECK(alpha(t, uniform_volume(2, 0)) == Approx(0.2444).margin(5e-5));
  CHECK(alpha(t, uniform_volume(4, 0)) == Approx(0.4222).margin(5e-5));
  CHECK(alpha(t, adaptive_volume(2, 0)) == Approx(0.2619).margin(5e-5));
  CHECK(alpha(t, adaptive_volume(4, 0)) == Approx(0.4524).margin(5e-5));
  for (const int degree : {0, 1, 2}) // for h < 1 a higher degree does not change the exponent on the active set
    CHECK(alpha(t, adaptive_active(2, degree)) == alpha(t, adaptive_active(2, 0)));
}

TEST_CASE("Threshold refinement: numerical trials of docs/theory.md section 11", "[exponents]") {
  CHECK(alpha(field(3, 2.2, 0.7), adaptive_volume(2, 0)) == Approx(0.6667).margin(5e-5)); // dead smooth regions lead
  CHECK(alpha(field(3, 2.2, 0.2), adaptive_volume(2, 0)) == Approx(0.5455).margin(5e-5));
  CHECK(alpha(field(3, 2.8, 0.2667), adaptive_volume(2, 0)) == Approx(0.2619).margin(5e-5));
  CHECK(theory::predicted_alpha(field(3, 2.2, 0.7), adaptive_volume(2, 0))->id == "q*k/D");
  CHECK(theory::predicted_alpha(field(3, 2.2, 0.2), adaptive_volume(2, 0))->id == "zeta_q/d");
}

TEST_CASE("Smooth fields: 2/d with constants, 4/d with linear pieces", "[exponents]") {
  for (const int D : {1, 2, 3}) {
    const BetaLaw smooth = field(D, D, 2.5);
    for (const auto& setting :
         {uniform_volume(2, 0), adaptive_volume(2, 0), uniform_active(2, 0), adaptive_active(2, 0)})
      CHECK(alpha(smooth, setting) == Approx(2.0 / D).epsilon(1e-14));
    for (const auto& setting :
         {uniform_volume(2, 1), adaptive_volume(2, 1), uniform_active(2, 1), adaptive_active(2, 1)})
      CHECK(alpha(smooth, setting) == Approx(4.0 / D).epsilon(1e-14));
    CHECK(alpha(smooth, adaptive_active(2, 2)) == Approx(5.0 / D).epsilon(1e-14)); // h = 2.5 < k = 3: rough again
    CHECK(theory::predicted_alpha(smooth, adaptive_active(2, 0))->id == "q*k/d");
    CHECK(theory::predicted_alpha(smooth, uniform_volume(2, 0))->id == "q*k/D");
  }
}

TEST_CASE("Exponents near saturation get no verdict: margin 0.3 in the exponent of s", "[exponents]") {
  // uniform, volume: |q k - zeta_q|
  CHECK(theory::alpha_near_saturation(field(3, 3, 0.86), uniform_volume(2, 0), 1.71 / 3)); // and the measurement too
  CHECK_FALSE(theory::alpha_near_saturation(field(3, 3, 0.86), uniform_volume(2, 0), 1.69 / 3));
  CHECK_FALSE(theory::alpha_near_saturation(field(3, 3, 0.84), uniform_volume(2, 0), 1.71 / 3));
  CHECK(theory::alpha_near_saturation(field(3, 2.2, 0.9), adaptive_active(2, 0), 1.71 / 2.2));
  CHECK_FALSE(theory::alpha_near_saturation(field(3, 2.2, 0.9), adaptive_active(2, 0), 1.69 / 2.2));
  CHECK(theory::zeta_near_saturation(field(3, 2.2, 0.7), 2, 1.71));
  CHECK_FALSE(theory::zeta_near_saturation(field(3, 2.2, 0.7), 2, 1.69));
  CHECK(theory::alpha_near_saturation(field(3, 3, 0.86), uniform_volume(2, 0)));
  CHECK_FALSE(theory::alpha_near_saturation(field(3, 3, 0.84), uniform_volume(2, 0)));
  CHECK(theory::alpha_near_saturation(field(3, 2.2, 0.5), uniform_volume(2, 0)));       // zeta_2 = 1.8
  CHECK_FALSE(theory::alpha_near_saturation(field(3, 2.2, 0.5), uniform_volume(2, 1))); // against 4
  // adaptive, volume: |q k - D zeta_q/d|
  CHECK(theory::alpha_near_saturation(field(3, 2.2, 0.4), adaptive_volume(2, 0)));       // 3 * 1.6/2.2 = 2.18
  CHECK_FALSE(theory::alpha_near_saturation(field(3, 2.2, 0.4), uniform_volume(2, 0)));  // 1.6
  CHECK_FALSE(theory::alpha_near_saturation(field(3, 2.2, 0.7), adaptive_volume(2, 0))); // 3
  // active: q |k - h|
  CHECK(theory::alpha_near_saturation(field(3, 2.2, 0.9), adaptive_active(2, 0)));
  CHECK(theory::alpha_near_saturation(field(3, 2.2, 1.1), uniform_active(2, 0)));
  CHECK_FALSE(theory::alpha_near_saturation(field(3, 2.2, 0.9), uniform_active(4, 0)));
  CHECK_FALSE(theory::alpha_near_saturation(field(3, 2.2, 0.9), adaptive_active(2, 1)));
  CHECK_FALSE(theory::alpha_near_saturation(turbulence(), adaptive_active(2, 0)));
}

TEST_CASE("Every rival formula is put forward in every setting", "[exponents]") {
  const BetaLaw t = turbulence();
  const auto at2 = rivals(t, adaptive_active(2, 1)), at4 = rivals(t, uniform_volume(4, 0));
  const std::map<std::string, double> expected2 = {{"4h/d", 0.3810},     {"2h/d", 0.1905},     {"q*h/d", 0.1905},
                                                   {"q*h/D", 0.1778},    {"4/d", 1.4286},      {"2/d", 0.7143},
                                                   {"zeta_q/D", 0.2444}, {"zeta_q/d", 0.2619}, {"a/D", 4.0 / 3}};
  const std::map<std::string, double> expected4 = {{"4h/d", 0.3810},     {"2h/d", 0.1905},     {"q*h/d", 0.3810},
                                                   {"q*h/D", 0.3556},    {"4/d", 1.4286},      {"2/d", 0.7143},
                                                   {"zeta_q/D", 0.4222}, {"zeta_q/d", 0.4524}, {"a/D", 4.0 / 3}};
  CHECK(at2.size() == expected2.size());
  for (const auto& [id, value] : expected2) {
    CAPTURE(id);
    CHECK(at2.at(id) == Approx(value).margin(5e-5));
    CHECK(at4.at(id) == Approx(expected4.at(id)).margin(5e-5));
  }
  // The smooth branches of the law are among the rivals: at q = 2 by 2/d, 4/d and a/D.
  for (const int degree : {0, 1}) {
    const BetaLaw smooth = field(2, 2, 2.5);
    const auto all = theory::rival_formulas(smooth, adaptive_active(2, degree));
    CHECK(std::any_of(all.begin(), all.end(), [&](const theory::Formula& f) {
      return std::abs(f.value - alpha(smooth, adaptive_active(2, degree))) < 1e-14;
    }));
  }
}

TEST_CASE("A law without d or without h puts forward only what it can", "[exponents]") {
  /// Something of a law: exponents p/3, and a d or an h where asked for.
  class Part final : public theory::Law {
  public:
    Part(std::optional<double> d, std::optional<double> h) : d_(d), h_(h) {}
    int embedding_dimension() const override { return 3; }
    double zeta(double order) const override { return order / 3; }
    std::optional<double> dimension() const override { return d_; }
    std::optional<double> hurst() const override { return h_; }
    std::string formula() const override { return "p/3"; }
    std::string reference() const override { return ""; }

  private:
    std::optional<double> d_, h_;
  };
  const Part nothing({}, {}), only_d(2.5, {}), only_h({}, 0.25);
  const auto ids = [](const theory::Law& law) {
    std::string all;
    for (const auto& [id, value] : rivals(law, adaptive_active(2, 0)))
      all += (std::isfinite(value) ? "" : "!") + id + " ";
    return all;
  };
  CHECK(ids(nothing) == "a/D adaptive(zeta) zeta_q/D ");
  CHECK(ids(only_d) == "2/d 4/d a/D adaptive(zeta) zeta_q/D zeta_q/d ");
  CHECK(ids(only_h) == "a/D q*h/D zeta_q/D ");
  const auto told = [](const theory::Law& law) {
    std::string all;
    for (const auto& s : {uniform_volume(2, 0), adaptive_volume(2, 0), uniform_active(2, 0), adaptive_active(2, 0)}) {
      all += theory::predicted_alpha(law, s) ? theory::predicted_alpha(law, s)->id + " " : "- ";
      CHECK_FALSE(theory::alpha_near_saturation(law, s));
    }
    return all;
  };
  CHECK(told(nothing) == "zeta_q/D adaptive(zeta) (zeta_q - zeta_0)/D - ");
  CHECK(told(only_d) == "zeta_q/D adaptive(zeta) (zeta_q - zeta_0)/D adaptive(zeta - zeta_0) ");
  CHECK(told(only_h) == "zeta_q/D - q*h/D - ");
  CHECK(*nothing.spectrum_slope() == Approx(-5.0 / 3));
}
