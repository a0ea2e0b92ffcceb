#pragma once
// The table of generators: adding one is one file pair and one line here.

#include "core/input/parameters.hpp"
#include "solvers/generator.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace cascade::solvers {

/// A generator's parameters behind one face: what the reader fills in, the plan asks and the pipeline builds from.
class GeneratorParameters {
public:
  virtual ~GeneratorParameters() = default;
  virtual void declare(core::ParameterVisitor& v) = 0;
  virtual void validate(core::Problems& problems) const = 0;
  virtual int dimensions() const = 0;
  virtual std::int64_t points() const = 0; ///< grid points a side; 0 = no grid
  virtual int virtual_levels() const = 0;  ///< levels of the point view; 0 = none
  virtual int components() const = 0;
  virtual bool scattered() const { return false; }     ///< as Generator::scattered
  virtual bool has_increments() const { return true; } ///< structure functions have the exponents of theory
  virtual std::int64_t default_realisations() const { return 1; }
  virtual std::unique_ptr<Generator> make(std::uint64_t seed) const = 0;
  virtual std::unique_ptr<GeneratorParameters> clone() const = 0;
};

struct GeneratorEntry {
  std::string name;
  std::string summary;
  std::unique_ptr<GeneratorParameters> (*defaults)();
};

const std::vector<GeneratorEntry>& catalogue();

} // namespace cascade::solvers
