#pragma once
// One layer of ReLU units on a cloud, and the linear functions of its outputs.

#include "core/points/point_cloud.hpp"
#include "core/random/random.hpp"

#include <Eigen/Core>

#include <cstdint>

namespace cascade::analysis {

/// Coordinates shifted and scaled so that those of the training points, by their weights, have mean 0 and, all
/// together, variance D/D = 1; with them a row of ones, so that a bias is a weight. Columns are points.
struct NetworkInputs {
  Eigen::VectorXd centre;
  double scale = 1;
  explicit NetworkInputs(const core::PointCloud& train);
  Eigen::MatrixXd columns(const core::PointCloud& cloud, std::int64_t first, std::int64_t count) const;
};

/// Weights (units x (D + 1)) of units relu(w.(x - x_i)), directions w isotropic of length 1, x_i training points drawn
/// at random: the hinge of every unit lies among the data. Unit u of (seed, repeat) is the same at any width.
Eigen::MatrixXd hinges_on_data(const Eigen::MatrixXd& points, std::int64_t units, std::uint64_t seed,
                               core::Stream stream, std::uint64_t repeat);

/// Rows 0 .. m-1: relu(W x); row m: ones.
void relu_features(const Eigen::MatrixXd& weights, const Eigen::MatrixXd& inputs, Eigen::MatrixXd& features);

/// Least squares of a^T features = y over all columns, by the normal matrix with a ridge of `ridge` times its mean
/// diagonal.
Eigen::VectorXd solve_output(const Eigen::MatrixXd& features, const Eigen::VectorXd& y, double ridge);

/// The same for any number of points, features made block by block. `roots`: square roots of the points' weights;
/// empty: all are 1.
Eigen::VectorXd solve_output(const Eigen::MatrixXd& weights, const Eigen::MatrixXd& inputs, const Eigen::VectorXd& y,
                             const Eigen::VectorXd& roots, double ridge);

Eigen::VectorXd targets_of(const core::PointCloud& cloud, std::int64_t first, std::int64_t count);

/// Square roots of the weights; empty where all are 1. Least squares by weight is that of columns and targets times
/// these.
Eigen::VectorXd weight_roots(const core::PointCloud& cloud, std::int64_t first, std::int64_t count);

} // namespace cascade::analysis
