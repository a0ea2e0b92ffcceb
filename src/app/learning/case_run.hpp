#pragma once
// One case of a learning task: what is measured on its data, and what learners make of them.

#include "analysis/learners/loss_parts.hpp"
#include "analysis/losses/loss_answer.hpp"
#include "analysis/measurement/result.hpp"
#include "app/learning/cloud_source.hpp"
#include "app/report/report.hpp"
#include "core/talk/progress.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace cascade::app {

/// What the parts of a case work with.
struct CaseRun {
  const LearningConfig& config;
  const LearningCase& which;
  const CloudSource& source;
  const core::Communicator& ranks;
  core::Progress& progress;

  /// "case/rest", or "rest" where there is one case only.
  std::string id(const std::string& rest) const { return which.name.empty() ? rest : which.name + "/" + rest; }
  std::string where() const { return which.name.empty() ? "" : which.name + ": "; }
};

/// E + A/N^alpha + B/n^beta on losses at many (N, n).
struct JointFit {
  analysis::LossTable table;
  std::optional<analysis::LossAnswer> answer;
  std::string no_answer; ///< why there is none
};

/// A learning curve with its exponent, where it has one.
struct LearnedCurve {
  std::unique_ptr<analysis::Learner> learner;
  std::vector<double> x;                                  ///< n or N
  std::vector<std::vector<analysis::LearnerLoss>> losses; ///< [repeat][size]
  std::optional<analysis::Result> alpha;
  std::string no_alpha;                            ///< why there is none
  std::vector<analysis::LossParts> parts;          ///< of each size, where asked for
  std::vector<analysis::AveragedLoss> averaged;    ///< of the largest size
  std::vector<analysis::LearnerLoss> joint_losses; ///< at many (N, n), all repeats, where asked for
  std::optional<JointFit> joint;
  double seconds = 0;
};

/// Everything measured; nothing is judged yet.
struct CaseOutcome {
  std::vector<analysis::Result> dimensions;
  std::optional<analysis::Measured> dimension; ///< the estimate that is judged with
  std::vector<analysis::Result> roughness;
  std::optional<analysis::Measured> hurst;
  std::vector<LearnedCurve> curves;
  double target_variance = 0; ///< over the test points; where losses are taken apart
  std::vector<std::string> warnings;
  std::array<double, 3> local_dimension{}; ///< quantiles
  std::vector<std::array<double, 3>> bias; ///< {d, TwoNN, MLE} on spheres; empty: not asked for
};

/// Sizes of a learner's curve, smallest first: those asked for, or its own, as far as there are data for them.
std::vector<std::int64_t> learner_sizes(const analysis::LearnerOptions& options, const analysis::Learner& learner,
                                        const CloudSource& source);

/// All collective; the same on every rank. `spheres`: where the input asks for what is read on them.
void measure_dimension(const CaseRun& run, const core::PointCloud& cloud, bool spheres, CaseOutcome& outcome);
void measure_roughness(const CaseRun& run, const core::PointCloud& cloud, CaseOutcome& outcome);
void learn_curves(const CaseRun& run, CaseOutcome& outcome);
/// E + A/N^alpha + B/n^beta of every curve that asked for it. Local.
void fit_joint_laws(const CaseRun& run, CaseOutcome& outcome);

/// Tables and figures of bias, variance and floor, of averages, of the noise at which learning starts, and of joint
/// laws. Local.
void show_parts(const std::vector<CaseRun>& runs, const std::vector<CaseOutcome>& outcomes, Page& page);
/// What the next halving costs: of the learners here, and of published laws. Local.
void show_costs(const std::vector<CaseRun>& runs, const std::vector<CaseOutcome>& outcomes, Page& page);
/// Whether a learning curve may be level, its exponent being less than two errors above zero: then an error that
/// reaches both 0 and a formula's value speaks for neither, and the formula is undecided. Local.
bool may_be_level(const analysis::Result& alpha);
/// Measured and judged: results, hypotheses. Local.
void judge_case(const CaseRun& run, const CaseOutcome& outcome, Report& report);
/// Tables, figures and sentences of all cases. Local.
void show_cases(const LearningConfig& config, const std::vector<CaseRun>& runs,
                const std::vector<CaseOutcome>& outcomes, Report& report);

} // namespace cascade::app
