#include "app/verdict/many_roughnesses.hpp"

#include "app/verdict/judging.hpp"
#include "core/talk/numbers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>
#include <utility>

namespace cascade::app {
namespace {

constexpr double clear_of_chance = 3; // standard errors

/// Blind zeta_p of a scalar or of longitudinal increments that decide, by order.
std::map<double, analysis::Measured> blind_exponents(const Report& report) {
  std::map<double, analysis::Measured> zeta;
  for (const Judged& j : report.results) {
    const analysis::Result& r = j.result;
    if (r.quantity != "zeta" || !r.order || r.labels.text("component") == "transverse")
      continue;
    const auto blind = r.answers.find(analysis::Way::blind);
    if (blind != r.answers.end() && blind->second.decisive() && blind->second.has_value())
      zeta.emplace(*r.order, blind->second.measured);
  }
  return zeta;
}

} // namespace

Bend bend_of(const Report& report) {
  constexpr double lowest = 3, highest = 8;
  constexpr double roundoff = 1e-6; // errors that are those of zeta_2, as with a flatness that does not change
  const std::map<double, analysis::Measured> zeta = blind_exponents(report);
  Bend bend;
  if (!zeta.contains(1) || !zeta.contains(2))
    return bend;
  const analysis::Measured& second = zeta.at(2);
  const auto codimension = [&second](double p, const analysis::Measured& m) {
    const double share = p / 2, own = m.standard_error * m.standard_error -
                                      share * share * second.standard_error * second.standard_error;
    return std::pair((m.value - share * second.value) / (1 - share),
                     std::sqrt(std::max(own, 0.0)) / std::abs(1 - share));
  };
  std::tie(bend.first, bend.first_error) = codimension(1, zeta.at(1));
  for (const auto& [p, m] : zeta) {
    if (p < lowest || p > highest)
      continue;
    if (const auto [c, error] = codimension(p, m); error > roundoff) {
      bend.order = p;
      bend.last = c;
      bend.last_error = error;
      bend.errors = (c - bend.first) / std::hypot(error, bend.first_error);
    }
  }
  return bend;
}

std::string many_roughnesses(const Report& report) {
  std::string why;
  if (const Bend b = bend_of(report); b.errors > clear_of_chance && b.last > clear_of_chance * b.last_error)
    why = fmt::format("zeta_p is no straight line: D - d would be {} by p = 1 and 2, {} by 2 and {:g}, {:.1f} errors "
                      "apart",
                      core::with_error_text(b.first, b.first_error), core::with_error_text(b.last, b.last_error),
                      b.order, b.errors);
  for (const Judged& j : report.results) {
    const analysis::Measured& m = j.result.measured;
    if (j.result.quantity == "c2" && may_decide(j.result) && m.value < -clear_of_chance * m.standard_error)
      why += fmt::format("{}c_2 = {} of leaders is not 0", why.empty() ? "" : "; ",
                         core::with_error_text(m.value, m.standard_error));
  }
  return why.empty() ? "" : fmt::format("No one h describes it ({}), the one here is that of mean squares: ", why);
}

} // namespace cascade::app
