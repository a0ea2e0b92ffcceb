#pragma once
// Inputs with `task: scaling_law`: their sections and how they are read.

#include "app/input/input.hpp"
#include "app/input/sections.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cascade::app {

/// The laws themselves: running exponents over a pedestal, what an exponent costs.
struct PedestalSection {
  double exponent = 1.0 / 3.0;
  std::vector<double> fractions{0.01, 0.05, 0.1, 0.2};
  double largest = 1e6;
  std::int64_t points_per_decade = 16;
  std::vector<double> exponents{0.05, 0.076, 0.095, 0.1, 1.0 / 3.0, 0.5, 2};
  std::vector<double> amplitudes{10, 1000, 1e6};
  std::vector<double> dimensions{1, 2, 3, 10, 30, 100, 300, 1000};
  double hurst = 1.0 / 3.0;
  void declare(core::ParameterVisitor& v);
};

struct FilterSection {
  std::string column;
  std::string equals;
  std::optional<double> at_least, at_most;
  void declare(core::ParameterVisitor& v);
};

struct LossTableSection {
  std::string file;
  std::string loss = "loss";
  std::string x;
  std::string z;
  bool z_is_compute = false;
  std::vector<FilterSection> filters;
  std::int64_t drop_highest = 0;
  std::string model = "pedestal";
  std::vector<std::string> objectives{"least_squares"};
  double delta = 1e-3;
  std::string method = "variable_projection";
  std::int64_t bootstrap = 1000;
  double held_out = 0.2;
  void declare(core::ParameterVisitor& v);
  void validate(core::Problems& problems) const;
};

struct ReferenceMethodsSection {
  std::vector<std::int64_t> dimensions{1, 2, 3};
  std::int64_t coarsest = 8;
  std::int64_t most_points = 2000000;
  std::int64_t fewest_samples = 64;
  std::int64_t doublings = 10;
  std::int64_t repeats = 400;
  void declare(core::ParameterVisitor& v);
};

struct NoisySamplesSection {
  double hurst = 1.0 / 3.0;
  double noise = 1;
  std::int64_t samples = 16384;
  std::int64_t fields = 64;
  std::int64_t repeats = 16;
  std::int64_t fewest_pieces = 4;
  std::int64_t most_pieces = 512;
  std::vector<double> signal_to_noise{1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1, 10};
  void declare(core::ParameterVisitor& v);
  void validate(core::Problems& problems) const;
};

/// Complete and checked; made by load_scaling_config() only. Plain value, the same on every rank.
struct ScalingConfig : InputSource {
  std::string study;
  RunSection run;
  std::vector<double> band{0.05, 0.1}; ///< the exponents whose smallness is to be explained
  PedestalSection pedestal;
  LossTableSection loss_table;
  ReferenceMethodsSection reference_methods;
  NoisySamplesSection noisy_samples;
  CheckSection check;
  OutputSection output;

  std::uint64_t seed() const { return static_cast<std::uint64_t>(run.seed); }
  std::string json() const;
  void declare(core::ParameterVisitor& v);
  /// The keys that fields do not have: study and its sections.
  void declare_studies(core::ParameterVisitor& v);
  void validate(core::Problems& problems) const;
  /// Where the loss table is: loss_table.file, relative to the folder of the input file.
  std::string table_file() const;
};

/// As load_config(), for `task: scaling_law`.
ScalingConfig load_scaling_config(const Input& input);

} // namespace cascade::app
