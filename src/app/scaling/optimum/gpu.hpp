#pragma once
// What compute costs on hardware that people rent.

#include <string>
#include <vector>

namespace cascade::app {

/// A GPU by its data sheet: peak of dense bfloat16 in FLOP/s, board power in watts.
struct Gpu {
  const char* name;
  double peak, watts;
};

std::vector<std::string> gpu_names();
const Gpu& gpu_of(const std::string& name); ///< throws std::out_of_range

/// hours = C/(3600 peak utilisation); MWh = hours watts facility/1e6; money = hours price.
struct ComputeCost {
  double hours = 0, megawatt_hours = 0, money = 0;
};
ComputeCost cost_of(double compute, const Gpu& gpu, double utilisation, double facility, double price);

/// "412,708 GPU hours, 346.7 MWh, 1.032e6 money".
std::string cost_words(const ComputeCost& cost);

} // namespace cascade::app
