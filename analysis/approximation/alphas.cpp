#include "analysis/approximation/alphas.hpp"

#include "analysis/measurement/curves.hpp"
#include "analysis/measurement/order_text.hpp"
#include "analysis/measurement/tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace cascade::analysis {
namespace {

constexpr const char* shifted_suffix = "_shifted";

/// fit.window on the curve's own axis: that of the cell sides behind its points.
void set_window_in_pieces(Result& r, const BlockTable& table, const ExponentFit& in_s) {
  std::vector<double> inside;
  for (std::size_t i = 0; i < r.curve.x.size(); ++i) {
    const double side = table.x[r.curve.origin.points[i]];
    if (side >= in_s.window[0] * (1 - 1e-9) && side <= in_s.window[1] * (1 + 1e-9))
      inside.push_back(r.curve.x[i]);
  }
  if (!inside.empty())
    r.fit.window = {*std::min_element(inside.begin(), inside.end()), *std::max_element(inside.begin(), inside.end())};
}

} // namespace

std::string alpha_id(const std::string& partition, const std::string& average, int degree, double loss_power) {
  return fmt::format("alpha/{}/{}/k{}/q{}", partition, average, degree, order_text(loss_power));
}

std::string uniform_table(std::int64_t degree, double power, const std::string& average, bool shifted) {
  return table_name(std::string("uniform") + (shifted ? shifted_suffix : ""), std::to_string(degree), order_text(power),
                    average);
}

std::string adaptive_table(std::int64_t degree, double power, const std::string& what) {
  return table_name("adaptive", std::to_string(degree), order_text(power), what);
}

std::string cell_loss_table(std::int64_t degree, double power, const std::string& average, bool shifted) {
  return table_name(std::string("loss") + (shifted ? shifted_suffix : ""), std::to_string(degree), order_text(power),
                    average);
}

bool of_shifted_cells(const std::string& table) {
  return table.substr(0, table.find('/')).ends_with(shifted_suffix);
}

double Pieces::count(double side) const {
  if (kind == Kind::counted)
    for (std::size_t i = 0; i < cells->points(); ++i)
      if (std::abs(cells->x[i] / side - 1) < 1e-9)
        return cells->mean()[i];
  return std::pow(side, -dimension);
}

double Pieces::log2_count(double side) const {
  return kind == Kind::counted ? std::log2(count(side)) : dimension * -std::log2(side);
}

Result labelled_alpha(const LossSet& set) {
  Result r;
  r.quantity = "alpha";
  r.order = set.power;
  r.labels = loss_labels(set.partition, set.average, set.degree, set.power);
  return r;
}

Result alpha_result(const LossSet& set, const std::string& name, const BlockTable& table, const ExponentFit& in_s,
                    const Pieces& pieces, const ExponentFit* counted, bool log2) {
  Result r = labelled_alpha(set);
  set_fit(r, counted != nullptr ? ratio_of_exponents(in_s, *counted) : per_dimension(in_s, pieces.dimension));
  r.fit.note = pieces.note;
  r.evidence = pieces.kind == Pieces::Kind::geometry   ? Evidence::geometry
               : pieces.kind == Pieces::Kind::promised ? Evidence::theory
                                                       : Evidence::counted;
  const Curve by_side = make_curve(name, table, {"s", "box side"}, {"loss", "field^q"});
  std::vector<double> n;
  for (const double side : by_side.x)
    n.push_back(log2 ? pieces.log2_count(side) : pieces.count(side));
  const Axis axis = log2 ? Axis{"log2 N", "log2 of pieces", Scale::log2} : Axis{"N", "pieces"};
  r.curve = turned(against(by_side, axis, std::move(n)));
  set_window_in_pieces(r, table, in_s);
  return r;
}

} // namespace cascade::analysis
