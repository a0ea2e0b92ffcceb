#include "analysis/structure_function/lag_tables.hpp"

#include "analysis/all_lags/all_lags.hpp"
#include "analysis/measurement/curves.hpp"
#include "analysis/measurement/grid_means.hpp"
#include "analysis/measurement/order_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <string>

namespace cascade::analysis {
namespace {

constexpr const char* of_all_lags = "all_lags";
constexpr double most_of_a_map = 1 << 22; ///< numbers: a table keeps each with its lag and weight

AllLagsRequest request_of(const LagKeys& keys) {
  AllLagsRequest request{{}, keys.map, true, keys.holes};
  for (const double p : keys.orders)
    request.orders.push_back(static_cast<int>(p));
  return request;
}

std::string lag_table(const std::string& what, const std::string& kind, int order) {
  return table_name(of_all_lags, what, kind, std::to_string(order));
}

/// One block: sums and weights by row.
BlockTable one_block(std::vector<double> x, std::vector<double> sum, std::vector<double> weight) {
  BlockTable table{std::move(x), {std::move(sum)}, {weight}, weight};
  return table;
}

/// Names of a kind's tables with their orders, in the order of the map.
struct KindOrder {
  std::string kind;
  int order;
};
std::vector<KindOrder> kinds_of(const Tables& tables) {
  std::vector<KindOrder> all;
  for (const char* kind : {"", "longitudinal", "transverse", "mixed"})
    for (int p = 1; p <= 12; ++p)
      if (find_table(tables, lag_table("", kind, p)) != nullptr)
        all.push_back({kind, p});
  return all;
}

std::string meaning(const std::string& kind, int p) {
  if (kind.empty())
    return fmt::format("<(f(x + l) - f(x))^{}>", p);
  if (kind == "longitudinal")
    return fmt::format("<u_L^{}>", p);
  if (kind == "transverse")
    return fmt::format("<u_T^{}>", p);
  return p == 3 ? "<u_L u_T^2>" : fmt::format("<u_L^{} u_T^2>", p - 2);
}

/// Largest value of a row among the realisations.
double largest_of(const BlockTable& table, std::size_t row) {
  double most = 0;
  for (std::size_t b = 0; b < table.blocks(); ++b)
    most = std::max(most, table.sum[b][row]);
  return most;
}

void say_takeover(const BlockTable& takeover, Fits& fits) {
  double lags = 0;
  for (const auto& block : takeover.sum)
    lags += block[0];
  const double left = largest_of(takeover, 2);
  if (lags > 0)
    fits.warn(
        fmt::format("all lags: roundoff of the transforms would have shown at {:.0f} lags, the longest {:.3g} box "
                    "units long; they were summed pair by pair",
                    lags, largest_of(takeover, 1)));
  if (left > 0)
    fits.warn(fmt::format("all lags: at {:.0f} lags more roundoff is left than 1e-6 of the moment, up to {:.1e} of it: "
                          "their pairs are too many to be summed one by one; ask for lower orders",
                          left, largest_of(takeover, 3)));
}

} // namespace

void validate_all_lags(const Subject& subject, const LagKeys& keys, core::Problems& problems) {
  const std::string section = "analysis.structure_function.";
  for (const double p : keys.orders) {
    if (p != std::floor(p))
      problems.add(section + "orders",
                   fmt::format("{} is no whole number, and lags: all takes whole orders alone; leave "
                               "it out, or use lags: axes",
                               order_text(p)));
    else if (!keys.with_sign && std::fmod(p, 2) != 0)
      problems.add(section + "orders",
                   fmt::format("the absolute value of an increment to the odd power {} cannot be had "
                               "at all lags; set signed: true, leave the order out, or use lags: axes",
                               order_text(p)));
  }
  const double lags = std::pow(2.0 * static_cast<double>(subject.points), subject.dimensions) / 2;
  const double numbers = lags * static_cast<double>(keys.orders.size()) * (subject.components > 1 ? 3 : 1);
  if (keys.map && numbers > most_of_a_map)
    problems.add(section + "map",
                 fmt::format("a map of {:.3g} numbers is too large, at most {:.3g}; take fewer orders or "
                             "points, or leave it out",
                             numbers, most_of_a_map));
}

Cost all_lags_cost(const Subject& subject, const core::Decomposition& grid, const LagKeys& keys) {
  const GridExtent e = extent_of(subject, grid);
  const AllLagsRequest request = request_of(keys);
  const double orders = static_cast<double>(keys.orders.size());
  const double padded = e.points * std::exp2(subject.dimensions);
  return {all_lags_memory(grid, subject.components, request),
          2 * orders * padded * (e.log_side + 1) * subject.dimensions *
              (subject.components > 1 ? subject.components : 1),
          "points x log2 n",
          rates::transform,
          "structure functions, all lags",
          bytes_of_grid_tables(subject, 2 * orders * (subject.components > 1 ? 3 : 1) + 2,
                               std::sqrt(subject.dimensions) * static_cast<double>(subject.points), 1)};
}

void measure_all_lags(const core::RealField& field, const core::Communicator& communicator, const LagKeys& keys,
                      Tables& tables) {
  const AllLags all = all_lags(field, communicator, request_of(keys));
  for (const LagCurve& curve : all.curves) {
    tables[lag_table("", curve.kind, curve.order)] = one_block(all.r, curve.sum, all.count);
    tables[lag_table("square", curve.kind, curve.order)] = one_block(all.r, curve.square, all.count);
    if (keys.map) {
      std::vector<double> place(curve.map.size());
      for (std::size_t i = 0; i < place.size(); ++i)
        place[i] = static_cast<double>(i);
      std::vector<double> known(place.size(), 1.0), values = curve.map;
      for (std::size_t i = 0; i < place.size(); ++i)
        if (!std::isfinite(values[i]))
          values[i] = known[i] = 0;
      tables[lag_table("map", curve.kind, curve.order)] =
          one_block(std::move(place), std::move(values), std::move(known));
    }
  }
  const std::vector<double> ones(all.r.size(), 1.0);
  tables[table_name(of_all_lags, "lags")] = one_block(all.r, all.lags, ones);
  const Takeover& t = all.takeover;
  tables[table_name(of_all_lags, "takeover")] =
      one_block({0, 1, 2, 3}, {t.lags, t.longest, t.left, t.worst}, std::vector<double>(4, 1.0));
  if (keys.map) {
    std::vector<double> shape(all.map_shape.begin(), all.map_shape.end());
    for (int a = 0; a < 3; ++a)
      shape.push_back(field.domain().spacing(a));
    shape.push_back(field.domain().dimensions());
    tables[table_name(of_all_lags, "shape")] =
        one_block({0, 1, 2, 3, 4, 5, 6}, std::move(shape), std::vector<double>(7, 1.0));
  }
}

void fit_all_lags(const Subject& subject, const Tables& tables, const Findings& findings, Fits& fits) {
  say_takeover(table_of(tables, table_name(of_all_lags, "takeover")), fits);
  const auto means = std::make_shared<GridMeans>(subject, findings);
  for (const auto& [kind, p] : kinds_of(tables)) {
    const std::string name = lag_table("", kind, p);
    const BlockTable& table = table_of(tables, name);
    if (p % 2 != 0 || kind == "mixed" || table.blocks() < 2)
      continue;
    const std::string component = kind;
    fits.give(fmt::format("zeta/all_lags/{}p{}", kind.empty() ? "" : kind + "/", p),
              means->plain({table, static_cast<double>(p), -1, false, component}),
              [&table, name, component, order = p](const ExponentFit& zeta) {
                Result r;
                r.quantity = "zeta";
                r.title = fmt::format("zeta_{}", order);
                r.order = order;
                r.labels = component_labels(component);
                r.labels.set("lags", std::string("all lags"));
                set_fit(r, zeta);
                r.curve = make_curve(name, table, {"r", "box side"}, {fmt::format("S_{}", order), "field^p"});
                return r;
              });
  }
}

namespace {

std::vector<double> spreads(const BlockTable& mean, const BlockTable& square) {
  std::vector<double> first = mean.mean(), second = square.mean();
  for (std::size_t i = 0; i < first.size(); ++i)
    if (mean.count[i] > 0) // a shell may have no known pairs
      first[i] = std::sqrt(std::max(0.0, second[i] - first[i] * first[i]));
  return first;
}

/// All lags of a map in both signs, from the half that was measured: S_p(-l) = sign S_p(l).
struct WholeMap {
  std::array<std::int64_t, 3> half{}, whole{};
  std::array<double, 3> spacing{};
  int dimensions = 1, first = 1;

