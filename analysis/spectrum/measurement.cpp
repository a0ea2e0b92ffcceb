#include "analysis/spectrum/measurement.hpp"

#include "analysis/blind/taper.hpp"
#include "analysis/fit/hotelling.hpp"
#include "analysis/fit/spectrum_fit.hpp"
#include "analysis/measurement/curves.hpp"
#include "analysis/spectrum/spectrum.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace cascade::analysis {
namespace {

/// Means over bins of shells; of errors the root of the sum of squares, over the number.
std::vector<double> bin_means(const std::vector<double>& shells, bool errors = false) {
  const auto bins = spectrum_bins(shells.size());
  std::vector<double> result;
  for (std::size_t b = 0; b + 1 < bins.size(); ++b) {
    double sum = 0;
    for (std::size_t k = bins[b]; k < bins[b + 1]; ++k)
      sum += errors ? shells[k] * shells[k] : shells[k];
    result.push_back((errors ? std::sqrt(sum) : sum) / static_cast<double>(bins[b + 1] - bins[b]));
  }
  return result;
}

bool is_periodic(const core::Domain& domain) {
  return domain.periodic(0) && domain.periodic(1) && domain.periodic(2);
}

/// Of a box that is not periodic: of the field under a taper, so that energies are those of the field again, and their
/// errors those of the fewer modes that count.
Spectrum tapered_spectrum(const core::RealField& field, const core::Communicator& communicator) {
  const core::Domain& own = field.domain();
  core::Axes axes;
  for (int axis = own.first_axis(); axis < 3; ++axis)
    axes.push_back({own.points(axis), own.length(axis), true});
  Spectrum s = spectrum(coefficients_of(tapered(field, core::Domain(axes), communicator), communicator), communicator);
  const double power = power_under_taper(own), fewer = 1 / std::sqrt(share_under_taper(own));
  for (std::size_t k = 0; k < s.energy.size(); ++k) {
    s.energy[k] /= power;
    s.standard_error[k] *= fewer / power;
  }
  return s;
}

} // namespace

std::vector<Cost> SpectrumMeasurement::cost(const Subject& subject, const core::Decomposition* grid) const {
  if (grid == nullptr)
    return {};
  const GridExtent e = extent_of(subject, *grid);
  constexpr double bins = 512 + 46 * 16, tables = 2; // single shells and 32 bins for each octave beyond them
  core::MemoryParts memory = spectrum_memory(*grid, subject.components);
  if (!is_periodic(grid->domain()))
    memory.push_back({"tapered field", static_cast<double>(e.field_bytes)});
  return {{std::move(memory),
           e.points * e.log_side * e.axes,
           "points x log2 n",
           rates::transform,
           {},
           bytes_of_grid_tables(subject, tables, std::min(bins, static_cast<double>(subject.points)), 1)}};
}

void SpectrumMeasurement::measure_grid(const core::GridSample& sample, const Subject&, const Batch& batch,
                                       Tables& tables) const {
  if (sample.missing > 0)
    return; // no transform
  const Spectrum s = is_periodic(sample.field.domain())
                         ? spectrum(coefficients_of(sample.field, batch.ranks), batch.ranks)
                         : tapered_spectrum(sample.field, batch.ranks);
  const auto wavenumber = bin_means(s.mean_wavenumber);
  const auto modes = bin_means(std::vector<double>(s.modes.begin(), s.modes.end()));
  const auto one_block = [&](const std::vector<double>& values) {
    return BlockTable{wavenumber, {values}, {std::vector<double>(values.size(), 1.0)}, modes};
  };
  tables["energy"] = one_block(bin_means(s.energy));
  tables["error"] = one_block(bin_means(s.standard_error, true));
}

void SpectrumMeasurement::fit(const Subject& subject, View, const Tables& tables, const Findings& findings,
                              Fits& fits) const {
  if (find_table(tables, "energy") == nullptr) {
    fits.warn("grid/spectrum_slope: values are missing, and a transform needs all of them; no exponent is given");
    return;
  }
  const BlockTable& energy = table_of(tables, "energy");
  const std::vector<double> error = table_of(tables, "error").mean();
  const double highest = static_cast<double>(subject.points) / 4 / subject.largest(1),
               lowest = 4 / subject.grid().longest();
  fits.give_anyhow(
      "spectrum_slope", [&energy, error, lowest, highest] { return fit_spectrum(energy, error, lowest, highest); },
      [&energy, error, &findings, judge = subject.judge](const ExponentFit* slope, const std::string& why) {
        Result r;
        r.quantity = "spectrum_slope";
        r.title = "spectrum slope";
        if (slope != nullptr)
          set_fit(r, *slope);
        r.curve = make_curve("energy", energy, {"k", "waves per box side"}, {"E", "field^2"});
        if (energy.blocks() < 2)
          r.curve.standard_error = error;
        Answers answers{{Way::plain, slope != nullptr ? answer_of(*slope) : no_answer(why)}};
        if (const auto second = findings.blind.find(2); second != findings.blind.end())
          answers[Way::blind] = linear(second->second, -1, -1);
        settle(r, std::move(answers), judge);
        return r;
      });
}

Expected expected_spectrum(const theory::Expectation& expectation, const Result&, const BlockTable&,
                           const theory::Activity* counts) {
  Expected expected;
  if (const auto shells = expectation.spectrum(counts))
    expected.values = bin_means(*shells);
  return expected;
}

std::vector<Combination> spectrum_octaves(const Subject& subject, const BlockTable& table,
                                          const std::vector<double>& expected, std::size_t most) {
  const double corner = static_cast<double>(subject.points / 2) * std::sqrt(subject.dimensions);
  const auto bins = spectrum_bins(static_cast<std::size_t>(std::lround(corner)) + 1);
  std::map<int, Combination> octaves;
  std::map<int, double> modes;
  for (std::size_t b = 0; b + 1 < bins.size() && b < table.points(); ++b) {
    if (bins[b] == 0 || !(expected[b] > 0))
      continue;
    const int octave = static_cast<int>(std::log2(static_cast<double>(bins[b])));
    const auto width = static_cast<double>(bins[b + 1] - bins[b]);
    octaves[octave][b] = width;
    modes[octave] += width * table.count[b] / static_cast<double>(subject.realisations);
  }
  std::vector<Combination> usable, chosen;
  for (const auto& [octave, combination] : octaves)
    if (modes[octave] >= fewest_cells_to_test)
      usable.push_back(combination);
  for (const std::size_t place : evenly_spread(usable.size(), most))
    chosen.push_back(usable[place]);
  return chosen;
}

} // namespace cascade::analysis
