#include "analysis/learners/tree.hpp"

#include <Eigen/Dense>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <queue>
#include <span>

namespace cascade::analysis {
namespace {

using Rows = std::span<std::int64_t>;

constexpr std::size_t enough_for_axis = 512;
constexpr std::int64_t most_covariance_dimensions = 64;

/// x.direction < place goes left.
struct Cut {
  Eigen::VectorXd direction; ///< empty: along `axis`
  std::size_t axis = 0;
  double place = 0;
  double gain = 0;
  double along(std::span<const double> x) const {
    if (direction.size() == 0)
      return x[axis];
    double sum = 0;
    for (std::size_t a = 0; a < x.size(); ++a)
      sum += direction[static_cast<Eigen::Index>(a)] * x[a];
    return sum;
  }
};

/// Points less their mean, a column each; and the mean.
struct Centred {
  Eigen::VectorXd mean;
  Eigen::MatrixXd columns;
};

Centred centred(const core::PointCloud& cloud, std::span<const std::int64_t> rows) {
  Centred c;
  const Eigen::Index D = cloud.dimension, n = static_cast<Eigen::Index>(rows.size());
  c.columns.resize(D, n);
  for (Eigen::Index i = 0; i < n; ++i)
    for (Eigen::Index a = 0; a < D; ++a)
      c.columns(a, i) = cloud.row(rows[static_cast<std::size_t>(i)])[static_cast<std::size_t>(a)];
  c.mean = c.columns.rowwise().mean();
  c.columns.colwise() -= c.mean;
  return c;
}

Eigen::VectorXd longest_axis(const core::PointCloud& cloud, std::span<const std::int64_t> rows) {
  // the power method on the covariance of so many of the points (below twice that), from its longest row
  std::vector<std::int64_t> some;
  const std::size_t stride = std::max<std::size_t>(1, rows.size() / enough_for_axis);
  for (std::size_t i = 0; i < rows.size(); i += stride)
    some.push_back(rows[i]);
  const Centred c = centred(cloud, some);
  constexpr int steps = 30;
  Eigen::Index row = 0;
  c.columns.rowwise().squaredNorm().maxCoeff(&row);
  Eigen::VectorXd v;
  if (cloud.dimension <= most_covariance_dimensions) {
    const Eigen::MatrixXd covariance = c.columns * c.columns.transpose();
    v = covariance.col(row);
    for (int step = 0; step < steps && v.norm() > 0; ++step)
      v = covariance * (v / v.norm());
  } else { // a matrix of D^2 numbers would be the dearest of all
    v = c.columns * c.columns.row(row).transpose();
    for (int step = 0; step < steps && v.norm() > 0; ++step)
      v = c.columns * (c.columns.transpose() * (v / v.norm()));
  }
  const double length = v.norm();
  return length > 0 ? Eigen::VectorXd(v / length) : Eigen::VectorXd::Unit(cloud.dimension, 0);
}

double weight_of(const core::PointCloud& cloud, std::span<const std::int64_t> rows) {
  if (cloud.weights.empty())
    return static_cast<double>(rows.size());
  double sum = 0;
  for (const std::int64_t i : rows)
    sum += cloud.weight(i);
  return sum;
}

/// Half of the weight lies on either side.
Cut weighted_median_cut(const core::PointCloud& cloud, Rows rows, Cut cut) {
  std::vector<std::pair<double, double>> along;
  for (const std::int64_t i : rows)
    along.emplace_back(cut.along(cloud.row(i)), cloud.weight(i));
  std::sort(along.begin(), along.end());
  cut.gain = weight_of(cloud, rows);
  double left = 0;
  for (std::size_t i = 0; i < along.size() && left <= cut.gain / 2; left += along[i++].second)
    cut.place = along[i].first;
  return cut;
}

Cut median_cut(const core::PointCloud& cloud, Rows rows, Cut cut) {
  if (!cloud.weights.empty())
    return weighted_median_cut(cloud, rows, std::move(cut));
  std::vector<double> along;
  for (const std::int64_t i : rows)
    along.push_back(cut.along(cloud.row(i)));
  const auto middle = along.begin() + static_cast<std::ptrdiff_t>(along.size() / 2);
  std::nth_element(along.begin(), middle, along.end());
  cut.place = *middle;
  cut.gain = static_cast<double>(rows.size());
  return cut;
}

Cut widest_side(const core::PointCloud& cloud, Rows rows) {
  Cut cut;
  double width = -1;
  for (std::size_t a = 0; a < static_cast<std::size_t>(cloud.dimension); ++a) {
    double low = cloud.row(rows[0])[a], high = low;
    for (const std::int64_t i : rows) {
      low = std::min(low, cloud.row(i)[a]);
      high = std::max(high, cloud.row(i)[a]);
    }
    if (high - low > width) {
      width = high - low;
      cut.axis = a;
    }
  }
  return median_cut(cloud, rows, cut);
}

/// The fall of the squared error, n_l n_r/n (mean_l - mean_r)^2, is largest; no side with fewer than two points.
Cut best_fall(const core::PointCloud& cloud, Rows rows) {
  Cut best;
  best.gain = -1;
  struct Example {
    double along, target, weight;
    bool operator<(const Example& o) const { return along < o.along || (along == o.along && target < o.target); }
  };
  std::vector<Example> sorted(rows.size());
  const double n = weight_of(cloud, rows);
  for (std::size_t a = 0; a < static_cast<std::size_t>(cloud.dimension); ++a) {
    double total = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      sorted[i] = {cloud.row(rows[i])[a], cloud.target[static_cast<std::size_t>(rows[i])], cloud.weight(rows[i])};
      total += sorted[i].weight * sorted[i].target;
    }
    std::sort(sorted.begin(), sorted.end());
    double left = 0, count = 0;
    for (std::size_t i = 0; i + 2 < sorted.size(); ++i) {
      left += sorted[i].weight * sorted[i].target;
      count += sorted[i].weight;
      if (i == 0 || !(sorted[i].along < sorted[i + 1].along))
        continue;
      const double apart = left / count - (total - left) / (n - count), gain = count * (n - count) / n * apart * apart;
      if (gain > best.gain) {
        best.gain = gain;
        best.axis = a;
        best.place = sorted[i + 1].along;
      }
    }
  }
  return best;
}

/// A constant, or a linear function of the leaf's principal coordinates.
struct LeafFit {
  Eigen::VectorXd mean, slope;
  double constant = 0;
  int coefficients = 1;
};

LeafFit fit_leaf(const core::PointCloud& cloud, std::span<const std::int64_t> rows, int degree) {
  LeafFit fit;
  const double total = weight_of(cloud, rows);
  for (const std::int64_t i : rows)
    fit.constant += cloud.weight(i) * cloud.target[static_cast<std::size_t>(i)] / total;
  if (degree == 0 || rows.size() < 4)
    return fit;
  Centred c = centred(cloud, rows);
  Eigen::VectorXd roots;
  if (!cloud.weights.empty()) { // least squares by weight: about the mean by weight, all times roots of weights
    roots.resize(c.columns.cols());
    Eigen::VectorXd off = Eigen::VectorXd::Zero(cloud.dimension);
    for (Eigen::Index i = 0; i < roots.size(); ++i) {
      const double weight = cloud.weight(rows[static_cast<std::size_t>(i)]);
      roots[i] = std::sqrt(weight);
      off += weight / total * c.columns.col(i);
    }
    c.mean += off;
    c.columns.colwise() -= off;
    c.columns *= roots.asDiagonal();
  }
  const Eigen::JacobiSVD<Eigen::MatrixXd> svd(c.columns, Eigen::ComputeThinU | Eigen::ComputeThinV);
  Eigen::Index used = 0;
  const Eigen::Index most = std::min<Eigen::Index>(
      {svd.singularValues().size(), TreeLearner::most_slopes, static_cast<Eigen::Index>(rows.size() / 2) - 1});
  while (used < most && svd.singularValues()[used] > 1e-3 * svd.singularValues()[0])
    ++used;
  if (used == 0)
    return fit;
  Eigen::VectorXd y(static_cast<Eigen::Index>(rows.size()));
  for (Eigen::Index i = 0; i < y.size(); ++i)
    y[i] = cloud.target[static_cast<std::size_t>(rows[static_cast<std::size_t>(i)])] - fit.constant;
  if (roots.size() > 0)
    y.array() *= roots.array();
  const Eigen::VectorXd in_axes =
      (svd.matrixV().leftCols(used).transpose() * y).cwiseQuotient(svd.singularValues().head(used));
  fit.mean = c.mean;
  fit.slope = svd.matrixU().leftCols(used) * in_axes;
  fit.coefficients = 1 + static_cast<int>(used);
  return fit;
}

struct TreeNode {
  Cut cut;
  int left = -1, right = -1; ///< -1: a leaf
  std::size_t first = 0, count = 0;
  LeafFit fit;
};

struct Waiting {
  double gain;
  int node;
  bool operator<(const Waiting& o) const { return gain < o.gain || (gain == o.gain && node > o.node); }
};

} // namespace

