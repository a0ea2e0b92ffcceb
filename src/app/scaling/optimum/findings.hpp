#pragma once
// Everything that study compute_optimal finds out, as values.

#include "analysis/losses/law_tests.hpp"
#include "analysis/losses/loss_answer.hpp"
#include "analysis/losses/loss_outlook.hpp"
#include "analysis/losses/number_interval.hpp"
#include "analysis/scaling/frontier.hpp"
#include "analysis/scaling/isoflop.hpp"
#include "analysis/scaling/laws/law_fit.hpp"
#include "analysis/scaling/resampled_laws.hpp"
#include "analysis/scaling/starts.hpp"
#include "app/scaling/optimum/gpu.hpp"
#include "app/scaling/optimum/study.hpp"

#include <optional>
#include <string>
#include <vector>

namespace cascade::app {

/// The rows that are answered for.
struct ChosenRows {
  analysis::RunTable rows;
  analysis::RunTable kept;           ///< of the groups that are answered for, rows that repeat their data too
  std::vector<std::string> left_out; ///< "60 rows of other groups (c4, rpj): keep = ..."
  bool two = false;                  ///< size and tokens; otherwise one resource
  double one_ratio = 0;              ///< D/N where all rows have one, which leaves C for a resource; otherwise 0
  double flop_ratio = 1;             ///< C/(6 N D) of those rows
  analysis::LossModel model = analysis::LossModel::pedestal;
};
/// Throws core::Error(bad_input) where the group is not there or the rows are too few for the law.
ChosenRows choose_rows(const ComputeOptimalStudy& s);
/// Refuses `hold` of laws that are not fitted to these rows, and of numbers that they lack or that cannot be held.
void require_held(const ComputeOptimalStudy& study, const ChosenRows& chosen);

/// Weights of the rows, of the main law and of those beside it: 1/sd^2 in the unit of the objective (L or log L) over
/// its median; rows without an sd have 1. Empty without a column of sd.
std::vector<double> row_weights(const analysis::RunTable& rows, analysis::Objective objective);

/// Standard deviation of log D/N.
double ratio_spread(const analysis::RunTable& rows);

/// A number with 95% intervals: of resampled tables, and the quoted one, of the profile of the objective, wider where
/// the law does not describe the table. `region`: laws at the ends of the quoted one.
struct Banded {
  double value = 0;
  analysis::Interval resampled{}, quoted{};
  std::vector<analysis::LossParameters> region;
};

/// One target. What is not asked of it is NaN.
struct TargetAnswer {
  Target target;
  double compute = 0;
  Banded params, tokens, ratio, loss; ///< `loss`: of the mean
  analysis::Interval one_run{};       ///< of the loss of one new run
  double beyond = 0;                  ///< compute over the largest of the table
  bool exists = false;                ///< inside the table: a prediction; beyond it: a projection
  ComputeCost cost;
};

/// The law fitted to rows of compute up to `compute`, and what it says of the others.
struct RollOutCut {
  double compute = 0;
  std::size_t fitted = 0, held = 0;
  analysis::LossFit fit;
  double mean = 0, rms = 0, largest = 0; ///< of log(L/prediction) over the rows held out
};

struct SensitivityRow {
  std::string objective;
  int dropped = 0;
  bool converged = false;
  analysis::LossParameters law;
  analysis::BestUse use; ///< at the first target's compute
};

/// A law fitted without the rows of largest compute, and how far it misses them.
struct LawCut {
  double share = 0; ///< held out, of the rows
  std::size_t held = 0;
  double mean = 0, rms = 0; ///< of log(L/prediction)
};

/// A law beside the main one.
struct LawFinding {
  std::string name, of; ///< `of`: the rows, "the envelope", ""
  std::string why_not;  ///< not fitted; the rest is empty then
  analysis::LawFit fit;
  std::vector<analysis::LawEstimate> estimates; ///< empty for the laws of the main answer, if nothing is held in them
  std::vector<LawCut> cuts;                     ///< those that could be tried
  bool comparable = false;                      ///< same rows, same response as the main law: criteria may be compared
};

struct Findings {
  ChosenRows chosen;
  analysis::LossTable points;
  analysis::LossAnswer answer;
  std::optional<analysis::LawTest> tied;
  analysis::Outlook outlook;
  analysis::ResampledLaws resampled;
  std::optional<analysis::NumberIntervals> intervals;
  double widening = 1;           ///< of intervals, where the law does not describe the table
  std::vector<double> residuals; ///< log(L/law)
  analysis::IsoFlop iso;
  bool iso_design = false;
  std::optional<analysis::ParabolaBias> bias;
  std::optional<analysis::Envelope> envelope;
  std::optional<analysis::LossFit> envelope_loss; ///< E + A C^-g on the envelope
  double largest_compute = 0;
  std::vector<TargetAnswer> targets;
  Banded a, g; ///< N ~ C^a, L - E ~ C^-g
  std::vector<RollOutCut> roll_out;
  std::vector<SensitivityRow> sensitivity;
  analysis::StartEnds starts;
  std::vector<LawFinding> laws;
  analysis::RepeatedRuns seeds;

  const analysis::LossParameters& law() const { return answer.fit.parameters; }
  /// A number above zero that follows from the law, at most `highest`.
  Banded banded(double value, const analysis::LossNumber& number,
                double highest = std::numeric_limits<double>::infinity()) const;
  /// 95% interval of the loss of one new run, from that of the mean.
  analysis::Interval new_run(const Banded& mean) const;
};

/// The laws that suit the table, or those asked for. Local, deterministic.
std::vector<LawFinding> find_laws(const ComputeOptimalStudy& s, const Findings& f);

/// The main law under other objectives, without the highest losses, and with N counted otherwise.
void find_choices(const ComputeOptimalStudy& s, double compute, Findings& f);

/// Collective; the same on every rank.
Findings find_optimum(const ComputeOptimalStudy& s, const StudyRun& run);

} // namespace cascade::app
