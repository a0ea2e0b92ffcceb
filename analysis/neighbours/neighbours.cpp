#include "analysis/neighbours/neighbours.hpp"

#include <Eigen/Dense>
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wall"
#pragma GCC diagnostic ignored "-Wextra"
#include <nanoflann.hpp>
#pragma GCC diagnostic pop

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace cascade::analysis {
namespace {

using core::PointCloud;

struct Near {
  double squared;
  std::int64_t index;
  bool operator<(const Near& o) const { return squared < o.squared || (squared == o.squared && index < o.index); }
};

double squared_distance(std::span<const double> x, std::span<const double> y) {
  double sum = 0;
  for (std::size_t a = 0; a < x.size(); ++a)
    sum += (x[a] - y[a]) * (x[a] - y[a]);
  return sum;
}

/// The cloud as nanoflann asks for it.
struct CloudAdaptor {
  const PointCloud& cloud;
  std::size_t kdtree_get_point_count() const { return static_cast<std::size_t>(cloud.size()); }
  double kdtree_get_pt(std::size_t i, std::size_t a) const {
    return cloud.points[i * static_cast<std::size_t>(cloud.dimension) + a];
  }
  template <class Box>
  bool kdtree_get_bbox(Box&) const {
    return false;
  }
};

/// A result set of nanoflann: the k nearest, ties by index, whatever the order in which they are met.
struct NearestSet {
  using DistanceType = double;
  std::size_t capacity;
  std::vector<Near> kept{}; ///< a heap, the farthest first
  bool full() const { return kept.size() == capacity; }
  std::size_t size() const { return kept.size(); }
  double worstDist() const { // one step up: points at the same distance are to be met
    return full() ? std::nextafter(kept.front().squared, std::numeric_limits<double>::infinity())
                  : std::numeric_limits<double>::max();
  }
  bool addPoint(double squared, std::size_t index) {
    const Near next{squared, static_cast<std::int64_t>(index)};
    if (full()) {
      if (!(next < kept.front()))
        return true;
      std::pop_heap(kept.begin(), kept.end());
      kept.back() = next;
    } else {
      kept.push_back(next);
    }
    std::push_heap(kept.begin(), kept.end());
    return true;
  }
};

/// Radii are distances of the cloud's own points: roots are compared with them, for the square of a root is not always
/// what the root was taken of.
bool within(double squared, double radius) {
  return std::sqrt(squared) < radius;
}

struct CountSet {
  using DistanceType = double;
  double radius;
  std::size_t count = 0;
  bool full() const { return true; }
  std::size_t size() const { return count; }
  double worstDist() const { return radius * radius * (1 + 8 * std::numeric_limits<double>::epsilon()); }
  bool addPoint(double squared, std::size_t) {
    count += within(squared, radius) ? 1 : 0;
    return true;
  }
};

using KdTree = nanoflann::KDTreeSingleIndexAdaptor<nanoflann::L2_Simple_Adaptor<double, CloudAdaptor>, CloudAdaptor, -1,
                                                   std::size_t>;

void append(std::vector<Near> near, std::int64_t k, Neighbours& out) {
  std::sort(near.begin(), near.end());
  for (std::int64_t j = 0; j < k; ++j) {
    out.distance.push_back(std::sqrt(near[static_cast<std::size_t>(j)].squared));
    out.index.push_back(near[static_cast<std::size_t>(j)].index);
  }
}

constexpr std::int64_t query_block = 128, product_queries = 512, cloud_block = 1024;

/// Runs `one` for this rank's share of n queries in whole blocks.
std::pair<std::int64_t, std::int64_t> my_queries(std::int64_t n, const core::Communicator& c) {
  const std::int64_t blocks = (n + query_block - 1) / query_block;
  return {std::min(n, blocks * c.rank() / c.size() * query_block),
          std::min(n, blocks * (c.rank() + 1) / c.size() * query_block)};
}

} // namespace

struct NeighbourSearch::Tree {
  CloudAdaptor adaptor;
  KdTree tree;
  explicit Tree(const PointCloud& cloud)
      : adaptor{cloud},
        tree(static_cast<int>(cloud.dimension), adaptor, nanoflann::KDTreeSingleIndexAdaptorParams(12)) {
    tree.buildIndex();
  }
};

/// Coordinates less their mean, a column a point: far from the origin |x|^2 - 2 x.y would lose its digits. Columns are
/// made where they are needed, some at a time: the cloud is not held twice.
struct NeighbourSearch::Blocks {
  const PointCloud& points;
  Eigen::VectorXd centre;
  Eigen::VectorXd squares;
  double longest = 0;

  explicit Blocks(const PointCloud& cloud) : points(cloud) {
    const Eigen::Index D = cloud.dimension, n = cloud.size();
    centre = Eigen::VectorXd::Zero(D);
    squares.resize(n);
    for (Eigen::Index i = 0; i < n; ++i)
      for (Eigen::Index a = 0; a < D; ++a)
        centre[a] += cloud.row(i)[static_cast<std::size_t>(a)] / static_cast<double>(n);
    Eigen::MatrixXd columns;
    for (Eigen::Index c = 0; c < n; c += cloud_block) {
      const Eigen::Index count = std::min<Eigen::Index>(cloud_block, n - c);
      columns.resize(D, count);
      place(cloud, c, c + count, columns);
      squares.segment(c, count) = columns.colwise().squaredNorm().transpose();
    }
    longest = std::sqrt(squares.maxCoeff());
  }
  void place(const PointCloud& cloud, std::int64_t first, std::int64_t last, Eigen::MatrixXd& into) const {
    for (std::int64_t i = first; i < last; ++i)
      for (Eigen::Index a = 0; a < centre.size(); ++a)
        into(a, i - first) = cloud.row(i)[static_cast<std::size_t>(a)] - centre[a];
  }
  /// Of a computed |x|^2 - 2 x.y + |y|^2: products and sums of D terms each, twice over.
  double roundoff(double length) const {
    const double size = (length + longest) * (length + longest);
    return 4 * static_cast<double>(centre.size() + 4) * std::numeric_limits<double>::epsilon() * size;
  }
  /// one(block of |y|^2 - 2 x.y (cloud points x queries), first point, first query) for all blocks.
  template <class One>
  void products(const PointCloud& queries, std::int64_t first, std::int64_t last, const One& one) const {
    Eigen::MatrixXd asked, columns, product;
    for (std::int64_t q = first; q < last; q += product_queries) {
      const std::int64_t count = std::min(product_queries, last - q);
      asked.resize(centre.size(), count);
      place(queries, q, q + count, asked);
      for (std::int64_t c = 0; c < points.size(); c += cloud_block) {
        const std::int64_t height = std::min<std::int64_t>(cloud_block, points.size() - c);
        columns.resize(centre.size(), height);
        place(points, c, c + height, columns);
        product.noalias() = -2 * columns.transpose() * asked;
        product.colwise() += squares.segment(c, height);
        one(product, c, q);
      }
    }
  }
};

NeighbourSearch::NeighbourSearch(const core::PointCloud& cloud) : cloud_(cloud) {
  if (cloud.dimension <= most_tree_dimensions)
    tree_ = std::make_unique<Tree>(cloud);
  else
    blocks_ = std::make_unique<Blocks>(cloud);
}

NeighbourSearch::~NeighbourSearch() = default;

Neighbours NeighbourSearch::find(const core::PointCloud& queries, std::int64_t first, std::int64_t last, std::int64_t k,
                                 bool same) const {
  if (k < 1 || k > cloud_.size() - (same ? 1 : 0))
    throw std::invalid_argument("NeighbourSearch: k is not between 1 and the number of points");
  Neighbours out;
  out.k = k;
  out.distance.reserve(static_cast<std::size_t>((last - first) * k));
  out.index.reserve(static_cast<std::size_t>((last - first) * k));
  const auto own = [&](std::vector<Near>& near, std::int64_t q) {
    if (same)
      std::erase_if(near, [q](const Near& n) { return n.index == q; });
  };
  if (tree_ != nullptr) {
    for (std::int64_t q = first; q < last; ++q) {
      NearestSet set{static_cast<std::size_t>(k + (same ? 1 : 0))};
      tree_->tree.findNeighbors(set, queries.row(q).data(), nanoflann::SearchParams());
      own(set.kept, q);
      append(std::move(set.kept), k, out);
    }
    return out;
  }
  const auto capacity = static_cast<std::size_t>(std::min(k + 8, cloud_.size()));
  std::vector<NearestSet> sets;
  const auto finish = [&](std::int64_t begin) {
    for (std::size_t i = 0; i < sets.size(); ++i) {
      const std::int64_t q = begin + static_cast<std::int64_t>(i);
      const auto x = queries.row(q);
      const auto length = [&] {
        double sum = 0;
        for (std::size_t a = 0; a < x.size(); ++a)
          sum += (x[a] - blocks_->centre[static_cast<Eigen::Index>(a)]) *
                 (x[a] - blocks_->centre[static_cast<Eigen::Index>(a)]);
        return std::sqrt(sum);
      }();
      const double left_out = sets[i].kept.front().squared + length * length - blocks_->roundoff(length);
      std::vector<Near> near;
      for (const Near& n : sets[i].kept)
        near.push_back({squared_distance(x, cloud_.row(n.index)), n.index});
      own(near, q);
      std::sort(near.begin(), near.end());
      const bool sure =
          static_cast<std::int64_t>(capacity) == cloud_.size() ||
          (static_cast<std::int64_t>(near.size()) >= k && near[static_cast<std::size_t>(k - 1)].squared < left_out);
      if (!sure) {
        near.clear();
        for (std::int64_t j = 0; j < cloud_.size(); ++j)
          near.push_back({squared_distance(x, cloud_.row(j)), j});
        own(near, q);
      }
      append(std::move(near), k, out);
    }
    sets.clear();
  };
  std::int64_t begin = first;
  blocks_->products(queries, first, last, [&](const Eigen::MatrixXd& product, std::int64_t c, std::int64_t q) {
    if (q != begin) {
      finish(begin);
      begin = q;
    }
    sets.resize(static_cast<std::size_t>(product.cols()), NearestSet{capacity});
    for (Eigen::Index i = 0; i < product.cols(); ++i) {
      NearestSet& set = sets[static_cast<std::size_t>(i)];
      const double* column = product.col(i).data();
      for (Eigen::Index j = 0; j < product.rows(); ++j)
        if (!set.full() || column[j] < set.kept.front().squared)
          set.addPoint(column[j], static_cast<std::size_t>(c + j));
    }
  });
  finish(begin);
  return out;
}

std::vector<std::array<double, 2>> NeighbourSearch::count_within(std::int64_t first, std::int64_t last,
                                                                 const std::array<double, 2>& radii) const {
  std::vector<std::array<double, 2>> out(static_cast<std::size_t>(last - first));
  if (tree_ != nullptr) {
    for (std::int64_t q = first; q < last; ++q)
      for (std::size_t m = 0; m < 2; ++m) {
        CountSet set{radii[m]};
        tree_->tree.findNeighbors(set, cloud_.row(q).data(), nanoflann::SearchParams());
        out[static_cast<std::size_t>(q - first)][m] = static_cast<double>(set.count) - 1;
      }
    return out;
  }
  blocks_->products(cloud_, first, last, [&](const Eigen::MatrixXd& product, std::int64_t c, std::int64_t q) {
    for (Eigen::Index i = 0; i < product.cols(); ++i) {
      const std::int64_t query = q + i;
      const double square = blocks_->squares[query], slack = blocks_->roundoff(std::sqrt(square));
      for (std::size_t m = 0; m < 2; ++m) {
        const double limit = radii[m] * radii[m];
        std::int64_t count = 0;
        for (Eigen::Index j = 0; j < product.rows(); ++j) {
          const double squared = product(j, i) + square;
          if (std::abs(squared - limit) > slack)
            count += squared < limit ? 1 : 0;
          else
            count += within(squared_distance(cloud_.row(query), cloud_.row(c + j)), radii[m]) ? 1 : 0;
        }
        out[static_cast<std::size_t>(query - first)][m] += static_cast<double>(count);
      }
    }
  });
  for (auto& counts : out)
    for (double& n : counts)
      n -= 1; // the point itself
  return out;
}

core::MemoryParts search_memory(std::int64_t points, std::int64_t dimension, std::int64_t queries, std::int64_t k,
                                int ranks) {
  const auto n = static_cast<double>(points), D = static_cast<double>(dimension);
  const double answers = static_cast<double>(queries * k) * (sizeof(double) + sizeof(std::int64_t));
  constexpr double in_block = static_cast<double>(cloud_block + product_queries);
  constexpr double product = static_cast<double>(cloud_block * product_queries);
  const bool tree = dimension <= most_tree_dimensions;
  // nanoflann: an index a point, and about one node of 64 bytes for every four points
  const double search = tree ? n * (sizeof(std::int64_t) + 16) : sizeof(double) * (in_block * D + product + n);
  return {{tree ? "tree of neighbours" : "blocks of the cloud, and their products", search},
          {"neighbours", answers + (ranks > 1 ? answers / ranks : answers)}};
}

Neighbours nearest(const core::PointCloud& cloud, const core::PointCloud& queries, std::int64_t k, bool same,
                   const core::Communicator& communicator) {
  const auto [first, last] = my_queries(queries.size(), communicator);
  const Neighbours mine = NeighbourSearch(cloud).find(queries, first, last, k, same);
  return {k, communicator.gather_all(mine.distance), communicator.gather_all(mine.index)};
}

std::vector<std::array<double, 2>> count_within(const core::PointCloud& cloud, const std::array<double, 2>& radii,
                                                const core::Communicator& communicator) {
  const auto [first, last] = my_queries(cloud.size(), communicator);
  const auto mine = NeighbourSearch(cloud).count_within(first, last, radii);
  std::vector<double> flat;
  for (const auto& counts : mine)
    flat.insert(flat.end(), counts.begin(), counts.end());
  flat = communicator.gather_all(flat);
  std::vector<std::array<double, 2>> out(flat.size() / 2);
  for (std::size_t i = 0; i < out.size(); ++i)
    out[i] = {flat[2 * i], flat[2 * i + 1]};
  return out;
}

} // namespace cascade::analysis
