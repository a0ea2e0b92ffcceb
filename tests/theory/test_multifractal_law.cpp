// Laws of multiplicative cascades: closed forms, tables of the literature, linearisation, and equation (29).

#include "theory/exponents.hpp"
#include "theory/multifractal_law.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <vector>

using namespace cascade;
using theory::CascadeModel;
using theory::MultifractalLaw;
using theory::Multipliers;

namespace {

std::map<std::string, Multipliers> five(int D) {
  return {{"p_model", {CascadeModel::p_model, D, 0.7, 0.25, 0.125}},
          {"random_beta", {CascadeModel::random_beta, D, 0.7, 0.25, 0.125}},
          {"ln.25", {CascadeModel::lognormal, D, 0.7, 0.25, 0.125}},
          {"ln.8", {CascadeModel::lognormal, D, 0.7, 0.8, 0.125}},
          {"SL", {CascadeModel::log_poisson, D, 0.7, 0.25, 0.125}}};
}

theory::LossSetting volume(bool adaptive, double q, int degree = 1) {
  return {adaptive, false, degree, q, false};
}

} // namespace

TEST_CASE("Exponents of cascades are those of the literature", "[multifractal_law]") {
  // p = 1, 2, 4, 6, 8, 10; zeta_3 = 1 in all of them. Four digits.
  const std::map<std::string, std::vector<double>> table = {
      {"random_beta", {.4017, .7044, 1.2872, 1.8301, 2.3197, 2.7436}},
      {"p_model", {.3609, .6937, 1.2822, 1.7859, 2.2289, 2.6321}},
      {"ln.25", {.3611, .6944, 1.2778, 1.75, 2.1111, 2.3611}},
      {"SL", {.3640, .6959, 1.2797, 1.7778, 2.2105, 2.5934}}};
  const std::vector<double> orders{1, 2, 4, 6, 8, 10};
  for (const int D : {1, 2, 3})
    for (const auto& [name, m] : five(D)) {
      CAPTURE(name, D);
      CHECK(m.zeta(3) == Approx(1).margin(1e-14)); // whatever the parameter
      CHECK(m.scaling(1) == Approx(0).margin(1e-14));
      CHECK_FALSE(m.degenerate());
      for (const double q : {0.3, 1.0, 2.5, 7.0})
        CHECK(m.slope(q) == Approx((m.scaling(q + 1e-5) - m.scaling(q - 1e-5)) / 2e-5).epsilon(1e-8));
      if (table.contains(name))
        for (std::size_t i = 0; i < orders.size(); ++i)
          CHECK(m.zeta(orders[i]) == Approx(table.at(name)[i]).margin(6e-5));
    }
  // She and Leveque's own form, to twelve digits.
  const Multipliers sl = five(3).at("SL");
  for (const double p : {1.0, 2.0, 5.0, 8.0})
    CHECK(sl.zeta(p) == Approx(p / 9 + 2 * (1 - std::pow(2.0 / 3, p / 3))).epsilon(1e-12));
  CHECK(Multipliers{CascadeModel::lognormal, 1, .7, 2.0, .125}.degenerate());
  CHECK_FALSE(Multipliers{CascadeModel::lognormal, 1, .7, 1.99, .125}.degenerate());
}

TEST_CASE("Log-cumulants, the flux's own dimension, and where one realisation stops to follow", "[multifractal_law]") {
  const std::map<std::string, std::vector<double>> table = {// c1, c2, C1
                                                            {"p_model", {.37526, -.02877, .1187}},
                                                            {"ln.25", {.375, -.02778, .125}},
                                                            {"ln.8", {.46667, -.08889, .4}},
                                                            {"SL", {.38142, -.03653, .1260}}};
  for (const auto& [name, m] : five(2)) {
    const MultifractalLaw law(m, false);
    if (!table.contains(name)) {
      CHECK_FALSE(law.log_cumulant(1)); // cells that are dead have no logarithm
      continue;
    }
    CHECK(*law.log_cumulant(1) == Approx(table.at(name)[0]).margin(6e-6));
    CHECK(*law.log_cumulant(2) == Approx(table.at(name)[1]).margin(6e-6));
    constexpr double e = 0.02; // third difference of zeta at 0
    const double third = (law.zeta(2 * e) - 2 * law.zeta(e) + 2 * law.zeta(-e) - law.zeta(-2 * e)) / (2 * e * e * e);
    CHECK(*law.log_cumulant(3) == Approx(third).margin(1e-6));
    CHECK(m.slope(1) == Approx(table.at(name)[2]).margin(6e-5));
    const theory::FluxLaw flux(m, 0.4);
    CHECK(*flux.log_cumulant(1) == Approx((flux.zeta(1e-4) - flux.zeta(-1e-4)) / 2e-4).margin(1e-7));
    CHECK(*flux.log_cumulant(2) == Approx((flux.zeta(1e-3) + flux.zeta(-1e-3)) / 1e-6).margin(1e-5));
    CHECK(*flux.log_cumulant(3) == Approx(27 * third).margin(3e-5));
  }
  struct End {
    const char* model;
    int D;
    double order, roughness;
  };
  const double none = std::numeric_limits<double>::infinity();
  for (const End& e : {End{"p_model", 1, none, .1715}, End{"random_beta", 1, 10.97, .1753},
                       End{"random_beta", 2, 15.19, .0984}, End{"random_beta", 3, 19.96, .0407},
                       End{"ln.25", 1, 8.49, .1393}, End{"ln.25", 2, 12, .0417}, End{"ln.25", 3, 14.70, -.0332},
                       End{"ln.8", 1, 4.74, .0450}, End{"ln.8", 2, 6.71, -.1296}, End{"ln.8", 3, 8.22, -.2636},
                       End{"SL", 1, 12.42, .1616}, End{"SL", 2, none, .1111}, End{"SL", 3, none, .1111}}) {
    CAPTURE(e.model, e.D);
    const auto found = theory::linearisation(five(e.D).at(e.model));
    if (std::isinf(e.order))
      CHECK(std::isinf(found.order));
    else
      CHECK(found.order == Approx(e.order).margin(.006));
    CHECK(found.roughness == Approx(e.roughness).margin(6e-5));
  }
  CHECK(theory::measure_linearisation(five(2).at("ln.25")) == Approx(4)); // sqrt(2 D/mu)
  CHECK(five(2).at("random_beta").support() == Approx(2 - .0931).margin(5e-5));
}

