#pragma once
// What the parts of study noisy_samples share: the fields, the losses measured on them, means with errors.

#include "analysis/reference_methods/noisy_samples.hpp"
#include "analysis/sums/block_table.hpp"
#include "app/report/report.hpp"
#include "app/scaling/noisy_samples.hpp"
#include "core/grid/domain.hpp"
#include "solvers/generator.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace cascade::app {

/// first, 2 first, 4 first, ... up to `last`.
std::vector<std::int64_t> doublings(std::int64_t first, std::int64_t last);

/// Fields on the unit interval, of variance 1; field `which` is the same on any rank. Local.
class NoisyFields {
public:
  NoisyFields(const NoisySamplesStudy& study, std::uint64_t seed);
  std::vector<double> make(std::int64_t which) const;
  /// What make() takes. Local.
  core::MemoryParts memory() const;

private:
  std::int64_t points_;
  core::Communicator self_;
  core::Decomposition decomposition_;
  std::unique_ptr<solvers::Generator> generator_;
};

/// Losses of every field at the same abscissae.
struct NoisyTable {
  std::vector<double> x;
  std::vector<std::vector<analysis::NoisyLoss>> fields; ///< [field][abscissa]
};

/// Runs `one(field number)`, which makes `points` losses, for every field, split among the ranks. Collective; the same
/// on every rank and at any rank count.
std::vector<std::vector<analysis::NoisyLoss>>
for_all_fields(std::int64_t fields, std::size_t points, core::Progress::Stage& stage,
               const core::Communicator& communicator,
               const std::function<std::vector<analysis::NoisyLoss>(std::int64_t)>& one);

/// One number of each loss, a block a field.
analysis::BlockTable table_of(const NoisyTable& m, const std::function<double(const analysis::NoisyLoss&)>& value);

struct NoisyEstimate {
  double value = 0, error = 0;
};

/// A number made of the means over fields, with its delete-one jackknife error.
NoisyEstimate jackknifed(const analysis::BlockTable& t, const std::function<double(const std::vector<double>&)>& make);

/// A result of the study, and the same compared with what it should be.
analysis::Result noisy_result(const std::string& id, const std::string& quantity, const NoisyEstimate& e);
Judged judged_noisy(const std::string& id, const std::string& quantity, const NoisyEstimate& e, double predicted,
                    const std::string& formula);

/// At which signal-to-noise ratio more than one piece pays: table, result noisy/threshold, answer. Collective.
void resolve_noisy(const NoisySamplesStudy& s, const NoisyFields& fields, const StudyRun& run, Report& report);

} // namespace cascade::app
