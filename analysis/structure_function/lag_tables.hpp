#pragma once
// Structure functions at every lag of a grid, as tables, results and arrays of the measurement `structure_function`.

#include "analysis/measurement/cost.hpp"
#include "analysis/measurement/dataset.hpp"
#include "analysis/measurement/findings.hpp"
#include "analysis/measurement/fits.hpp"
#include "analysis/measurement/subject.hpp"
#include "analysis/measurement/tables.hpp"
#include "core/grid/field.hpp"
#include "core/input/parameters.hpp"
#include "core/ranks/communicator.hpp"

#include <vector>

namespace cascade::analysis {

struct LagKeys {
  std::vector<double> orders;
  bool with_sign = true, map = false;
  bool holes = false; ///< values of the sample are missing
};

/// What does not suit all_lags(): orders that are not whole, odd ones without their sign, maps beyond all measure.
void validate_all_lags(const Subject& subject, const LagKeys& keys, core::Problems& problems);
Cost all_lags_cost(const Subject& subject, const core::Decomposition& grid, const LagKeys& keys);

/// Tables "all_lags/<kind>/<order>": mean of the increment to the power `order`, x = mean |l| of a shell; those of
/// "all_lags/square/...": the mean over pairs of the square of a lag's mean; "all_lags/lags": lag vectors;
/// "all_lags/takeover": rows lags, longest, left, worst (all_lags.hpp); "all_lags/map/...": every lag. One block a
/// realisation. Collective.
void measure_all_lags(const core::RealField& field, const core::Communicator& communicator, const LagKeys& keys,
                      Tables& tables);

/// Exponents of even orders and of a vector's longitudinal ones: results "zeta/all_lags/<kind>/p<order>", where there
/// are realisations enough for errors. Says where sums over pairs took over.
void fit_all_lags(const Subject& subject, const Tables& tables, const Findings& findings, Fits& fits);

/// "/all_lags": r, count, lags, and of each order (of a vector in a group a kind) S_, error_ (of realisations) and
/// spread_<order>, map_S_<order> and the lags of the map. S_p of all realisations together.
void all_lags_datasets(const Tables& tables, Datasets& all);

/// `lags: directions`: tables "directions/<kind>/<order>" (analysis/all_lags/directions.hpp), results
/// "zeta/directions/<kind>/p<order>".
Cost directions_cost(const Subject& subject, const core::Decomposition& grid, const std::vector<double>& orders,
                     bool many);
void measure_directions(const core::RealField& field, const core::Communicator& communicator,
                        const std::vector<double>& orders, bool many, bool holes, Tables& tables);
/// Arrays "<root>/<kind>/r", S_<order>, error_<order>, count of the tables "<name>/<kind>/<order>", whether or not an
/// exponent could be fitted to them.
void curve_datasets(const Tables& tables, const std::string& name, const std::string& root,
                    const std::vector<double>& orders, Datasets& all);
void fit_directions(const Subject& subject, const std::vector<double>& orders, const Tables& tables,
                    const Findings& findings, Fits& fits);

} // namespace cascade::analysis
