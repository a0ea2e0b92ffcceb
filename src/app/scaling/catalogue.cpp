#include "app/scaling/loss_table.hpp"
#include "app/scaling/noisy_samples.hpp"
#include "app/scaling/optimum/study.hpp"
#include "app/scaling/pedestal.hpp"
#include "app/scaling/reference_methods.hpp"
#include "app/scaling/study.hpp"

namespace cascade::app {
namespace {

template <class Made>
std::unique_ptr<Study> make_study() {
  return std::make_unique<Made>();
}

} // namespace

const std::vector<StudyEntry>& studies() {
  static const std::vector<StudyEntry> table{
      {"pedestal", "running exponents over a pedestal and what exponents cost.", make_study<PedestalStudy>},
      {"loss_table", "scaling laws fitted to a table of losses.", make_study<LossTableStudy>},
      {"reference_methods", "numerical methods whose exponents are known.", make_study<ReferenceMethodsStudy>},
      {"noisy_samples", "piecewise constant fits to noisy samples of a field of known h.",
       make_study<NoisySamplesStudy>},
      {"compute_optimal", "what to train next, from a table of training runs.", make_study<ComputeOptimalStudy>}};
  return table;
}

} // namespace cascade::app