  explicit WholeMap(const BlockTable& shape) {
    const auto& numbers = shape.sum.front();
    for (std::size_t a = 0; a < 3; ++a) {
      half[a] = whole[a] = static_cast<std::int64_t>(numbers[a]);
      spacing[a] = numbers[a + 3];
    }
    dimensions = static_cast<int>(numbers[6]);
    first = dimensions == 3 ? 0 : 1;
    auto& doubled = whole[static_cast<std::size_t>(first)];
    doubled = 2 * doubled - 1;
  }
  std::int64_t largest(std::size_t a) const { return (whole[a] - 1) / 2; }
  std::vector<double> unfold(const BlockTable& table, double sign) const {
    const std::vector<double> known = table.mean();
    const auto f = static_cast<std::size_t>(first);
    const auto at = [&](std::array<std::int64_t, 3> lag) {
      std::int64_t place = 0;
      for (std::size_t a = 0; a < 3; ++a)
        place = place * half[a] + lag[a] + (a == f ? 0 : largest(a));
      return known[static_cast<std::size_t>(place)];
    };
    std::vector<double> all;
    for (std::int64_t i = -largest(0); i <= largest(0); ++i)
      for (std::int64_t j = -largest(1); j <= largest(1); ++j)
        for (std::int64_t k = -largest(2); k <= largest(2); ++k) {
          const bool zero = i == 0 && j == 0 && k == 0;
          const bool mine = i > 0 || (i == 0 && (j > 0 || (j == 0 && k > 0)));
          all.push_back(zero ? 0.0 : mine ? at({i, j, k}) : sign * at({-i, -j, -k}));
        }
    return all;
  }
  std::vector<std::int64_t> shape() const { return {whole.begin() + (3 - dimensions), whole.end()}; }
};

} // namespace

void all_lags_datasets(const Tables& tables, Datasets& all) {
  const std::string root = std::string("/") + of_all_lags;
  const BlockTable* shape = find_table(tables, table_name(of_all_lags, "shape"));
  bool begun = false;
  for (const auto& [kind, p] : kinds_of(tables)) {
    const BlockTable& table = table_of(tables, lag_table("", kind, p));
    const auto points = static_cast<std::int64_t>(table.points());
    const std::string group = kind.empty() ? root : fmt::format("{}/{}", root, kind);
    const auto add = [&](const std::string& where, const std::vector<std::int64_t>& size, std::vector<double> values,
                         const std::string& name, const std::string& unit) {
      all.push_back({where, size, std::move(values), name, unit});
    };
    if (!begun) {
      add(root + "/r", {points}, table.x, "mean length of the lags of a shell", "box side");
      add(root + "/count", {points}, table.count, "pairs", "1");
      add(root + "/lags", {points}, table_of(tables, table_name(of_all_lags, "lags")).mean(), "lag vectors", "1");
    }
    const std::string unit = fmt::format("field^{}", p), words = meaning(kind, p);
    add(fmt::format("{}/S_{}", group, p), {points}, table.mean(), words, unit);
    add(fmt::format("{}/spread_{}", group, p), {points}, spreads(table, table_of(tables, lag_table("square", kind, p))),
        "standard deviation of " + words + " among the lags of a shell", unit);
    if (table.blocks() > 1)
      add(fmt::format("{}/error_{}", group, p), {points}, table.standard_error(), "standard error of " + words, unit);
    if (shape != nullptr) {
      const WholeMap map(*shape);
      for (std::size_t a = static_cast<std::size_t>(3 - map.dimensions); a < 3 && !begun; ++a) {
        std::vector<double> lags;
        for (std::int64_t l = -map.largest(a); l <= map.largest(a); ++l)
          lags.push_back(static_cast<double>(l) * map.spacing[a]);
        const std::string axis = core::Domain::axis_name(static_cast<int>(a));
        add(fmt::format("{}/map_l_{}", root, axis), {map.whole[a]}, std::move(lags),
            "component of the lag along axis " + axis, "box side");
      }
      add(fmt::format("{}/map_S_{}", group, p), map.shape(),
          map.unfold(table_of(tables, lag_table("map", kind, p)), kind.empty() && p % 2 != 0 ? -1 : 1), words, unit);
    }
    begun = true;
  }
}

} // namespace cascade::analysis