TreeLearner::TreeLearner(const LearnerOptions& options)
    : split_(options.split), degree_(static_cast<int>(options.degree)), over_data_(options.resource == "data") {}

std::string TreeLearner::name() const {
  return fmt::format("tree_{}{}", split_, degree_ == 0 ? "" : "_linear");
}

std::string TreeLearner::title() const {
  return fmt::format("{}-tree, {}", split_, degree_ == 0 ? "constants" : "linear");
}

std::vector<std::int64_t> TreeLearner::sizes(std::int64_t points, std::int64_t) const {
  if (over_data_)
    return doubled_sizes(std::max<std::int64_t>(points / 64, 4 * points_a_leaf), points);
  const std::int64_t most = points / (degree_ == 0 ? 64 : 256); // means over few points have an error of their own
  std::int64_t largest = 1;
  while (2 * largest <= most)
    largest *= 2;
  return doubled_sizes(std::max<std::int64_t>(2, largest / 64), largest);
}

LearnerLoss TreeLearner::learn(const LearnerData& data, std::int64_t size) const {
  const std::int64_t n = over_data_ ? size : data.train.size();
  const std::int64_t leaves = over_data_ ? std::max<std::int64_t>(1, n / points_a_leaf) : size;
  const core::PointCloud train = data.train.first(n);
  std::vector<std::int64_t> rows(static_cast<std::size_t>(n));
  std::iota(rows.begin(), rows.end(), 0);
  std::vector<TreeNode> nodes;
  std::priority_queue<Waiting> waiting;
  const auto add = [&](std::size_t first, std::size_t count) {
    TreeNode node;
    node.first = first;
    node.count = count;
    const Rows own(rows.data() + first, count);
    if (count >= 4) {
      if (split_ == "kd")
        node.cut = widest_side(train, own);
      else if (split_ == "cart")
        node.cut = best_fall(train, own);
      else {
        Cut cut;
        cut.direction = longest_axis(train, own);
        node.cut = median_cut(train, own, cut);
      }
      waiting.push({node.cut.gain, static_cast<int>(nodes.size())});
    }
    nodes.push_back(std::move(node));
    return static_cast<int>(nodes.size()) - 1;
  };
  add(0, rows.size());
  for (std::int64_t made = 1; made < leaves && !waiting.empty();) {
    const int at = waiting.top().node;
    waiting.pop();
    const std::size_t first = nodes[static_cast<std::size_t>(at)].first,
                      count = nodes[static_cast<std::size_t>(at)].count;
    const Cut cut = nodes[static_cast<std::size_t>(at)].cut;
    const auto begin = rows.begin() + static_cast<std::ptrdiff_t>(first);
    const auto middle = std::stable_partition(begin, begin + static_cast<std::ptrdiff_t>(count),
                                              [&](std::int64_t i) { return cut.along(train.row(i)) < cut.place; });
    const auto left = static_cast<std::size_t>(middle - begin);
    if (left == 0 || left == count || cut.gain < 0)
      continue; // all alike
    const int l = add(first, left), r = add(first + left, count - left);
    nodes[static_cast<std::size_t>(at)].left = l;
    nodes[static_cast<std::size_t>(at)].right = r;
    ++made;
  }
  LearnerLoss out;
  out.examples = static_cast<double>(n);
  for (TreeNode& node : nodes)
    if (node.left < 0) {
      node.fit = fit_leaf(train, {rows.data() + node.first, node.count}, degree_);
      out.parameters += node.fit.coefficients;
    }
  std::vector<double> predicted;
  for (std::int64_t i = 0; i < data.test.size(); ++i) {
    const auto x = data.test.row(i);
    std::size_t at = 0;
    while (nodes[at].left >= 0)
      at = static_cast<std::size_t>(nodes[at].cut.along(x) < nodes[at].cut.place ? nodes[at].left : nodes[at].right);
    const LeafFit& fit = nodes[at].fit;
    double value = fit.constant;
    for (Eigen::Index a = 0; a < fit.slope.size(); ++a)
      value += fit.slope[a] * (x[static_cast<std::size_t>(a)] - fit.mean[a]);
    predicted.push_back(value);
  }
  out.loss = out.checked = mean_square_error(predicted, data.test);
  out.predicted = std::move(predicted);
  // a level: the sides or the axis of all points, or sums at every place of every coordinate, sorted
  const double deep = std::log2(static_cast<double>(leaves) + 1), points = out.examples;
  const auto width = static_cast<double>(train.dimension);
  out.training_flops = points * deep * width * (split_ == "cart" ? 8 + 2 * std::log2(points) : split_ == "pca" ? 4 : 2);
  return out;
}

