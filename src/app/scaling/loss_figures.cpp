#include "app/scaling/loss_figures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace cascade::app {

using analysis::LossParameters;
using analysis::LossTable;

Figure loss_figure(const LossTableStudy& s, const LossRow& row) {
  const LossTable& table = s.table;
  const LossParameters& p = row.parameters();
  Figure f{"losses",
           "Losses and law",
           fmt::format("{}, {}; x: {}. Dashed: the reducible part A/x^alpha.{}", loss_formula(row.fit().model),
                       row.objective, s.x_name(),
                       table.two_variables() ? " The term of the second variable is taken off the points." : ""),
           s.x_name(),
           table.two_variables() ? fmt::format("{} - B/({})^beta", s.loss, s.z_name()) : s.loss,
           true,
           {}};
  Series points{"table", "points", table.x, {}, {}}, law{"law", "line", {}, {}, {}},
      part{"reducible part", "dashed", {}, {}, {}};
  for (std::size_t i = 0; i < table.size(); ++i)
    points.y.push_back(table.loss[i] -
                       (table.two_variables() ? p.second_amplitude * std::pow(table.z[i], -p.beta) : 0));
  const auto [low, high] = std::minmax_element(table.x.begin(), table.x.end());
  for (int i = 0; i <= 100; ++i) {
    const double x = *low * std::pow(10 * *high / *low, i / 100.0);
    law.x.push_back(x);
    law.y.push_back(p.pedestal + p.amplitude * std::pow(x, -p.alpha));
    part.x.push_back(x);
    part.y.push_back(p.amplitude * std::pow(x, -p.alpha));
  }
  f.series = {law, part, points};
  return f;
}

Figure running_figure(const LossTableStudy& s, const std::vector<double>& band, const LossRow& row) {
  const LossTable& table = s.table;
  Figure f{
      "running_data",
      "Running exponent of the data",
      "Slopes of log L over neighbouring points with their standard errors; the line is the fitted law's own running "
      "exponent, the dashed one its alpha.",
      s.x_name(),
      "running exponent",
      false,
      {},
      band,
      fmt::format("band {:g} to {:g}", band[0], band[1])};
  const LossParameters& p = row.parameters();
  Series law{"law", "line", {}, {}, {}}, alpha{"alpha", "dashed", {}, {}, {}};
  const auto [low, high] = std::minmax_element(table.x.begin(), table.x.end());
  for (int i = 0; i <= 100; ++i) {
    const double x = *low * std::pow(*high / *low, i / 100.0), reducible = p.amplitude * std::pow(x, -p.alpha);
    law.x.push_back(x);
    law.y.push_back(p.alpha * reducible / (reducible + p.pedestal));
    alpha.x.push_back(x);
    alpha.y.push_back(p.alpha);
  }
  Series data{"data", "points", {}, {}, {}};
  for (const analysis::LocalSlope& slope : row.outlook.slopes) {
    data.x.push_back(slope.x);
    data.y.push_back(slope.exponent);
    data.error.push_back(slope.standard_error);
  }
  f.series = {law, alpha, data};
  return f;
}

Figure residual_figure(const LossTableStudy& s, const LossRow& row) {
  const LossTable& table = s.table;
  const LossParameters& p = row.parameters();
  Figure f{"residuals",
           "What the law misses",
           fmt::format("Loss over law, less one, {}. A law that describes the table leaves no runs of one sign.",
                       row.objective),
           s.x_name(),
           s.loss + "/law - 1",
           false,
           {}};
  Series points{"table", "points", table.x, {}, {}};
  for (std::size_t i = 0; i < table.size(); ++i)
    points.y.push_back(table.loss[i] / p.loss(table.x[i], table.two_variables() ? table.z[i] : 1) - 1);
  const auto [low, high] = std::minmax_element(table.x.begin(), table.x.end());
  f.series = {{"law", "line", {*low, *high}, {0, 0}, {}}, points};
  return f;
}

} // namespace cascade::app
