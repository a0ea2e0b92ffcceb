#include "analysis/mfdfa/measurement.hpp"

#include "analysis/fit/log_slope.hpp"
#include "analysis/fit/no_fit.hpp"
#include "analysis/measurement/all_values.hpp"
#include "analysis/measurement/curves.hpp"
#include "analysis/measurement/legendre.hpp"
#include "analysis/measurement/order_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace cascade::analysis {
namespace {

constexpr std::size_t parts_of_line = 16;

std::string fluctuation_table(double q) {
  return fmt::format("q{}", order_text(q));
}
/// Of order q/2: sums of F^(q/2), and of it times log2 F and its square.
std::string half_table(double q, const char* what) {
  return table_name("half_" + fluctuation_table(q), what);
}

/// Segment lengths a quarter octave apart, of so many points at least and a quarter of the line at most.
std::vector<std::size_t> segment_lengths(std::size_t points, std::size_t smallest) {
  std::vector<std::size_t> lengths;
  for (int i = 0;; ++i) {
    const auto s = static_cast<std::size_t>(std::llround(static_cast<double>(smallest) * std::exp2(0.25 * i)));
    if (s > points / 4)
      return lengths;
    if (lengths.empty() || s > lengths.back())
      lengths.push_back(s);
  }
}

/// Orthonormal polynomials up to a degree on s points.
std::vector<std::vector<double>> segment_basis(std::size_t s, int degree) {
  std::vector<std::vector<double>> basis;
  const double half = 0.5 * static_cast<double>(s - 1);
  for (int k = 0; k <= degree; ++k) {
    std::vector<double> g(s);
    for (std::size_t i = 0; i < s; ++i)
      g[i] = std::pow((static_cast<double>(i) - half) / (half + 0.5), k);
    for (int pass = 0; pass < 2; ++pass)
      for (const auto& e : basis) {
        double c = 0;
        for (std::size_t i = 0; i < s; ++i)
          c += g[i] * e[i];
        for (std::size_t i = 0; i < s; ++i)
          g[i] -= c * e[i];
      }
    double square = 0;
    for (const double v : g)
      square += v * v;
    for (double& v : g)
      v /= std::sqrt(square);
    basis.push_back(std::move(g));
  }
  return basis;
}

/// Of the profile in one segment.
struct Segment {
  std::size_t first = 0;
  double square = 0; ///< mean square about its polynomial, F^2; zero where that is roundoff
  double spread = 0; ///< about its mean
};

Segment segment_of(const std::vector<double>& profile, std::size_t first, std::size_t s,
                   const std::vector<std::vector<double>>& basis) {
  const auto begin = profile.begin() + static_cast<std::ptrdiff_t>(first);
  std::vector<double> rest(begin, begin + static_cast<std::ptrdiff_t>(s));
  const auto total = [&rest] {
    double sum = 0;
    for (const double v : rest)
      sum += v * v;
    return sum;
  };
  const double size = total();
  double about_mean = 0;
  for (std::size_t k = 0; k < basis.size(); ++k) {
    double c = 0;
    for (std::size_t i = 0; i < s; ++i)
      c += rest[i] * basis[k][i];
    for (std::size_t i = 0; i < s; ++i)
      rest[i] -= c * basis[k][i];
    if (k == 0)
      about_mean = total();
  }
  constexpr double roundoff = 1e-26;
  const double square = total(), points = static_cast<double>(s);
  return {first, square > roundoff * size ? square / points : 0, about_mean / points};
}

/// Segments of one length, from the start of the line and from its end.
std::vector<Segment> segments_of(const std::vector<double>& profile, std::size_t s, int degree) {
  const auto basis = segment_basis(s, degree);
  std::vector<Segment> segments;
  for (const std::size_t start : {std::size_t{0}, profile.size() % s})
    for (std::size_t first = start; first + s <= profile.size(); first += s)
      segments.push_back(segment_of(profile, first, s, basis));
  return segments;
}

/// Whether the series is smooth in a segment: F is far below the spread of the profile, and falls from the segment of
/// `length` points about this one as fast as the polynomial lets it, F ~ s^(degree + 1). (Of a measure that is thin
/// here F falls as the spread does; of a rough series it falls more slowly.)
bool smooth_in(const Segment& segment, std::size_t s, const std::vector<Segment>& coarse, std::size_t length,
               int degree) {
  constexpr double clearly = 0.25, far = 1e-4; // of squares: a hundredth
  const std::size_t at = (segment.first + s / 2) / length;
  if (at >= coarse.size() || coarse[at].first != at * length || segment.square >= far * segment.spread)
    return false;
  const double ratio = static_cast<double>(length) / static_cast<double>(s);
  return segment.square * std::pow(ratio, 2 * (degree + 1 - clearly)) < coarse[at].square;
}

/// Throws NoFit where a segment that is fitted is flat, or one of the shortest of these smooth: means of order q <= 0
/// are those of such segments.
void no_still_segments(const BlockTable& still, const BlockTable& smooth, double low) {
  const auto flat = still.mean(), at_rest = smooth.mean();
  bool shortest = true;
  for (std::size_t i = 0; i < still.points(); ++i) {
    if (still.x[i] < low * (1 - 1e-9))
      continue;
    if (flat[i] > 0)
      throw NoFit(fmt::format("at q <= 0 no segment may be flat, and {:.3g}% of those of length {:.3g} are; raise "
                              "analysis.mfdfa.smallest, or leave out orders q <= 0",
                              100 * flat[i], still.x[i]));
    if (shortest && at_rest[i] > 0)
      throw NoFit(fmt::format("at q <= 0 the series may be smooth nowhere, and in {:.3g}% of the segments of length "
                              "{:.3g} it is: h(q) would be that of the polynomials; leave out orders q <= 0",
                              100 * at_rest[i], still.x[i]));
    shortest = false;
  }
}

} // namespace

