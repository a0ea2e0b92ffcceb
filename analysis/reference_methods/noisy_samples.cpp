#include "analysis/reference_methods/noisy_samples.hpp"

#include "core/random/normals.hpp"

#include <algorithm>

namespace cascade::analysis {
namespace {

/// Sums over consecutive runs of `values`, as many runs as asked for.
std::vector<double> run_sums(std::span<const double> values, std::size_t runs) {
  std::vector<double> out(runs, 0);
  const std::size_t length = values.size() / runs;
  for (std::size_t i = 0; i < values.size(); ++i)
    out[i / length] += values[i];
  return out;
}

double sum_of_squares(std::span<const double> values) {
  double sum = 0;
  for (const double v : values)
    sum += v * v;
  return sum;
}

/// What the repeats leave behind for one number of pieces.
struct PieceFits {
  std::vector<double> sum, square;
  double test = 0;
};

} // namespace

std::vector<NoisyLoss> noisy_losses(std::span<const double> field, double sigma,
                                    const std::vector<std::int64_t>& pieces, std::int64_t repeats,
                                    const NoiseSource& source, std::uint64_t which) {
  const std::size_t n = field.size();
  const auto finest = static_cast<std::size_t>(*std::max_element(pieces.begin(), pieces.end()));
  const core::CounterRng rng(source.seed, source.stream);
  std::vector<PieceFits> fits(pieces.size());
  for (std::size_t k = 0; k < pieces.size(); ++k)
    fits[k].sum = fits[k].square = std::vector<double>(static_cast<std::size_t>(pieces[k]), 0);
  std::vector<double> noise(n), fresh(n);
  double irreducible = 0;
  const std::uint64_t stride = (n + 1) / 2;
  for (std::int64_t r = 0; r < repeats; ++r) {
    const std::uint64_t number = 2 * (which * static_cast<std::uint64_t>(repeats) + static_cast<std::uint64_t>(r));
    core::normal_pairs(rng, number * stride, source.number, noise);
    core::normal_pairs(rng, (number + 1) * stride, source.number, fresh);
    for (std::size_t i = 0; i < n; ++i) {
      const double difference = sigma * (noise[i] - fresh[i]);
      irreducible += difference * difference / 2;
      noise[i] = field[i] + sigma * noise[i];
      fresh[i] = field[i] + sigma * fresh[i];
    }
    const auto seen = run_sums(noise, finest), tested = run_sums(fresh, finest);
    const double square = sum_of_squares(fresh);
    for (std::size_t k = 0; k < pieces.size(); ++k) {
      const auto cells = static_cast<std::size_t>(pieces[k]);
      const double members = static_cast<double>(n / cells);
      const auto fit = run_sums(seen, cells), test = run_sums(tested, cells);
      fits[k].test += square;
      for (std::size_t c = 0; c < cells; ++c) {
        const double mean = fit[c] / members;
        fits[k].sum[c] += mean;
        fits[k].square[c] += mean * mean;
        fits[k].test += members * mean * mean - 2 * mean * test[c];
      }
    }
  }
  std::vector<NoisyLoss> out;
  const auto count = static_cast<double>(n), times = static_cast<double>(repeats);
  for (std::size_t k = 0; k < pieces.size(); ++k) {
    const auto cells = static_cast<std::size_t>(pieces[k]);
    const double members = count / static_cast<double>(cells);
    const auto truth = run_sums(field, cells);
    NoisyLoss loss{pieces[k], fits[k].test / (times * count), irreducible / (times * count),
                   sum_of_squares(field) / count, 0};
    for (std::size_t c = 0; c < cells; ++c) {
      const double mean = fits[k].sum[c] / times;
      loss.variance += (fits[k].square[c] / times - mean * mean) * times / (times - 1) * members / count;
      loss.bias += (members * mean * mean - 2 * mean * truth[c]) / count;
    }
    loss.bias -= loss.variance / times;
    out.push_back(loss);
  }
  return out;
}

} // namespace cascade::analysis
