#include "analysis/leaders/measurement.hpp"

#include "analysis/fit/log_slope.hpp"
#include "analysis/fit/no_fit.hpp"
#include "analysis/leaders/still.hpp"
#include "analysis/leaders/wavelets.hpp"
#include "analysis/measurement/all_values.hpp"
#include "analysis/measurement/curves.hpp"
#include "analysis/measurement/legendre.hpp"
#include "analysis/measurement/order_text.hpp"
#include "analysis/sums/resolution.hpp"
#include "core/talk/numbers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <numbers>

namespace cascade::analysis {
namespace {

constexpr std::size_t leader_parts = 16;

std::string leader_powers(double q, const char* what) {
  return table_name(fmt::format("q{}", order_text(q)), what);
}

/// The whole field, row-major, on every rank.
std::vector<double> whole_field(const core::RealField& field, const core::Communicator& ranks) {
  const auto mine = field.component(0);
  std::vector<double> gathered = ranks.gather_all(std::span<const double>(mine.data(), mine.size()));
  if (field.domain().dimensions() == 1)
    return gathered;
  const core::Domain& domain = field.domain();
  std::vector<double> whole(gathered.size());
  std::size_t next = 0;
  for (int rank = 0; rank < field.decomposition().ranks(); ++rank) {
    const core::Box box = field.decomposition().real_box(rank);
    for (core::Index i = box.begin[0]; i < box.end[0]; ++i)
      for (core::Index j = box.begin[1]; j < box.end[1]; ++j)
        for (core::Index k = box.begin[2]; k < box.end[2]; ++k)
          whole[static_cast<std::size_t>((i * domain.points(1) + j) * domain.points(2) + k)] = gathered[next++];
  }
  return whole;
}

/// The sixteenth of the box that holds cell k of side^D, row-major.
std::size_t part_of(std::size_t k, int dimensions, std::size_t side) {
  if (dimensions == 1)
    return k * leader_parts / side;
  if (dimensions == 2)
    return k / side * 4 / side * 4 + k % side * 4 / side;
  return k / (side * side) * 4 / side * 4 + k / side % side * 2 / side * 2 + k % side * 2 / side;
}

/// Part of the points in cells that died above the finest level that any cell reached.
double dead_part(const core::GridSample& sample, const core::Communicator& ranks) {
  if (!sample.active)
    return 0;
  std::int64_t reached = 0;
  for (const std::uint8_t depth : *sample.active)
    reached = std::max<std::int64_t>(reached, depth);
  ranks.max(std::span<std::int64_t>(&reached, 1));
  std::int64_t counts[2] = {0, static_cast<std::int64_t>(sample.active->size())};
  for (const std::uint8_t depth : *sample.active)
    counts[0] += depth < reached ? 1 : 0;
  ranks.sum(std::span<std::int64_t>(counts));
  return static_cast<double>(counts[0]) / static_cast<double>(counts[1]);
}

/// p-leaders of scale 2^j points lack a part 2^(-zeta_p j) of their sums, which the grid ends.
std::optional<double> end_of_octaves(const BlockTable& pth, double low, double high) {
  constexpr double least = 0.3, most = 4; // slower ends are one with the slope, faster ones are none
  try {
    return std::clamp(log_slope(pth.x, pth.blocks(), log_rows(pth), low, high).exponent, least, most);
  } catch (const NoFit&) { // the fits will say why
    return std::nullopt;
  }
}

bool periodic_cube(const core::Domain& box) {
  return box.cube() && box.periodic(0) && box.periodic(1) && box.periodic(2);
}

constexpr int octaves_of_slope = 4; // of log_slope

/// Coarsest scale of the fit, in sides of the box: a quarter, of lines a 32nd, and a 16th (one leader a block) where
/// that leaves too few octaves from 2^finest points on.
double largest_scale(int dimensions, int finest, std::int64_t points) {
  constexpr double of_box = 1.0 / 4, of_line = 1.0 / 32;
  if (dimensions > 1)
    return of_box;
  const bool enough = std::exp2(finest + octaves_of_slope - 1) <= of_line * static_cast<double>(points);
  return enough ? of_line : 2 * of_line;
}

void require_octaves(int finest, double high, std::int64_t first, std::int64_t points, int dimensions) {
  const auto coarsest = static_cast<int>(std::floor(std::log2(high * static_cast<double>(points)) + 1e-9));
  const int octaves = std::max(coarsest - finest + 1, 0), missing = octaves_of_slope - octaves;
  if (missing <= 0)
    return;
  const char* const length = dimensions == 1 ? "points" : "points a side";
  throw NoFit(fmt::format(
      "there are {} octaves of leaders, from {:g} to {:g} {}, and a slope takes {}: measure a field of {} {} or more{}",
      octaves, std::exp2(finest), std::exp2(coarsest), length, octaves_of_slope, points << missing, length,
      first > missing
          ? fmt::format(", or set analysis.leaders.first: {}, scales that the grid spoils more", first - missing)
          : ""));
}

/// Throws NoFit where more than by chance of the finest fitted leaders say nothing of roughness.
void no_still_leaders(const BlockTable& still, double low) {
  constexpr double by_chance = 1e-3;
  const std::vector<double> share = still.mean();
  for (std::size_t i = 0; i < still.points(); ++i) {
    if (still.x[i] < low * (1 - 1e-9))
      continue;
    if (share[i] > by_chance)
      throw NoFit(fmt::format(
          "{:.3g}% of the leaders at s = {:.3g} are those of flat or smooth stretches (rounding, or as small as the "
          "vanishing moments of the wavelet make them), which no roughness is behind: log-cumulants and D(h) do not "
          "exist; structure functions of positive order do. Leave the stretches out (field.first, field.count), or, "
          "where the field is smooth as a whole, raise analysis.leaders.vanishing_moments",
          100 * share[i], still.x[i]));
    return;
  }
}

/// Throws NoFit with `text`, which takes the exponent, where that is clearly negative.
void not_negative(const ExponentFit& fit, const char* text) {
  constexpr double clearly = 2; // standard errors: the largest of many cells is larger, which lowers h_min a little
  if (fit.exponent + clearly * fit.standard_error <= 0)
    throw NoFit(fmt::format(fmt::runtime(text), core::with_error_text(fit.exponent, fit.standard_error)));
}

} // namespace

void LeadersMeasurement::declare(core::ParameterVisitor& v) {
  v.integer("vanishing_moments", moments_, {2, 10}, {"1", "of the Daubechies wavelet"});
  v.integer("first", first_, {1, 20},
            {"octaves", "finest scale of the fit, 2^first points: the grid spoils those below; leaders of lines leave "
                        "them out and are fitted from an octave above it"});
  v.real("p", p_, {0.1, 8}, {"1", "p-leaders of this p in place of leaders: for fields with unbounded spikes"});
  v.reals("orders", orders_, {-20, 20}, {"1", "orders q of <L^q> behind the spectrum D(h); at least three"});
}

/// Came later.
std::vector<std::string> LeadersMeasurement::silent_keys() const {
  return orders_ == usual_orders() ? std::vector<std::string>{"orders"} : std::vector<std::string>{};
}

void LeadersMeasurement::validate(const Subject& subject, core::Problems& problems) const {
  if (!asked)
    return;
  require_names(orders_, "analysis.leaders.orders", problems);
  if (orders_.size() < 3)
    problems.add("analysis.leaders.orders",
                 fmt::format("a spectrum takes three orders at least, and there are {}", orders_.size()));
  const std::int64_t least = subject.dimensions == 1 ? 1024 : 64;
  if (subject.dimensions > 3)
    problems.add("analysis.leaders",
                 fmt::format("leaders are measured in one to three dimensions, and D = {}", subject.dimensions));
  else if (subject.box && subject.dimensions > 1 && !periodic_cube(*subject.box))
    problems.add("analysis.leaders",
                 "leaders are measured on periodic cubes, and the field's box is another; cut a cube "
                 "out of it, or leave leaders out");
  else if ((subject.points & (subject.points - 1)) != 0 || (subject.points > 0 && subject.points < least))
    problems.add("analysis.leaders", fmt::format("{} points: the wavelet transform needs a power of two, {} at least",
                                                 subject.points, least));
}

std::vector<Cost> LeadersMeasurement::cost(const Subject& subject, const core::Decomposition* grid) const {
  if (grid == nullptr || subject.dimensions > 3)
    return {};
  const auto n = std::pow(static_cast<double>(subject.points), subject.dimensions);
  const char* const what = subject.dimensions == 1 ? "the line, its coefficients and leaders"
                                                   : "the whole field, its coefficients and leaders";
  return {{{{what, 7 * sizeof(double) * n}},
           8 * n * static_cast<double>(moments_ * subject.dimensions) * static_cast<double>(subject.realisations),
           "points x terms",
           rates::scan,
           {},
           bytes_of_tables(7 + 2 * static_cast<double>(orders_.size()), std::log2(static_cast<double>(subject.points)),
                           static_cast<double>(leader_parts) * static_cast<double>(subject.realisations))}};
}

/// Every rank has the whole field, and does the same.
void LeadersMeasurement::measure_grid(const core::GridSample& sample, const Subject& subject, const Batch& batch,
                                      Tables& tables) const {
  require_all_values(sample, "analysis.leaders");
  const int D = subject.dimensions;
  const double p = p_.value_or(0);
  const auto n = static_cast<std::size_t>(sample.field.domain().points(2));
  std::vector<double> values = whole_field(sample.field, batch.ranks);
  const StillLeaders still{rounding_of(values), static_cast<int>(moments_)};
  auto octaves = wavelet_octaves(std::move(values), D, n, static_cast<int>(moments_), p);
  // By the grid: no leader may sit there. p-leaders are sums, to which these octaves add a share that the fit knows.
  // Planes and boxes have no octaves to spare.
  const auto spoiled = p_ || D > 1 ? std::size_t{0} : static_cast<std::size_t>(first_ - 1);
  octaves.erase(octaves.begin(), octaves.begin() + static_cast<std::ptrdiff_t>(std::min(spoiled, octaves.size())));
  const auto leaders = leaders_of(octaves, D, p);
  BlockTable first;
  for (std::size_t j = 0; j < octaves.size() && octaves[j].largest.size() >= leader_parts; ++j) {
    first.x.push_back(std::exp2(static_cast<double>(j + spoiled + 1)) / static_cast<double>(n));
    first.count.push_back(static_cast<double>(octaves[j].largest.size()));
  }
  first.sum.assign(leader_parts, std::vector<double>(first.points(), 0.0));
  first.weight = first.sum;
  BlockTable second = first, third = first, largest = first, pth = first, coefficients = first;
  BlockTable dead = first, smooth = first;
  const double share = dead_part(sample, batch.ranks);
  for (std::size_t j = 0; j < first.points(); ++j) {
    dead.sum[0][j] = share;
    dead.weight[0][j] = 1;
  }
  std::vector<BlockTable> powers(orders_.size(), first), logs(orders_.size(), first);
  for (std::size_t j = 0; j < first.points(); ++j) {
    constexpr std::size_t above = 3;
    const bool topped = j + above < leaders.size() && octaves[j].side >> above > 0;
    const std::span<const double> coarse =
        topped ? std::span<const double>(leaders[j + above]) : std::span<const double>{};
    const std::vector<bool> at_rest = still.among(leaders[j], coarse, D, octaves[j].side);
    for (std::size_t k = 0; k < leaders[j].size(); ++k) {
      const std::size_t part = part_of(k, D, octaves[j].side);
      largest.sum[part][j] = std::max(largest.sum[part][j], octaves[j].largest[k]);
      largest.weight[part][j] = 1;
      if (p_) {
        coefficients.sum[part][j] += octaves[j].power[k];
        ++coefficients.weight[part][j];
      }
      smooth.sum[part][j] += at_rest[k] ? 1 : 0;
      ++smooth.weight[part][j];
      if (still.flat(leaders[j][k]))
        continue; // no logarithm but that of rounding
      const double l = std::log(leaders[j][k]);
      first.sum[part][j] += l;
      second.sum[part][j] += l * l;
      third.sum[part][j] += l * l * l;
      pth.sum[part][j] += std::exp(p * l);
      ++pth.weight[part][j];
      ++first.weight[part][j];
      ++second.weight[part][j];
      ++third.weight[part][j];
      for (std::size_t q = 0; q < orders_.size(); ++q) {
        const double power = std::exp(orders_[q] * l);
        powers[q].sum[part][j] += power;
        logs[q].sum[part][j] += power * l / std::numbers::ln2;
        ++powers[q].weight[part][j];
        ++logs[q].weight[part][j];
      }
    }
  }
  tables["first"] = std::move(first);
  tables["second"] = std::move(second);
  tables["third"] = std::move(third);
  tables["largest"] = std::move(largest);
  tables["still"] = std::move(smooth);
  if (subject.activity)
    tables["dead"] = std::move(dead);
  if (p_) {
    tables["pth"] = std::move(pth);
    tables["coefficients"] = std::move(coefficients);
  }
  for (std::size_t q = 0; q < orders_.size(); ++q) {
    tables[leader_powers(orders_[q], "power")] = std::move(powers[q]);
    tables[leader_powers(orders_[q], "log")] = std::move(logs[q]);
  }
}

void LeadersMeasurement::fit(const Subject& subject, View, const Tables& tables, const Findings&, Fits& fits) const {
  const bool left_out = !p_ && first_ > 1 && subject.dimensions == 1;
  // Where octaves are left out those of `first` are the largest of nothing finer: no leaders yet.
  const auto finest = static_cast<int>(left_out ? first_ + 1 : first_);
  const auto range = subject.window_or(std::exp2(finest) / static_cast<double>(subject.points),
                                       largest_scale(subject.dimensions, finest, subject.points));
  const auto low = range.first, high = range.second;
  const BlockTable &first = table_of(tables, "first"), &second = table_of(tables, "second"),
                   &third = table_of(tables, "third"), &largest = table_of(tables, "largest");
  const bool automatic = subject.window.empty();
  const auto lowest = [=, &largest, points = subject.points, key = first_, dimensions = subject.dimensions] {
    if (automatic)
      require_octaves(finest, high, key, points, dimensions);
    // h_min: mean over blocks of the largest coefficient
    return log_slope(largest.x, largest.blocks(), log_rows(largest), low, high);
  };
  constexpr double of_the_largest = 2; // of fractional Brownian lines, H = .3, and of cascades: a quarter an octave
  const auto end = p_         ? end_of_octaves(table_of(tables, "pth"), low, high)
                   : left_out ? std::optional(of_the_largest)
                              : std::nullopt;
  const BlockTable* const died = find_table(tables, "dead");
  const double dead = died != nullptr && died->points() > 0 ? died->mean().front() : 0;
  const BlockTable& still = table_of(tables, "still");
  const bool plain = !p_;
  const BlockTable* const coefficients = p_ ? find_table(tables, "coefficients") : nullptr;
  const auto bounded = [=, &still] {
    if (dead > 0)
      throw NoFit(
          fmt::format("{:.3g}% of the box are dead, where there is no logarithm to be had: log-cumulants and D(h) "
                      "do not exist; structure functions of positive order do",
                      100 * dead));
    const ExponentFit h = lowest();
    no_still_leaders(still, low);
    if (coefficients != nullptr) // the sums of p-leaders themselves stand still where zeta_p < 0, at the finest octave
      not_negative(log_slope(coefficients->x, coefficients->blocks(), log_rows(*coefficients), low, high),
                   "the p-th powers of the coefficients grow towards small scales, zeta_p = {}: p-leaders need "
                   "zeta_p > 0; take a smaller analysis.leaders.p, or the running sum of the field");
    else if (plain)
      not_negative(h, "the largest coefficients grow towards small scales, h_min = {}: leaders need h_min > 0; "
                      "set analysis.leaders.p to measure p-leaders");
  };
  const char* const length = subject.dimensions == 1 ? "line" : "box side";
  const auto result = [](const char* quantity, const char* title, const ExponentFit& found) {
    Result r;
    r.quantity = quantity;
    r.title = title;
    r.labels = Labels{};
    set_fit(r, found);
    return r;
  };
  fits.give("h_min", lowest, [=, &largest, &fits](const ExponentFit& found) {
    if (plain && found.exponent <= 0)
      fits.warn(fmt::format("leaders need h_min > 0, and h_min = {} may not be: analysis.leaders.p measures p-leaders, "
                            "which do not need it",
                            core::with_error_text(found.exponent, found.standard_error)));
    Result r = result("h_min", "h_min", found);
    r.curve = make_curve("largest", largest, {"s", length}, {"max |d|", "field"});
    return r;
  });
  /// Slope of a cumulant of ln L, made of the means of its powers.
  const auto give_cumulant = [&](const char* id, const char* title, const char* table, const char* axis,
                                 double (*cumulant)(double, double, double)) {
    const BlockTable& drawn = table_of(tables, table);
    fits.give(
        id,
        [=, &first, &second, &third] {
          bounded();
          return log_slope(
              first.x, first.blocks(),
              [&, cumulant](std::optional<std::size_t> without) {
                const auto mean = [&](const BlockTable& t) { return without ? t.mean_without(*without) : t.mean(); };
                auto y = mean(first);
                const auto two = mean(second), three = mean(third);
                for (std::size_t i = 0; i < y.size(); ++i)
                  y[i] = cumulant(y[i], two[i], three[i]) / std::numbers::ln2;
                return y;
              },
              low, high, end);
        },
        [=, &drawn](const ExponentFit& found) {
          Result r = result(id, title, found);
          r.curve = make_curve(table, drawn, {"s", length}, {axis, "1", Scale::linear});
          return r;
        });
  };
  give_cumulant("c1", "c_1", "first", "<ln L>", [](double one, double, double) { return one; });
  give_cumulant("c2", "c_2", "second", "<(ln L)^2>", [](double one, double two, double) { return two - one * one; });
  give_cumulant("c3", "c_3", "third", "<(ln L)^3>",
                [](double one, double two, double three) { return three - 3 * one * two + 2 * one * one * one; });
  const auto spectrum = [this, &tables, offset = subject.dimensions, low, high, end] {
    std::vector<MomentsOfOrder> moments;
    for (const double q : orders_)
      moments.push_back({q, &table_of(tables, leader_powers(q, "power")), &table_of(tables, leader_powers(q, "log"))});
    return legendre_spectrum(moments, offset, low, high, {"h", "1", Scale::linear}, {"D(h)", "1", Scale::linear}, end);
  };
  fits.give(
      "width",
      [=] {
        bounded();
        return spectrum().width;
      },
      [=](const ExponentFit& found) { return width_result("width", "width of D(h)", spectrum(), found); });
}

} // namespace cascade::analysis
