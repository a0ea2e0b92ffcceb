// The table of measurements: adding one is one folder and one line here.

#include "analysis/approximation/measurement.hpp"
#include "analysis/blind/measurement.hpp"
#include "analysis/box_counting/measurement.hpp"
#include "analysis/increment_moments/measurement.hpp"
#include "analysis/increment_pdf/measurement.hpp"
#include "analysis/leaders/measurement.hpp"
#include "analysis/mfdfa/measurement.hpp"
#include "analysis/partition_function/measurement.hpp"
#include "analysis/spectrum/measurement.hpp"
#include "analysis/structure_function/measurement.hpp"
#include "analysis/turbulence/measurement.hpp"

namespace cascade::analysis {

const std::vector<MeasurementEntry>& measurements() {
  static const std::vector<MeasurementEntry> table = {
      {"box_counting", "box counting", "Box-counting dimension of the active set.",
       make_measurement<BoxCountingMeasurement>, Asked::alone, box_counting_law, expected_boxes},
      {"spectrum", "spectrum", "Shell-averaged energy spectrum E(k).", make_measurement<SpectrumMeasurement>,
       Asked::alone, spectrum_law, expected_spectrum, spectrum_octaves},
      {"structure_function", "structure functions", "Structure functions S_p(r) = <|f(x+r) - f(x)|^p> and zeta_p.",
       make_measurement<StructureFunctionMeasurement>, Asked::alone, structure_function_law, expected_increments},
      {"approximation", "piecewise fits",
       "Piecewise polynomial fits and the exponent alpha of their loss, L ~ N^-alpha.",
       make_measurement<ApproximationMeasurement>, Asked::always, approximation_law, expected_losses},
      {"increment_moments", "moments of increments", "Skewness and flatness of increments against r, on the grid.",
       make_measurement<IncrementMomentsMeasurement>, Asked::when_named, increment_moments_law,
       expected_increment_moments, tested_separations},
      {"partition_function", "partition sums", "Partition sums of a measure: tau(q), D_q and f(alpha), on the grid.",
       make_measurement<PartitionFunctionMeasurement>, Asked::when_named, partition_function_law},
      {"leaders", "wavelet leaders", "Log-cumulants and spectrum of wavelet leaders: how rough, and how unevenly.",
       make_measurement<LeadersMeasurement>, Asked::when_named, leaders_law},
      {"mfdfa", "detrended fluctuations", "Multifractal detrended fluctuation analysis of a line: h(q).",
       make_measurement<MfdfaMeasurement>, Asked::when_named, mfdfa_law},
      {"increment_pdf", "densities of increments",
       "Densities of increments by separation and their moments, on the grid.",
       make_measurement<IncrementPdfMeasurement>},
      {"turbulence", "laws of turbulence",
       "Third-order law, relative exponents, isotropy, scales and one-dimensional spectra of a velocity on the grid.",
       make_measurement<TurbulenceMeasurement>},
      {"blind", "blind exponents",
       "Exponents of the grid that lean on nothing but the field, beside those of every other way (fit.judge).",
       make_measurement<BlindMeasurement>, Asked::serving},
  };
  return table;
}

} // namespace cascade::analysis
