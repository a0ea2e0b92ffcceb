#include "app/scaling/optimum/gpu.hpp"

#include "core/talk/numbers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <stdexcept>

namespace cascade::app {
namespace {

// Data sheets of NVIDIA (V100, A100 and H100 SXM, H200, B200) and AMD (MI250X, MI300X): dense, without sparsity.
constexpr Gpu gpus[] = {{"H100", 989.4e12, 700},   {"A100", 312e12, 400},   {"V100", 125e12, 300},
                        {"H200", 989.4e12, 700},   {"B200", 2250e12, 1000}, {"MI250X", 383e12, 560},
                        {"MI300X", 1307.4e12, 750}};

} // namespace

std::vector<std::string> gpu_names() {
  std::vector<std::string> names;
  for (const Gpu& gpu : gpus)
    names.emplace_back(gpu.name);
  return names;
}

const Gpu& gpu_of(const std::string& name) {
  const auto* const at = std::find_if(std::begin(gpus), std::end(gpus), [&](const Gpu& g) { return name == g.name; });
  if (at == std::end(gpus))
    throw std::out_of_range("no GPU " + name);
  return *at;
}

ComputeCost cost_of(double compute, const Gpu& gpu, double utilisation, double facility, double price) {
  const double hours = compute / (3600 * gpu.peak * utilisation);
  return {hours, hours * gpu.watts * facility / 1e6, hours * price};
}

std::string cost_words(const ComputeCost& cost) {
  return fmt::format("{} GPU hours, {} MWh, {} money", core::number_text(cost.hours),
                     core::number_text(cost.megawatt_hours), core::number_text(cost.money));
}

} // namespace cascade::app
