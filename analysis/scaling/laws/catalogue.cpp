#include "analysis/scaling/laws/broken.hpp"
#include "analysis/scaling/laws/error.hpp"
#include "analysis/scaling/laws/experts.hpp"
#include "analysis/scaling/laws/kaplan.hpp"
#include "analysis/scaling/laws/one_resource.hpp"
#include "analysis/scaling/laws/repeated.hpp"
#include "analysis/scaling/laws/two_resources.hpp"

#include <algorithm>
#include <stdexcept>

namespace cascade::analysis {
namespace {

template <class Law, auto... parameters>
std::unique_ptr<ScalingLaw> make_law() {
  return std::make_unique<Law>(parameters...);
}

} // namespace

const std::vector<ScalingLawEntry>& scaling_laws() {
  using Share = TwoResourcesLaw::Share;
  static const std::vector<ScalingLawEntry> table{
      {"power", "A/x^alpha", "Hestness et al. 2017", make_law<OneResourceLaw, false, false>},
      {"pedestal", "E + A/x^alpha", "Henighan et al. 2020", make_law<OneResourceLaw, true, false>},
      {"compute", "E + A/C^g", "Henighan et al. 2020", make_law<OneResourceLaw, true, true>},
      {"two_variables", "E + A/N^alpha + B/D^beta", "Hoffmann et al. 2022", make_law<TwoResourcesLaw, false>},
      {"tied", "E + A/N^alpha + B/D^alpha", "Gadre et al. 2024", make_law<TwoResourcesLaw, true>},
      {"kaplan", "((Nc/N)^(aN/aD) + Dc/D)^aD", "Kaplan et al. 2020", make_law<KaplanLaw>},
      {"repeated", "E + A/N'^alpha + B/D'^alpha", "Muennighoff et al. 2023", make_law<RepeatedLaw>},
      {"groups_e", "E_g + A/N^alpha + B/D^beta, or E_g + A/x^alpha", "shared exponents",
       make_law<TwoResourcesLaw, false, Share::all_but_e>},
      {"groups_eab", "E_g + A_g/N^alpha + B_g/D^beta, or E_g + A_g/x^alpha", "shared exponents",
       make_law<TwoResourcesLaw, false, Share::all_but_exponents>},
      {"broken", "E + B x^-c0 (1 + (x/d1)^(1/f1))^(-c1 f1)", "Caballero et al. 2022", make_law<BrokenLaw>},
      {"experts", "log10 L = a log N + b log E' + c log N log E' + d", "Clark et al. 2022", make_law<ExpertsLaw, true>},
      {"experts_bilinear", "log10 L = a log N + b log E + c log N log E + d", "Clark et al. 2022",
       make_law<ExpertsLaw, false>},
      {"error", "eps - k exp(-gamma L)", "Gadre et al. 2024", make_law<ErrorLaw, false>},
      {"error_groups", "eps_g - k exp(-gamma L)", "Gadre et al. 2024", make_law<ErrorLaw, false, true>},
      {"error_sigmoid", "low + (eps - low)/(1 + exp(-k (L - L0)))", "Bhagia et al. 2024", make_law<ErrorLaw, true>}};
  return table;
}

const ScalingLawEntry& scaling_law_of(const std::string& name) {
  const auto at = std::find_if(scaling_laws().begin(), scaling_laws().end(),
                               [&](const ScalingLawEntry& e) { return e.name == name; });
  if (at == scaling_laws().end())
    throw std::out_of_range("no law " + name);
  return *at;
}

} // namespace cascade::analysis
