#include "app/verdict/one_roughness.hpp"

#include "analysis/fit/exponent.hpp"
#include "analysis/fit/no_fit.hpp"
#include "app/verdict/answering.hpp"
#include "app/verdict/judging.hpp"
#include "core/talk/numbers.hpp"
#include "theory/verdict.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <vector>

namespace cascade::app {
namespace {

/// h and d alone.
std::array<double, 2> pair_of_alphas(int dimensions, bool adaptive, double q1, double alpha1, double q2,
                                     double alpha2) {
  const double D = dimensions, slope = (alpha2 - alpha1) / (q2 - q1), at_zero = alpha1 - q1 * slope;
  if (!adaptive) // D alpha = q h + D - d
    return {D * slope, D - D * at_zero};
  const double d = D / (1 + at_zero); // alpha = q h/d + D/d - 1
  return {d * slope, d};
}

/// Orders that a model of one parameter takes (theory::compare_intermittency), zeta_3 = 1 aside.
constexpr std::size_t fewest_of_model = 4;

using ByPower = std::map<double, const analysis::Result*>;

/// `few`: those too that few trees or draws decide.
ByPower volume_alphas(const Report& report, const std::string& partition, double degree, bool few) {
  ByPower found;
  for (const Judged& j : report.results) {
    const analysis::Labels& l = j.result.labels;
    if (!is_loss_exponent(j.result) || !may_decide(j.result) || (j.few && !few) || l.text("partition") != partition ||
        l.text("average") != "volume" || l.number("degree") != degree)
      continue;
    const analysis::Result*& kept = found[*l.number("loss_power")];
    if (kept == nullptr || j.result.measured.standard_error < kept->measured.standard_error)
      kept = &j.result;
  }
  return found;
}

} // namespace

ApparentPair apparent_pair(int dimensions, bool adaptive, double q1, double alpha1, double error1, double q2,
                           double alpha2, double error2) {
  const auto at = [&](double a, double b) { return pair_of_alphas(dimensions, adaptive, q1, a, q2, b); };
  const auto centre = at(alpha1, alpha2), first = at(alpha1 + error1, alpha2), second = at(alpha1, alpha2 + error2);
  return {centre[0], centre[1], std::hypot(first[0] - centre[0], second[0] - centre[0]),
          std::hypot(first[1] - centre[1], second[1] - centre[1])};
}

std::string one_roughness(const Report& report) {
  const int D = report.theory.embedding_dimension;
  for (const double degree : {0.0, 1.0, 2.0}) {
    const ByPower adaptive = volume_alphas(report, "adaptive", degree, true);
    ByPower uniform;
    std::vector<double> powers;
    bool few = false;
    for (const bool all : {false, true})
      if (powers.size() < 2) {
        few = all;
        uniform = volume_alphas(report, "uniform", degree, all);
        powers.clear();
        for (const auto& [q, result] : uniform)
          if (adaptive.contains(q))
            powers.push_back(q);
      }
    if (powers.size() < 2)
      continue;
    struct Two {
      double q1 = 0, q2 = 0, z = -1;
      ApparentPair uniform, adaptive;
    };
    Two most; // the two loss powers that tell most
    for (std::size_t i = 0; i < powers.size(); ++i)
      for (std::size_t k = i + 1; k < powers.size(); ++k) {
        const auto pair = [&](const ByPower& alphas, bool of_adaptive) {
          const analysis::Measured &a = alphas.at(powers[i])->measured, &b = alphas.at(powers[k])->measured;
          return apparent_pair(D, of_adaptive, powers[i], a.value, a.standard_error, powers[k], b.value,
                               b.standard_error);
        };
        Two two{powers[i], powers[k], 0, pair(uniform, false), pair(adaptive, true)};
        const ApparentPair &u = two.uniform, &a = two.adaptive;
        two.z = std::max(std::abs(u.hurst - a.hurst) / std::hypot(u.hurst_error, a.hurst_error),
                         std::abs(u.dimension - a.dimension) / std::hypot(u.dimension_error, a.dimension_error));
        if (two.z > most.z)
          most = two;
      }
    const double z = most.z;
    const std::string verdict =
        z > theory::rejected_above
            ? fmt::format("No one h on one set of dimension d describes it ({:.0f} standard errors)",
                          std::min(z, 999.0))
            : fmt::format(
                  "These partitions alone do not exclude one h on one set of dimension d ({:.1f} standard errors)", z);
    const auto text = [](const ApparentPair& p) {
      return fmt::format("h = {}, d = {}", core::with_error_text(p.hurst, p.hurst_error),
                         core::with_error_text(p.dimension, p.dimension_error));
    };
    return fmt::format("{}: at q = {:g} and {:g} the uniform partitions would mean {}, the adaptive ones {}{}.",
                       verdict, most.q1, most.q2, text(most.uniform), text(most.adaptive),
                       few ? "; few trees or draws decide one of the uniform ones, whose error says too little" : "");
  }
  return "";
}

std::vector<RelativeExponent> relative_exponents(const Report& report) {
  std::map<std::pair<std::string, std::string>, const analysis::Result*> third; // by method and average
  const auto usable = [](const analysis::Result& r) {
    return r.quantity.starts_with("zeta") && r.order && r.exponent && may_decide(r) &&
           r.labels.text("component") != "transverse";
  };
  for (const Judged& j : report.results)
    if (usable(j.result) && *j.result.order == 3)
      third[{j.result.method, j.result.quantity}] = &j.result;
  std::vector<RelativeExponent> list;
  for (const Judged& j : report.results) {
    const analysis::Result& r = j.result;
    if (!usable(r) || !third.contains({r.method, r.quantity}) || *r.order == 3)
      continue;
    const analysis::ExponentFit &own = *r.exponent, &three = *third.at({r.method, r.quantity})->exponent;
    if (own.replicates.size() != three.replicates.size() || own.replicates.size() < 2 || !(three.exponent > 0))
      continue;
    try {
      const analysis::ExponentFit ratio = analysis::ratio_of_exponents(own, three);
      list.push_back({*r.order, r.quantity, r.method, {ratio.exponent, ratio.standard_error, {}}});
    } catch (const analysis::NoFit&) { // too few octaves: nothing is said
      continue;
    }
  }
  return list;
}

ZetaPoints zeta_points(const Report& report) {
  std::map<std::string, std::vector<theory::ZetaPoint>> by_method;
  bool few = false;
  const auto enough = [&] {
    return std::any_of(by_method.begin(), by_method.end(), [](const auto& m) {
      return static_cast<std::size_t>(std::count_if(m.second.begin(), m.second.end(), [](const theory::ZetaPoint& p) {
               return p.error > 0;
             })) >= fewest_of_model;
    });
  };
  for (const bool all : {false, true}) { // those that few trees decide only where there are not enough others
    if (enough())
      break;
    by_method.clear();
    few = false;
    for (const Judged& j : report.results) {
      const analysis::Result& r = j.result;
      constexpr double highest = 8;
      if (r.quantity == "zeta" && r.order && *r.order <= highest && may_decide(r) && (all || !j.few) &&
          r.labels.text("component") != "transverse") {
        by_method[r.method].push_back({*r.order, r.measured.value, r.measured.standard_error});
        few = few || j.few;
      }
    }
  }
  const auto error_of = [](const std::vector<theory::ZetaPoint>& points) {
    double sum = 0;
    for (const theory::ZetaPoint& p : points)
      sum += p.error / p.order;
    return sum;
  };
  const auto most = std::max_element(by_method.begin(), by_method.end(), [&](const auto& a, const auto& b) {
    return a.second.size() != b.second.size() ? a.second.size() < b.second.size()
                                              : error_of(a.second) > error_of(b.second);
  });
  ZetaPoints found;
  found.few = few;
  if (most == by_method.end())
    return found;
  found.points = most->second;
  std::sort(found.points.begin(), found.points.end(),
            [](const theory::ZetaPoint& a, const theory::ZetaPoint& b) { return a.order < b.order; });
  const auto third =
      std::find_if(found.points.begin(), found.points.end(), [](const theory::ZetaPoint& p) { return p.order == 3; });
  if (third == found.points.end())
    return found;
  const theory::ZetaPoint three = *third;
  found.third = three.value;
  constexpr double close = 0.02;
  found.relative = three.value > 0 && std::abs(three.value - 1) > std::max(close, 2 * three.error);
  if (found.relative) {
    found.points.erase(third);
    for (theory::ZetaPoint& p : found.points)
      p = {p.order, p.value / three.value, std::hypot(p.error, p.value / three.value * three.error) / three.value};
    // Both share the blocks of their errors: the ratio is known better where they were kept.
    for (const RelativeExponent& relative : relative_exponents(report))
      for (theory::ZetaPoint& p : found.points)
        if (p.order == relative.order && relative.quantity == "zeta" && relative.method == most->first)
          p.error = relative.ratio.standard_error;
  }
  return found;
}

std::string intermittency_text(const Report& report) {
  const ZetaPoints zeta = zeta_points(report);
  const auto fits = theory::compare_intermittency(zeta.points);
  std::string text;
  for (const theory::IntermittencyFit& f : fits)
    text +=
        fmt::format("{}{}{} {:.1f}", text.empty() ? "" : ", ", f.model,
                    f.parameter.empty() ? "" : fmt::format(" ({} = {})", f.parameter, core::number_text(f.value, 3)),
                    f.chi_squared);
  return text.empty() ? ""
                      : fmt::format("Models of intermittency by chi^2 of {} orders{}, taken as independent, the "
                                    "smallest AIC first: {}.",
                                    zeta.points.size(),
                                    zeta.relative ? fmt::format(" (zeta_p/zeta_3, as zeta_3 = {} is not 1)",
                                                                core::number_text(zeta.third, 3))
                                                  : "",
                                    text) +
                            (zeta.few ? " Few trees or draws decide some of these orders: their errors, and with them "
                                        "chi^2, say too little."
                                      : "");
}

} // namespace cascade::app