void MfdfaMeasurement::declare(core::ParameterVisitor& v) {
  v.reals("orders", orders_, {-20, 20}, {"1", "orders q of h(q)"});
  v.integer("degree", degree_, {0, 3}, {"1", "of the polynomials taken out of the profile"});
  v.integer("smallest", smallest_, {8, 1 << 20}, {"points", "shortest segment"});
}

void MfdfaMeasurement::validate(const Subject& subject, core::Problems& problems) const {
  require_names(orders_, "analysis.mfdfa.orders", problems);
  if (asked && subject.dimensions != 1)
    problems.add("analysis.mfdfa", fmt::format("it is an analysis of lines, and D = {}; use partition_function, or "
                                               "field.embedding_dimension: 1",
                                               subject.dimensions));
}

std::vector<Cost> MfdfaMeasurement::cost(const Subject& subject, const core::Decomposition* grid) const {
  if (grid == nullptr || subject.dimensions != 1)
    return {};
  const auto n = static_cast<double>(subject.points);
  constexpr double segment_parts = 2 * 6.3; // from both ends, of lengths a quarter octave apart
  const auto lengths = static_cast<double>(
      segment_lengths(static_cast<std::size_t>(subject.points), static_cast<std::size_t>(smallest_)).size());
  return {{{{"the line and its profile", 3 * sizeof(double) * n},
            {"segments", segment_parts * sizeof(Segment) * n / static_cast<double>(smallest_)}},
           4 * n * lengths * static_cast<double>(degree_ + 1) * static_cast<double>(subject.realisations),
           "points x scales x terms",
           rates::scan,
           {},
           bytes_of_tables(4 * static_cast<double>(orders_.size()) + 2, lengths,
                           static_cast<double>(parts_of_line) * static_cast<double>(subject.realisations))}};
}

