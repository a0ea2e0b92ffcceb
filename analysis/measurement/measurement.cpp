#include "analysis/measurement/measurement.hpp"

#include <stdexcept>

namespace cascade::analysis {

void Measurement::measure_grid(const core::GridSample&, const Subject&, const Batch&, Tables&) const {
  throw std::logic_error("a measurement with a cost on the grid has no measure_grid()");
}

void Measurement::measure_points(const core::PointSource&, const Subject&, const Batch&, Tables&) const {
  throw std::logic_error("a measurement with a cost on points has no measure_points()");
}

std::string MeasurementEntry::step(const Subject& subject, View view) const {
  return title + (view == View::grid ? ", grid" : subject.scattered ? ", scattered" : ", sampled");
}

const MeasurementEntry* find_measurement(const std::string& name) {
  for (const MeasurementEntry& entry : measurements())
    if (entry.name == name)
      return &entry;
  return nullptr;
}

} // namespace cascade::analysis