TEST_CASE("Generalised dimensions of the binomial measure", "[multifractal_law]") {
  const std::vector<double> q{-5, -2, .5, 2, 3, 5, 10};
  const std::map<double, std::vector<double>> table = {
      {.7, {1.450923, 1.239067, .938485, .785875, .717201, .638039, .571714}},
      {.75, {1.667654, 1.384001, .899969, .678072, .596323, .517316, .461150}}};
  for (const auto& [a, values] : table) {
    const Multipliers m{CascadeModel::binomial, 1, a, .25, .125};
    for (std::size_t i = 0; i < q.size(); ++i) {
      CHECK(m.generalised_dimension(q[i]) == Approx(values[i]).margin(6e-7));
      CHECK(m.tau(q[i]) == Approx(-std::log2(std::pow(a, q[i]) + std::pow(1 - a, q[i]))).margin(1e-12));
    }
    CHECK(m.generalised_dimension(1) == Approx(-a * std::log2(a) - (1 - a) * std::log2(1 - a)).margin(1e-12));
  }
  const MultifractalLaw density(five(1).at("random_beta"), true);
  CHECK(std::isinf(*density.mass_exponent(-1))); // dead cells
  CHECK(std::isnan(density.zeta(2)));
}

TEST_CASE("Uniform and error-driven exponents differ as equation (29) says", "[multifractal_law]") {
  struct Row {
    double q;
    int D;
    const char* model;
    double uniform, adaptive;
  };
  for (const Row& r : std::vector<Row>{{2, 1, "p_model", .6937, .7172},     {2, 2, "p_model", .3469, .3542},
                                       {2, 3, "p_model", .2312, .2348},     {4, 1, "p_model", 1.2822, 1.4062},
                                       {4, 2, "p_model", .6411, .6834},     {4, 3, "p_model", .4274, .4487},
                                       {2, 1, "random_beta", .7044, .7824}, {2, 2, "random_beta", .3522, .3711},
                                       {2, 3, "random_beta", .2348, .2431}, {4, 1, "random_beta", 1.2872, 1.4557},
                                       {4, 2, "random_beta", .6436, .6874}, {4, 3, "random_beta", .4291, .4492},
                                       {2, 1, "ln.25", .6944, .7177},       {2, 2, "ln.25", .3472, .3545},
                                       {2, 3, "ln.25", .2315, .2350},       {4, 1, "ln.25", 1.2778, 1.4077},
                                       {4, 2, "ln.25", .6389, .6840},       {4, 3, "ln.25", .4259, .4489},
                                       {2, 1, "ln.8", .7556, .8365},        {2, 2, "ln.8", .3778, .4033},
                                       {2, 3, "ln.8", .2519, .2642},        {4, 1, "ln.8", 1.1556, 1.5924},
                                       {4, 2, "ln.8", .5778, .7275},        {4, 3, "ln.8", .3852, .4599},
                                       {2, 1, "SL", .6959, .7226},          {2, 2, "SL", .3480, .3562},
                                       {2, 3, "SL", .2320, .2359},          {4, 1, "SL", 1.2797, 1.4131},
                                       {4, 2, "SL", .6398, .6847},          {4, 3, "SL", .4266, .4490}}) {
    CAPTURE(r.model, r.q, r.D);
    const MultifractalLaw law(five(r.D).at(r.model), false);
    CHECK(theory::predicted_alpha(law, volume(false, r.q))->value == Approx(r.uniform).margin(6e-5));
    CHECK(theory::predicted_alpha(law, volume(false, r.q))->id == "zeta_q/D");
    const auto adaptive = theory::predicted_alpha(law, volume(true, r.q));
    CHECK(adaptive->value == Approx(r.adaptive).margin(6e-5));
    CHECK(adaptive->id == "adaptive(zeta)");
    CHECK_FALSE(theory::alpha_near_saturation(law, volume(true, r.q)));
    bool among_rivals = false;
    for (const auto& formula : theory::rival_formulas(law, volume(true, r.q)))
      among_rivals = among_rivals || (formula.id == "adaptive(zeta)" && formula.value == adaptive->value);
    CHECK(among_rivals);
  }
  // One roughness on one set: (29) is (25), and smooth pieces take over where they must.
  for (const int degree : {0, 1})
    for (const double q : {1.0, 2.0, 4.0}) {
      class Plain final : public theory::Law { // the beta model's zeta, without telling d or h
      public:
        int embedding_dimension() const override { return 3; }
        double zeta(double order) const override { return order * .9 + .6; }
        std::string formula() const override { return ""; }
        std::string reference() const override { return ""; }
      } law;
      const double k = degree + 1;
      CHECK(*theory::adaptive_alpha(law, q, degree + 1) ==
            Approx(std::min((q * .9 + .6) / 2.4, q * k / 3)).epsilon(1e-12));
    }
}