core::MemoryParts TreeLearner::memory(std::int64_t size, std::int64_t points, std::int64_t dimension,
                                      std::int64_t tests) const {
  const std::int64_t examples = over_data_ ? size : points;
  const auto n = static_cast<double>(examples), D = static_cast<double>(dimension);
  double parts = n * (sizeof(std::int64_t) + (split_ == "cart" ? 3 : 1) * sizeof(double));
  if (split_ == "pca") // points an axis is of, and their covariance
    parts +=
        sizeof(double) * D * (std::min(n, 2.0 * enough_for_axis) + (dimension <= most_covariance_dimensions ? D : 3));
  if (degree_ > 0) // points of a leaf, their axes and the factors of these
    parts += 4 * sizeof(double) * n / static_cast<double>(over_data_ ? examples / points_a_leaf : size) * D;
  return {{"targets of the examples", n * sizeof(double)},
          {"tree of a learner", parts + static_cast<double>(tests) * sizeof(double)}};
}

double TreeLearner::cost(std::int64_t size, std::int64_t points, std::int64_t dimension) const {
  const auto n = static_cast<double>(over_data_ ? size : points);
  return n * static_cast<double>(dimension) * std::log2(static_cast<double>(size) + 2) * (split_ == "cart" ? 60 : 6);
}

} // namespace cascade::analysis
