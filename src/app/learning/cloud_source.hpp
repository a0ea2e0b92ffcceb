#pragma once
// The clouds of a case: all points, and training and test points of a repeat.

#include "app/learning/config.hpp"
#include "core/points/point_cloud.hpp"
#include "core/ranks/communicator.hpp"
#include "core/ranks/memory_part.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace cascade::app {

/// What a generator promises of its data; nothing known of a file.
struct Declared {
  std::optional<double> dimension; ///< d
  std::optional<double> hurst;     ///< of S_2; absent for smooth targets and where there is none
  bool smooth = false;
  bool noisy = false;   ///< what is learned
  bool off_set = false; ///< noise moves points off the set, whose d and h are then not those of near points
};

class CloudSource {
public:
  /// Reads the file, where there is one. Throws core::Error(bad_input) with what is wrong with it. Collective.
  CloudSource(const LearningConfig& config, const LearningCase& which, const core::Communicator& ranks);

  struct Split {
    core::PointCloud train, test;
  };
  /// All points; those of a file in random order, its target standardised. Collective.
  core::PointCloud whole() const;
  /// Generated: fresh points, and a fresh target where asked. Of a file: rows held out by the hash of (seed, repeat,
  /// row), the others in the order of that hash, so that the first n of them are nested. Collective.
  Split split(std::uint64_t repeat) const;

  bool has_target() const;
  bool from_file() const { return case_.data.from_file(); }
  bool rounded() const { return rounded_; } ///< a file, some coordinate of which has a step (steps_of)
  std::int64_t points() const;              ///< n of whole()
  std::int64_t train_points() const;        ///< of a split
  std::int64_t dimension() const;           ///< D
  Declared declared() const;
  const std::string& description() const { return description_; }
  const std::vector<std::string>& warnings() const { return warnings_; }

private:
  const LearningConfig& config_;
  const LearningCase& case_;
  const core::Communicator& ranks_;
  core::PointCloud rows_; ///< of a file
  bool rounded_ = false;
  std::string description_;
  std::vector<std::string> warnings_;
};

} // namespace cascade::app