TEST_CASE("Beyond q_*, of either sign, laws are the tangent that one realisation shows", "[multifractal_law]") {
  // tau = D (q - 1) - mu (q^2 - q)/2 touches lines through the origin at q = sqrt(2 D/mu) and minus that.
  for (const int D : {1, 2, 3}) {
    const Multipliers m{CascadeModel::lognormal, D, .7, .8, .125};
    const double star = std::sqrt(2 * D / .8);
    CHECK(theory::negative_linearisation(m) == Approx(-star).epsilon(1e-9));
    const MultifractalLaw density(m, true);
    for (const double q : {-6.0, -0.5 * star, 0.5 * star, 6.0}) {
      const auto shown = theory::shown_mass_exponent(density, q);
      REQUIRE(shown);
      CHECK(shown->linear == (std::abs(q) > star));
      const double slope = D + .4 - .8 * std::copysign(star, q); // tau' there
      CHECK(shown->value == Approx(shown->linear ? slope * q : m.tau(q)).epsilon(1e-8));
    }
    CHECK_FALSE(MultifractalLaw(m, false).linear_below()); // of eddies there are no negative orders
  }
  // No root: two factors have cells without number at both ends. Dead cells: no q < 0. She and Leveque: none at large
  // q.
  for (const double a : {.501, .7, .999})
    CHECK(std::isinf(theory::negative_linearisation({CascadeModel::p_model, 2, a, .25, .125})));
  CHECK(std::isinf(theory::negative_linearisation(five(1).at("random_beta"))));
  const Multipliers sl = five(2).at("SL");
  const double below = theory::negative_linearisation(sl);
  CHECK(std::isinf(theory::measure_linearisation(sl)));
  CHECK(sl.dimensions + sl.scaling(below) - below * sl.slope(below) == Approx(0).margin(1e-8));

  // Uniform pieces of q > q_* show D + h_min q, where there are no moments too; refined ones hang on t q < q_*.
  const MultifractalLaw eddies({CascadeModel::lognormal, 1, .7, 1.9, .125}, false);
  const auto end = theory::linearisation(eddies.multipliers());
  for (const double q : {6.0, 8.0}) { // zeta_6 = .1, zeta_8 = -1.55
    const auto alpha = theory::predicted_alpha(eddies, volume(false, q));
    REQUIRE(alpha);
    CHECK(alpha->value == Approx(1 + end.roughness * q).epsilon(1e-8));
    CHECK(alpha->id == "zeta_q/D, linearised beyond q_*");
  }
  CHECK(theory::predicted_alpha(eddies, volume(false, 2))->id == "zeta_q/D");
  CHECK(theory::predicted_alpha(eddies, volume(true, 6))->value == Approx(2.9341).margin(5e-5));
  CHECK_FALSE(theory::predicted_alpha(eddies, volume(true, 8)));
}

TEST_CASE("The law of an active set is among its rivals", "[multifractal_law]") {
  const MultifractalLaw law(five(2).at("random_beta"), false), alive(five(2).at("SL"), false);
  for (const bool adaptive : {false, true}) {
    const theory::LossSetting active{adaptive, true, 0, 2, false};
    const auto own = theory::predicted_alpha(law, active);
    const auto rivals = theory::rival_formulas(law, active);
    CHECK(std::count_if(rivals.begin(), rivals.end(),
                        [&](const theory::Formula& f) { return f.id == own->id && f.value == own->value; }) == 1);
    CHECK(theory::rival_formulas(alive, active).size() == theory::rival_formulas(alive, volume(adaptive, 2, 0)).size());
  }
}
