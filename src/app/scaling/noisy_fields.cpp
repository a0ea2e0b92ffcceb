#include "app/scaling/noisy_fields.hpp"

#include "app/verdict/judging.hpp"
#include "solvers/gaussian/gaussian.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace cascade::app {

using analysis::BlockTable;
using analysis::NoisyLoss;

std::vector<std::int64_t> doublings(std::int64_t first, std::int64_t last) {
  std::vector<std::int64_t> out;
  for (std::int64_t n = first; n <= last; n *= 2)
    out.push_back(n);
  return out;
}

NoisyFields::NoisyFields(const NoisySamplesStudy& study, std::uint64_t seed)
    : points_(study.samples), self_(core::Communicator::self()), decomposition_(core::Domain(1, points_), 1) {
  solvers::GaussianParameters p;
  p.embedding_dimension = 1;
  p.points = points_;
  p.hurst = study.hurst;
  p.oversampling = 4; // scales below a sample's distance are there, as in nature
  generator_ = std::make_unique<solvers::Gaussian>(p, seed);
}

std::vector<double> NoisyFields::make(std::int64_t which) const {
  const auto sample = generator_->grid()->sample(decomposition_, self_, static_cast<std::uint64_t>(which));
  const auto values = sample.field.component(0);
  return {values.begin(), values.end()};
}

core::MemoryParts NoisyFields::memory() const {
  return core::together({{"field", sizeof(double) * static_cast<double>(points_)}},
                        generator_->grid()->scratch_memory(decomposition_));
}

std::vector<std::vector<NoisyLoss>> for_all_fields(std::int64_t fields, std::size_t points,
                                                   core::Progress::Stage& stage, const core::Communicator& communicator,
                                                   const std::function<std::vector<NoisyLoss>(std::int64_t)>& one) {
  const std::int64_t ranks = communicator.size(), rank = communicator.rank();
  constexpr std::size_t numbers = 4; // loss, irreducible, bias, variance
  std::vector<double> local;
  for (std::int64_t f = fields * rank / ranks; f < fields * (rank + 1) / ranks; ++f) {
    for (const NoisyLoss& l : one(f))
      local.insert(local.end(), {l.loss, l.irreducible, l.bias, l.variance});
    stage.advance();
  }
  const std::vector<double> all = communicator.gather_all(local);
  std::vector<std::vector<NoisyLoss>> out(static_cast<std::size_t>(fields), std::vector<NoisyLoss>(points));
  for (std::size_t f = 0, at = 0; f < out.size(); ++f)
    for (NoisyLoss& l : out[f]) {
      l = {0, all[at], all[at + 1], all[at + 2], all[at + 3]};
      at += numbers;
    }
  return out;
}

BlockTable table_of(const NoisyTable& m, const std::function<double(const NoisyLoss&)>& value) {
  BlockTable t;
  t.x = m.x;
  t.count.assign(m.x.size(), static_cast<double>(m.fields.size()));
  for (const auto& field : m.fields) {
    t.sum.emplace_back();
    t.weight.emplace_back(m.x.size(), 1.0);
    for (const NoisyLoss& l : field)
      t.sum.back().push_back(value(l));
  }
  return t;
}

NoisyEstimate jackknifed(const BlockTable& t, const std::function<double(const std::vector<double>&)>& make) {
  NoisyEstimate e{make(t.mean()), 0};
  std::vector<double> without;
  for (std::size_t b = 0; b < t.blocks(); ++b)
    without.push_back(make(t.mean_without(b)));
  const auto n = static_cast<double>(without.size());
  const double mean = std::accumulate(without.begin(), without.end(), 0.0) / n;
  for (const double v : without)
    e.error += (v - mean) * (v - mean) * (n - 1) / n;
  e.error = std::sqrt(e.error);
  return e;
}

analysis::Result noisy_result(const std::string& id, const std::string& quantity, const NoisyEstimate& e) {
  analysis::Result r;
  r.id = "noisy/" + id;
  r.stage = "noisy_samples";
  r.quantity = quantity;
  r.method = "repeated sampling";
  r.measured = {e.value, e.error, {e.value - 2 * e.error, e.value + 2 * e.error}};
  return r;
}

Judged judged_noisy(const std::string& id, const std::string& quantity, const NoisyEstimate& e, double predicted,
                    const std::string& formula) {
  return judged(noisy_result(id, quantity, e), {predicted, formula}, 1e-9);
}

} // namespace cascade::app