/// Every rank has the whole line, and does the same.
void MfdfaMeasurement::measure_grid(const core::GridSample& sample, const Subject&, const Batch& batch,
                                    Tables& tables) const {
  require_all_values(sample, "analysis.mfdfa");
  const auto mine = sample.field.component(0);
  const std::vector<double> line = batch.ranks.gather_all(std::span<const double>(mine.data(), mine.size()));
  const std::size_t n = line.size();
  double mean = 0;
  for (const double v : line)
    mean += v / static_cast<double>(n);
  std::vector<double> profile(n);
  double sum = 0;
  for (std::size_t i = 0; i < n; ++i)
    profile[i] = sum += line[i] - mean;
  const auto lengths = segment_lengths(n, static_cast<std::size_t>(smallest_));
  const std::size_t scales = lengths.size();
  BlockTable empty;
  for (const std::size_t s : lengths)
    empty.x.push_back(static_cast<double>(s) / static_cast<double>(n));
  empty.sum.assign(parts_of_line, std::vector<double>(scales, 0.0));
  empty.weight = empty.sum;
  empty.count.assign(scales, 0.0);
  std::vector<BlockTable> of_order(orders_.size(), empty), half = of_order, half_log = of_order, half_square = of_order;
  const int degree = static_cast<int>(degree_);
  constexpr std::size_t three_octaves = 12; // of quarters
  std::vector<std::vector<Segment>> segments;
  segments.reserve(scales);
  for (const std::size_t s : lengths)
    segments.push_back(segments_of(profile, s, degree));
  BlockTable smooth = empty;
  for (std::size_t i = 0; i < scales; ++i) {
    const std::size_t s = lengths[i], above = i + three_octaves;
    for (const Segment& segment : segments[i]) {
      const std::size_t part = std::min((segment.first + s / 2) * parts_of_line / n, parts_of_line - 1);
      const double square = segment.square;
      ++empty.weight[part][i];
      ++smooth.weight[part][i];
      if (square == 0) {
        ++empty.sum[part][i];
        continue;
      }
      if (above < scales && smooth_in(segment, s, segments[above], lengths[above], degree))
        ++smooth.sum[part][i];
      for (std::size_t q = 0; q < orders_.size(); ++q) {
        of_order[q].sum[part][i] += orders_[q] == 0 ? std::log(square) : std::pow(square, 0.5 * orders_[q]);
        ++of_order[q].weight[part][i];
        ++of_order[q].count[i];
        const double power = std::pow(square, 0.25 * orders_[q]), log = 0.5 * std::log2(square);
        half[q].sum[part][i] += power;
        half_log[q].sum[part][i] += power * log;
        half_square[q].sum[part][i] += power * log * log;
        for (auto* table : {&half[q], &half_log[q], &half_square[q]})
          ++table->weight[part][i];
      }
      ++empty.count[i];
    }
  }
  for (std::size_t q = 0; q < orders_.size(); ++q) {
    tables[fluctuation_table(orders_[q])] = std::move(of_order[q]);
    tables[half_table(orders_[q], "sum")] = std::move(half[q]);
    tables[half_table(orders_[q], "log")] = std::move(half_log[q]);
    tables[half_table(orders_[q], "square")] = std::move(half_square[q]);
  }
  tables["still"] = std::move(empty);
  tables["smooth"] = std::move(smooth);
}

void MfdfaMeasurement::fit(const Subject& subject, View, const Tables& tables, const Findings&, Fits& fits) const {
  const auto [low, high] = subject.window_or(subject.smallest(static_cast<int>(smallest_)), 0.125);
  const BlockTable &still = table_of(tables, "still"), &smooth = table_of(tables, "smooth");
  const bool whole = subject.realisations_are_blocks();
  for (const double q : orders_) {
    const std::string name = fluctuation_table(q);
    const BlockTable &table = table_of(tables, name), &sum = table_of(tables, half_table(q, "sum")),
                     &log = table_of(tables, half_table(q, "log")), &square = table_of(tables, half_table(q, "square"));
    const auto logarithms = [q, &table](std::optional<std::size_t> without) {
      std::vector<double> y = without ? table.mean_without(*without) : table.mean();
      for (double& v : y)
        v = q == 0 ? 0.5 * v / std::log(2) : v > 0 ? std::log2(v) / q : std::numeric_limits<double>::quiet_NaN();
      return y;
    };
    fits.give(
        fmt::format("h_q/{}", name),
        [=, &table, &sum, &log, &square, &still, &smooth, low = low, high = high] {
          if (q <= 0)
            no_still_segments(still, smooth, low);
          ExponentFit fit = log_slope(table.x, table.blocks(), logarithms, low, high);
          if (q != 0 && whole && fit.statistical_error > 1e-9) // parts of one line hang together anyhow
            mark_few_cells(fit, q, {q / 2, &sum, &log, &square}, 1, low, high, table.blocks());
          return fit;
        },
        [=, &table](const ExponentFit& found) {
          Result r;
          r.quantity = "h_q";
          r.title = fmt::format("h({})", order_text(q));
          r.order = q;
          r.labels = Labels{};
          set_fit(r, found);
          r.curve = make_curve(name, table, {"s", "line"},
                               {q == 0 ? "<ln F^2>" : "<F^q>", "field^q", q == 0 ? Scale::linear : Scale::logarithmic});
          return r;
        });
  }
}

} // namespace cascade::analysis
