#include "analysis/approximation/level_alphas.hpp"

#include "analysis/approximation/driven_descent.hpp"
#include "analysis/fit/log_slope.hpp"
#include "analysis/fit/no_fit.hpp"
#include "analysis/measurement/order_text.hpp"
#include "analysis/sums/sample_sums.hpp"

#include <Eigen/Dense>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace cascade::analysis {
namespace {

constexpr DrawPurpose level_draws{7};
constexpr int first_level = 5;
/// Cells that go on to the next level. A tree's sum gathers their scatter at every level, of which high powers have
/// more and cells with many children less: with 32 cells of a line a mean over 24 trees of that log-normal number fell
/// short at q = 4.
constexpr std::array<int, 3> population{32, 32, 32}, population_of_high_powers{128, 64, 32};
int population_of(const DrivenSetting& s) {
  return (s.loss_power > 2 ? population_of_high_powers : population)[static_cast<std::size_t>(s.dimensions - 1)];
}

constexpr std::array<int, 3> last_level{36, 30, 24}; // of lines, planes, boxes: more take time and add little

int last_of(const Subject& subject) {
  return std::min(last_level[static_cast<std::size_t>(subject.dimensions - 1)], subject.levels - 1);
}

/// The smallest cells, from those of side `high` down, at which trees scatter by less than their mean. Below, the loss
/// is that of few trees; its logarithm then falls short by half of the relative variance over their number, which grows
/// with the levels. Without a second moment (beyond q_*/2) that is so from the first levels on.
double last_even_scale(const BlockTable& table, double high) {
  double low = high;
  for (std::size_t i = 0; i < table.points(); ++i) {
    if (table.x[i] > high * (1 + 1e-9))
      continue;
    double sum = 0, square = 0;
    for (const auto& tree : table.sum) {
      sum += tree[i];
      square += tree[i] * tree[i];
    }
    if (table.blocks() > 1 && !(2 * sum * sum >= static_cast<double>(table.blocks()) * square))
      break;
    low = table.x[i];
  }
  return low;
}

/// Standard error of the slope where the sums of n trees are log-normal: the covariance of ln <L> at two levels is
/// (exp(v) - 1)/n, v the variance of ln L over trees at the larger cells of the two, as of a random walk; v(level) is
/// the straight line through what trees show. A jackknife of so skewed sums follows their luck: it is small where the
/// large ones were not met.
double lognormal_error(const BlockTable& table, double low, double high) {
  std::vector<double> u, v;
  for (std::size_t i = 0; i < table.points(); ++i) {
    if (table.x[i] > high * (1 + 1e-9) || table.x[i] < low * (1 - 1e-9))
      continue;
    double sum = 0, square = 0, n = 0;
    for (const auto& tree : table.sum)
      if (tree[i] > 0) {
        const double log = std::log(tree[i]);
        sum += log;
        square += log * log;
        ++n;
      }
    u.push_back(std::log(table.x[i]));
    v.push_back(n > 1 ? (square - sum * sum / n) / (n - 1) : 0);
  }
  const auto points = static_cast<Eigen::Index>(u.size());
  const Eigen::VectorXd x = Eigen::Map<const Eigen::VectorXd>(u.data(), points),
                        y = Eigen::Map<const Eigen::VectorXd>(v.data(), points);
  const Eigen::VectorXd centred = x.array() - x.mean();
  const Eigen::VectorXd weight = centred / centred.squaredNorm();
  const double growth = weight.dot(y);
  double variance = 0;
  for (Eigen::Index i = 0; i < points; ++i)
    for (Eigen::Index j = 0; j < points; ++j) {
      const double line = y.mean() + growth * std::max(centred[i], centred[j]); // of the larger cell
      variance += weight[i] * weight[j] * std::expm1(std::max(line, 0.0));
    }
  return std::sqrt(std::max(variance, 0.0) / static_cast<double>(table.blocks()));
}

} // namespace

std::vector<DrivenSetting> level_settings(const ApproximationSettings& settings, const Subject& subject) {
  std::vector<DrivenSetting> list;
  if (!subject.tilted || !subject.sampled() || subject.scattered ||
      subject.dimensions > static_cast<int>(last_level.size()) || !settings.partition("uniform") ||
      !settings.average("volume"))
    return list;
  for (const std::int64_t degree : settings.degrees)
    for (const double q : settings.loss_powers) {
      DrivenSetting s;
      s.dimensions = subject.dimensions;
      s.degree = static_cast<int>(degree);
      s.loss_power = q;
      s.levels = subject.levels;
      choose_lattice(s);
      list.push_back(s);
    }
  return list;
}

