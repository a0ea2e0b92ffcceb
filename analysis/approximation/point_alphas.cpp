#include "analysis/approximation/point_alphas.hpp"

#include "analysis/approximation/alphas.hpp"
#include "analysis/approximation/level_alphas.hpp"
#include "analysis/measurement/point_means.hpp"

#include <algorithm>

namespace cascade::analysis {
namespace {

const char* const by_geometry = "N = s^-D is geometry, not counted";

Pieces pieces_of(const Subject& subject, const BlockTable* cells, bool oracle) {
  const double D = subject.dimensions;
  if (subject.alive == AliveCells::all && subject.scattered)
    return {
        Pieces::Kind::geometry, D, nullptr,
        std::string("the field fills its space: every cell is active, and a partition that knows them is the uniform "
                    "one; ") +
            by_geometry};
  if (!oracle)
    return {Pieces::Kind::geometry, D, nullptr, by_geometry};
  if (subject.alive == AliveCells::walked)
    return {Pieces::Kind::counted, D, cells, "N counted by tree descent"};
  return {Pieces::Kind::promised, subject.promised_dimension.value(), nullptr,
          "N = s^-d is the generator's own theory, not counted: the measured exponent is that of the loss in s, and "
          "this alpha is no evidence about d"};
}

} // namespace

void fit_lattice_alphas(const ApproximationSettings& settings, const Subject& subject, const Tables& tables,
                        const Findings& findings, Fits& fits) {
  const BlockTable* cells = settings.random_origin() ? find_table(tables, "pieces") : findings.cells;
  Fits::Number counted = 0;
  if (cells != nullptr)
    counted = fits.add([cells, &findings] { return fit_pieces(*cells, findings); });
  auto degrees = settings.degrees;
  std::sort(degrees.begin(), degrees.end());
  for (const std::int64_t k : degrees)
    for (const double q : settings.loss_powers)
      for (const std::string& average : settings.averages) {
        const int degree = static_cast<int>(k);
        const std::string name = cell_loss_table(degree, q, average, settings.random_origin());
        const bool volume = average == "volume";
        const BlockTable* const levels = volume ? find_table(tables, level_table(degree, q)) : nullptr;
        if (levels != nullptr && settings.partition("uniform")) {
          const LossSet set{"uniform", average, degree, q};
          fits.give(
              alpha_id(set.partition, average, degree, q), [=, &subject] { return fit_levels(*levels, subject); },
              [=, &subject](const ExponentFit& fit) {
                Result r = alpha_result(set, level_table(set.degree, set.power), *levels, fit,
                                        pieces_of(subject, nullptr, false), nullptr, false);
                r.fit.note += "; cells are drawn towards large errors, which carry the loss";
                r.curve.count.clear(); // cells drawn so are no draws by volume
                return r;
              });
          continue;
        }
        if (!cells_drawn_by_volume(settings, subject))
          continue;
        const BlockTable& table = table_of(tables, name);
        const BlockTable* squares = find_table(tables, cell_loss_table(degree, 2, average, settings.random_origin()));
        const Fits::Number in_s = fits.add([=, &table, &findings] {
          return fit_point_mean({table, q, degree + 1, volume, "s", squares}, findings);
        });
        for (const char* partition : {"uniform", "oracle"}) {
          const bool oracle = std::string(partition) == "oracle";
          if (!settings.partition(partition) || (oracle && volume)) // the alive cells do not tile the volume
            continue;
          const Pieces pieces = pieces_of(subject, cells, oracle);
          const LossSet set{partition, average, degree, q};
          fits.give(alpha_id(partition, average, degree, q), in_s, [=, &table, &fits](const ExponentFit& fit) {
            return alpha_result(set, name, table, fit, pieces, oracle ? &fits.made(counted) : nullptr, false);
          });
        }
      }
}

void fit_scattered_alphas(const ApproximationSettings& settings, const Subject& subject, const Tables& tables,
                          const Findings& findings, Fits& fits) {
  const bool fills = subject.alive == AliveCells::all;
  if (!fills && settings.average("volume"))
    fits.warn("losses over the volume are not measured: in many dimensions hardly any of it is active; averages: "
              "[active] says so in the input");
  const BlockTable* cells = findings.cells;
  Fits::Number counted = 0;
  if (cells != nullptr)
    counted = fits.add([cells, &findings] { return fit_pieces(*cells, findings); });
  for (const std::int64_t k : settings.degrees)
    for (const double q : settings.loss_powers) {
      const int degree = static_cast<int>(k);
      const std::string name = cell_loss_table(degree, q);
      const BlockTable& table = table_of(tables, name);
      const BlockTable* squares = find_table(tables, cell_loss_table(degree, 2));
      const Fits::Number in_s = fits.add([=, &table, &findings] {
        return fit_point_mean({table, q, degree + 1, false, "s", squares}, findings);
      });
      for (const std::string& average : settings.averages)
        for (const char* partition : {"uniform", "oracle"}) {
          const bool volume = average == "volume", oracle = std::string(partition) == "oracle";
          if (!settings.partition(partition) || (volume && (oracle || !fills)))
            continue;
          if (oracle && subject.alive == AliveCells::shown && !subject.promised_dimension)
            continue; // nobody can say how many cells there are
          const Pieces pieces = pieces_of(subject, cells, oracle);
          const LossSet set{partition, average, degree, q};
          const bool by_count = pieces.kind == Pieces::Kind::counted;
          fits.give(alpha_id(partition, average, degree, q), in_s, [=, &table, &fits](const ExponentFit& fit) {
            return alpha_result(set, name, table, fit, pieces, by_count ? &fits.made(counted) : nullptr, true);
          });
        }
    }
}

} // namespace cascade::analysis
