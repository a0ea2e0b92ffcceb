#pragma once
// A generator's parameters: what the reader fills in, the plan asks and the pipeline builds from.

#include "core/input/parameters.hpp"
#include "solvers/generator.hpp"

#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace cascade::solvers {

/// What is known of a field before anything is made.
struct Shape {
  int dimensions = 3; ///< D
  int components = 1;
  std::int64_t points = 0; ///< grid points a side; 0: no grid view
  bool activity = false;   ///< a field on the grid says, a byte a point, how many levels are alive there
  int levels = 0;          ///< the point view is a virtual grid of 2^levels points a side; 0: no point view
  /// The point view is measured on cells of random points instead of pairs and lattices by descent: fields without a
  /// tree, and those that jump across the faces of cells.
  bool scattered = false;
  bool tilted = false;           ///< realisations of the point view can be drawn towards what carries high moments
  bool increments = true;        ///< structure functions of the point view have the exponents of the law
  std::int64_t realisations = 1; ///< as many as are made unless the input says otherwise
  /// The grid where it is another than a periodic cube of side 1: `points` are then those of its shortest axis.
  std::optional<core::Domain> box{};
  bool missing = false;               ///< values may be missing, which are NaN then, and left out
  bool given = false;                 ///< comes from outside: nothing is known of it but its values
  std::vector<std::string> assumed{}; ///< what was guessed of it where nothing says it: sentences for the report
};

/// The parameters of some generator behind one face.
class GeneratorParameters {
public:
  virtual ~GeneratorParameters() = default;
  virtual void declare(core::ParameterVisitor& v) = 0;
  virtual void validate(core::Problems& problems) const = 0;
  virtual Shape shape() const = 0;
  virtual std::unique_ptr<Generator> make(std::uint64_t seed) const = 0;
  virtual std::unique_ptr<GeneratorParameters> clone() const = 0;
  /// Names of files in the keys are relative to this folder, that of the input.
  virtual void look_from(const std::string&) {}
};

/// A plain struct that names its keys, finds what is wrong with them, and says what they come to.
template <class P>
concept ParameterStruct = requires(P p, const P& read, core::ParameterVisitor& v, core::Problems& problems) {
  p.declare(v);
  read.validate(problems);
  { read.shape() } -> std::same_as<Shape>;
};

template <ParameterStruct P, std::constructible_from<const P&, std::uint64_t> Made>
class ParametersOf final : public GeneratorParameters {
public:
  void declare(core::ParameterVisitor& v) override { parameters_.declare(v); }
  void validate(core::Problems& problems) const override { parameters_.validate(problems); }
  Shape shape() const override { return parameters_.shape(); }
  std::unique_ptr<Generator> make(std::uint64_t seed) const override {
    return std::make_unique<Made>(parameters_, seed);
  }
  std::unique_ptr<GeneratorParameters> clone() const override { return std::make_unique<ParametersOf>(*this); }

  void look_from(const std::string& folder) override {
    if constexpr (requires { parameters_.look_from(folder); })
      parameters_.look_from(folder);
  }

private:
  P parameters_;
};

struct GeneratorEntry {
  std::string name;
  std::string summary;
  std::unique_ptr<GeneratorParameters> (*defaults)();
};

/// A line of the catalogue: the generator `Made`, constructed from (Parameters, seed).
template <class Parameters, class Made>
GeneratorEntry entry(const char* name, const char* summary) {
  return {name, summary, [] { return std::unique_ptr<GeneratorParameters>(new ParametersOf<Parameters, Made>); }};
}

} // namespace cascade::solvers