bool cells_drawn_by_volume(const ApproximationSettings& settings, const Subject& subject) {
  return level_settings(settings, subject).empty() || settings.average("active");
}

std::string level_table(int degree, double loss_power) {
  return table_name("levels", std::to_string(degree), order_text(loss_power), "volume");
}

bool of_levels(const std::string& table) {
  return table.starts_with("levels");
}

void measure_levels(const ApproximationSettings& settings, const core::PointSource& source, const Subject& subject,
                    const Batch& batch, Tables& tables) {
  const auto list = level_settings(settings, subject);
  const auto part = [&](double done) {
    if (batch.advance)
      batch.advance(done / static_cast<double>(list.size()));
  };
  for (const DrivenSetting& s : list) {
    const SamplingPlan plan{subject.seed, static_cast<int>(batch.count), settings.runs, last_of(subject),
                            static_cast<int>(batch.first)};
    const auto kernel = [&](int tree, std::int64_t first, std::int64_t last, ChunkSums& sums) {
      for (std::int64_t draw = first; draw < last; ++draw) {
        DrawStream stream(subject.seed, static_cast<std::uint64_t>(tree), static_cast<std::uint64_t>(draw),
                          level_draws);
        const core::Block hash{stream.bits(), stream.bits(), stream.bits(), stream.bits()};
        std::array<core::Coordinate, 3> shift{};
        for (core::Coordinate& c : shift)
          c = settings.random_origin() ? stream.wide() : 0;
        const DrivenCounts none;
        DrivenCells cells(source(tree + static_cast<int>(draw) * (1 << 16)), s, none, hash, shift);
        const std::vector<double> loss = driven_levels(cells, plan.scales, population_of(s), stream);
        for (std::size_t j = 1; j < loss.size(); ++j) {
          sums.at(0, static_cast<int>(j)) += loss[j];
          sums.at(1, static_cast<int>(j)) += 1;
        }
      }
    };
    const TreeSums sums = sum_over_draws(plan, 2, 1, batch.ranks, kernel, part);
    tables[level_table(s.degree, s.loss_power)] = sums.table_per_draw(0, static_cast<double>(settings.runs), 1);
  }
}

ExponentFit fit_levels(const BlockTable& table, const Subject& subject) {
  const auto [asked_low, high] = subject.window_or(std::exp2(-last_of(subject)), std::exp2(-first_level));
  const double even = last_even_scale(table, high), low = std::max(asked_low, even), reach = std::log2(high / low);
  if (even > asked_low && reach < fewest_octaves)
    throw NoFit(fmt::format(
        "sums of trees scatter by more than their mean from {:.2g} octaves into the fit on, which takes {:g}: their "
        "mean "
        "is that of few; more sampling.trees or approximation.runs help where their scatter has a mean square, below "
        "loss power q_*/2",
        reach, fewest_octaves));
  ExponentFit fit = log_slope(table.x, table.blocks(), log_rows(table), low, high);
  if (const double error = lognormal_error(table, low, high); table.blocks() > 3 && error > fit.statistical_error) {
    fit.statistical_error = error;
    finish(fit, table.blocks());
    fit.profile95[0] = fit.interval95[0];
    fit.profile95[1] = fit.interval95[1];
  }
  return fit;
}

double level_work(const ApproximationSettings& settings, const Subject& subject) {
  double work = 0;
  for (const DrivenSetting& s : level_settings(settings, subject))
    work += std::exp2(s.dimensions) * population_of(s) * last_of(subject) *
            (std::pow(s.lattice, s.dimensions) + s.test_points);
  return work * static_cast<double>(settings.runs) * subject.sampling.trees;
}

double level_table_bytes(const ApproximationSettings& settings, const Subject& subject) {
  const auto list = level_settings(settings, subject);
  return list.empty() ? 0 : bytes_of_tables(static_cast<double>(list.size()), last_of(subject), subject.sampling.trees);
}

} // namespace cascade::analysis
