#pragma once
// `sweep:` in an input: which cases a campaign has.

#include "core/input/diagnostics.hpp"
#include "core/input/parameters.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cascade::app {

/// A family of cases: fixed keys, then all combinations of the lists of `over`, then `zip`, whose lists run together as
/// one more factor. The last key of `over` runs fastest but for `zip`.
struct SweepFamily {
  std::string name;
  std::vector<core::Setting> set, over, zip;
  std::string where = "sweep"; ///< place in the input, for complaints
  void declare(core::ParameterVisitor& v);
};

/// One family directly under `sweep`, or several in `sweep.families` (`sweep: [...]` is short for that).
struct SweepSection {
  SweepFamily single;
  std::vector<SweepFamily> families;
  std::optional<std::int64_t> group_size; ///< ranks a case
  std::string seeds = "independent";
  void declare(core::ParameterVisitor& v);
};

/// One case as the sweep writes it; not yet a configuration.
struct SweepCase {
  std::string name;                  ///< family and swept values, fit to be a folder's name; unique
  std::string family;                ///< empty when there is one without a name
  std::vector<core::Setting> set;    ///< fixed keys of the family, in the order written
  std::vector<core::Setting> values; ///< swept keys
};

/// More cases than anybody waits for: a mistyped range.
inline constexpr std::int64_t most_cases = 10000;

/// All cases in order. What is wrong (empty lists, unequal zips, endless ranges, keys swept twice or not to be swept)
/// goes to `diagnostics`, at the place of the entry. Values are not looked at: reading each case as an input does that.
/// Local.
std::vector<SweepCase> expand(const SweepSection& sweep, core::Diagnostics& diagnostics);

} // namespace cascade::app
