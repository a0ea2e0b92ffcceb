#pragma once
// Machines that learn a target from examples, and the table of all of them.

#include "core/input/parameters.hpp"
#include "core/points/point_cloud.hpp"
#include "core/ranks/memory_part.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace cascade::analysis {

/// Keys of a line of `learners`. Which belong to which kind: their help.
struct LearnerOptions {
  std::string kind;
  std::int64_t k = 1;
  std::string split = "kd";
  std::int64_t degree = 0;
  std::string kernel = "laplace";
  std::optional<double> length;
  double ridge = 1e-10;
  std::string method = "varpro";
  std::int64_t depth = 1;
  std::optional<std::int64_t> steps;
  double rate = 0.03;
  std::string resource = "automatic";
  std::int64_t width = 64;
  std::optional<std::int64_t> smallest, largest;

  void declare(core::ParameterVisitor& v);
  void validate(const std::string& place, core::Problems& problems) const;
};

/// What a learner is given: training points in an order of which it takes the first n, and others to be judged by. A
/// training point of weight w counts as w of them in every mean and least square; n and k count places.
struct LearnerData {
  const core::PointCloud& train;
  const core::PointCloud& test;
  std::uint64_t seed = 1;
  std::uint64_t repeat = 0;
};

/// One point of a learning curve.
struct LearnerLoss {
  double loss = 0;       ///< mean over the test points, by their weights, of |f - f_learned|^2
  double checked = 0;    ///< the same with half of the optimisation, or what else would show that it is not at its end
  double quarter = 0;    ///< the same with a quarter of a training; 0: there is none
  double start = 0;      ///< the same before any training, the output solved; 0: there is none, or it may be better
  double examples = 0;   ///< n
  double parameters = 0; ///< N
  double training_flops = 0;     ///< multiplications and additions, counted from the formulas
  std::vector<double> predicted; ///< f_learned at the test points
};

/// Made from its options; immutable. All calls are local and pure.
class Learner {
public:
  virtual ~Learner() = default;
  virtual std::string name() const = 0;     ///< unique for its options, part of an id: "nearest_neighbours_k1"
  virtual std::string title() const = 0;    ///< for people: "1-nearest-neighbour"
  virtual std::string resource() const = 0; ///< "data": sizes are n; "parameters": sizes make N
  /// Sizes of the curve by default, given so many training points in R^D, smallest first.
  virtual std::vector<std::int64_t> sizes(std::int64_t points, std::int64_t dimension) const = 0;
  /// Learns at one size, and is tested.
  virtual LearnerLoss learn(const LearnerData& data, std::int64_t size) const = 0;
  /// What learning at one size takes at most beside the data, where there are so many test points.
  virtual core::MemoryParts memory(std::int64_t size, std::int64_t points, std::int64_t dimension,
                                   std::int64_t tests) const = 0;
  /// In FLOP, roughly: for sharing sizes out.
  virtual double cost(std::int64_t size, std::int64_t points, std::int64_t dimension) const = 0;
  /// Exponent of the loss in r, the distance that n or N resolve (r = n^(-1/d)), where the target is smooth in d
  /// dimensions; 0: not known. Rough curves have that part too, and are fitted with it.
  virtual double smooth_loss_exponent(double d) const = 0;
  /// Whether a rough curve is fitted with a part of that exponent beside it.
  virtual bool fits_smooth_part() const { return true; }
  /// Whether it averages over more examples where these are noisier, as much as is best for it.
  virtual bool averages_noise() const { return false; }
  /// Whether `checked` says something: there is an optimisation that may not have ended.
  virtual bool optimises() const { return false; }
  /// Whether `checked` and `quarter` are earlier states of a training, on its way down.
  virtual bool trains() const { return true; }
  /// Whether longer training lowers the losses of all sizes by the same factor, so that an exponent is there before
  /// they are: measured of projected networks, and not so of plain Adam (docs/learning.md).
  virtual bool gains_alike() const { return true; }
  /// What `checked` was made with, for people.
  virtual std::string check() const { return "half of the optimisation"; }
};

struct LearnerEntry {
  std::string name;
  std::string summary;
  std::unique_ptr<Learner> (*make)(const LearnerOptions&);
};

/// All kinds, in the order of the input reference.
const std::vector<LearnerEntry>& learners();
std::vector<std::string> learner_names();
/// Throws std::out_of_range for a kind that is none.
std::unique_ptr<Learner> make_learner(const LearnerOptions& options);

/// last, last/2, last/4, ... down to `first`, smallest first.
std::vector<std::int64_t> doubled_sizes(std::int64_t first, std::int64_t last);
/// Mean square of predicted less true values; by the weights, where there are any.
double mean_square_error(const std::vector<double>& predicted, const std::vector<double>& truth,
                         const std::vector<double>& weights = {});
double mean_square_error(const std::vector<double>& predicted, const core::PointCloud& test);

} // namespace cascade::analysis
