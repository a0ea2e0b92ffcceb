#include "analysis/leaders/measurement.hpp"

#include "analysis/fit/log_slope.hpp"
#include "analysis/fit/no_fit.hpp"
#include "analysis/measurement/curves.hpp"

#include <fmt/format.h>
#include <gsl/gsl_wavelet.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <numbers>

namespace cascade::analysis {
namespace {

constexpr std::size_t leader_parts = 16;

/// |d(j, k)|, j = 1, 2, ... octaves: [j - 1][k], normalised as functions are (GSL's transform keeps the sum of
/// squares).
std::vector<std::vector<double>> wavelet_coefficients(std::vector<double> line, int moments) {
  const std::size_t n = line.size();
  const std::unique_ptr<gsl_wavelet, decltype(&gsl_wavelet_free)> wavelet(
      gsl_wavelet_alloc(gsl_wavelet_daubechies, static_cast<std::size_t>(2 * moments)), &gsl_wavelet_free);
  const std::unique_ptr<gsl_wavelet_workspace, decltype(&gsl_wavelet_workspace_free)> work(
      gsl_wavelet_workspace_alloc(n), &gsl_wavelet_workspace_free);
  gsl_wavelet_transform_forward(wavelet.get(), line.data(), 1, n, work.get());
  std::vector<std::vector<double>> d;
  for (std::size_t count = n / 2, j = 1; count >= 1; count /= 2, ++j) { // coefficients [count, 2 count)
    auto& octave = d.emplace_back();
    const double scale = std::exp2(-0.5 * static_cast<double>(j));
    for (std::size_t k = 0; k < count; ++k)
      octave.push_back(scale * std::abs(line[count + k]));
  }
  return d;
}

/// Leaders by octave; of `p` > 0 the p-leaders.
std::vector<std::vector<double>> leaders_of(const std::vector<std::vector<double>>& d, double p) {
  std::vector<std::vector<double>> result;
  std::vector<double> below; // sup (or sum of p-th powers) over a cell and everything finer in it
  for (const auto& octave : d) {
    std::vector<double> cell(octave.size());
    for (std::size_t k = 0; k < octave.size(); ++k) {
      const double own = p > 0 ? std::pow(octave[k], p) : octave[k];
      const double left = below.empty() ? 0 : below[2 * k], right = below.empty() ? 0 : below[2 * k + 1];
      cell[k] = p > 0 ? own + 0.5 * (left + right) : std::max({own, left, right});
    }
    auto& leaders = result.emplace_back(octave.size());
    for (std::size_t k = 0; k < octave.size(); ++k) {
      const double left = cell[(k + octave.size() - 1) % octave.size()], right = cell[(k + 1) % octave.size()];
      leaders[k] = p > 0 ? std::pow(left + cell[k] + right, 1 / p) : std::max({left, cell[k], right});
    }
    below = std::move(cell);
  }
  return result;
}

} // namespace

void LeadersMeasurement::declare(core::ParameterVisitor& v) {
  v.integer("vanishing_moments", moments_, {2, 10}, {"1", "of the Daubechies wavelet"});
  v.integer("first", first_, {1, 20},
            {"octaves", "finest scale of the fit, 2^first points: the grid spoils those below"});
  v.real("p", p_, {0.1, 8}, {"1", "p-leaders of this p in place of leaders: for fields with unbounded spikes"});
}

void LeadersMeasurement::validate(const Subject& subject, core::Problems& problems) const {
  if (!asked)
    return;
  if (subject.dimensions != 1)
    problems.add("analysis.leaders", fmt::format("leaders are measured of lines, and D = {}; set "
                                                 "field.embedding_dimension: 1",
                                                 subject.dimensions));
  else if ((subject.points & (subject.points - 1)) != 0 || (subject.points > 0 && subject.points < 1024))
    problems.add("analysis.leaders",
                 fmt::format("{} points: the wavelet transform needs a power of two, 1024 at least", subject.points));
}

std::vector<Cost> LeadersMeasurement::cost(const Subject& subject, const core::Decomposition* grid) const {
  if (grid == nullptr || subject.dimensions != 1)
    return {};
  const auto n = static_cast<double>(subject.points);
  return {{{{"the line, its coefficients and leaders", 7 * sizeof(double) * n}},
           8 * n * static_cast<double>(moments_) * static_cast<double>(subject.realisations),
           "points x terms",
           rates::scan,
           {},
           bytes_of_tables(3, std::log2(n),
                           static_cast<double>(leader_parts) * static_cast<double>(subject.realisations))}};
}

std::string LeadersMeasurement::why_not(const Subject& subject, View view) const {
  return view == View::points && subject.points == 0
             ? "leaders are not measured: they need a grid, and field.points is 0"
             : "";
}

/// Every rank has the whole line, and does the same.
void LeadersMeasurement::measure_grid(const core::GridSample& sample, const Subject&, const Batch& batch,
                                      Tables& tables) const {
  const auto mine = sample.field.component(0);
  const std::vector<double> line = batch.ranks.gather_all(std::span<const double>(mine.data(), mine.size()));
  const auto d = wavelet_coefficients(line, static_cast<int>(moments_));
  const auto leaders = leaders_of(d, p_.value_or(0));
  BlockTable first;
  for (std::size_t j = 0; j < d.size() && d[j].size() >= leader_parts; ++j) {
    first.x.push_back(std::exp2(static_cast<double>(j + 1)) / static_cast<double>(line.size()));
    first.count.push_back(static_cast<double>(d[j].size()));
  }
  first.sum.assign(leader_parts, std::vector<double>(first.points(), 0.0));
  first.weight = first.sum;
  BlockTable second = first, largest = first;
  for (std::size_t j = 0; j < first.points(); ++j)
    for (std::size_t k = 0; k < d[j].size(); ++k) {
      const std::size_t part = k * leader_parts / d[j].size();
      largest.sum[part][j] = std::max(largest.sum[part][j], d[j][k]);
      largest.weight[part][j] = 1;
      if (!(leaders[j][k] > 0))
        continue; // a flat stretch has no logarithm
      const double l = std::log(leaders[j][k]);
      first.sum[part][j] += l;
      second.sum[part][j] += l * l;
      ++first.weight[part][j];
      ++second.weight[part][j];
    }
  tables["first"] = std::move(first);
  tables["second"] = std::move(second);
  tables["largest"] = std::move(largest);
}

void LeadersMeasurement::fit(const Subject& subject, View, const Tables& tables, const Findings&, Fits& fits) const {
  const auto [low, high] =
      subject.window_or(std::exp2(static_cast<double>(first_)) / static_cast<double>(subject.points), 1.0 / 32);
  const BlockTable &first = table_of(tables, "first"), &second = table_of(tables, "second"),
                   &largest = table_of(tables, "largest");
  const auto lowest = [&largest, low = low, high = high] { // h_min: mean over blocks of the largest coefficient
    return log_slope(
        largest.x, largest.blocks(),
        [&largest](std::optional<std::size_t> without) {
          auto y = without ? largest.mean_without(*without) : largest.mean();
          for (double& v : y)
            v = v > 0 ? std::log2(v) : std::numeric_limits<double>::quiet_NaN();
          return y;
        },
        low, high);
  };
  const bool plain = !p_;
  const auto bounded = [=] {
    const ExponentFit h = lowest();
    if (plain && h.exponent <= 0)
      throw NoFit(
          fmt::format("the largest coefficients grow towards small scales, h_min = {:.3g}: leaders need h_min > 0; "
                      "set analysis.leaders.p to measure p-leaders",
                      h.exponent));
  };
  const auto result = [](const char* quantity, const char* title, const ExponentFit& found) {
    Result r;
    r.quantity = quantity;
    r.title = title;
    r.labels = Labels{};
    set_fit(r, found);
    return r;
  };
  fits.give("h_min", lowest, [=, &largest](const ExponentFit& found) {
    Result r = result("h_min", "h_min", found);
    r.curve = make_curve("largest", largest, {"s", "line"}, {"max |d|", "field"});
    return r;
  });
  fits.give(
      "c1",
      [=, &first, low = low, high = high] {
        bounded();
        return log_slope(
            first.x, first.blocks(),
            [&first](std::optional<std::size_t> without) {
              auto y = without ? first.mean_without(*without) : first.mean();
              for (double& v : y)
                v /= std::numbers::ln2;
              return y;
            },
            low, high);
      },
      [=, &first](const ExponentFit& found) {
        Result r = result("c1", "c_1", found);
        r.curve = make_curve("first", first, {"s", "line"}, {"<ln L>", "1", Scale::linear});
        return r;
      });
  fits.give(
      "c2",
      [=, &first, &second, low = low, high = high] {
        bounded();
        return log_slope(
            first.x, first.blocks(),
            [&first, &second](std::optional<std::size_t> without) {
              const auto one = without ? first.mean_without(*without) : first.mean();
              auto y = without ? second.mean_without(*without) : second.mean();
              for (std::size_t i = 0; i < y.size(); ++i)
                y[i] = (y[i] - one[i] * one[i]) / std::numbers::ln2;
              return y;
            },
            low, high);
      },
      [=, &second](const ExponentFit& found) {
        Result r = result("c2", "c_2", found);
        r.curve = make_curve("second", second, {"s", "line"}, {"<(ln L)^2>", "1", Scale::linear});
        return r;
      });
}

} // namespace cascade::analysis
