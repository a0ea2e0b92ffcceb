#pragma once
// Some variables of a small problem: vectors and matrices cut down to them, without allocation.

#include <Eigen/Core>

#include <vector>

namespace cascade::analysis {

/// At most six variables.
using SmallVector = Eigen::Matrix<double, Eigen::Dynamic, 1, 0, 6, 1>;
using SmallMatrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, 0, 6, 6>;

inline SmallVector picked(const SmallVector& all, const std::vector<int>& which) {
  SmallVector out(static_cast<Eigen::Index>(which.size()));
  for (Eigen::Index i = 0; i < out.size(); ++i)
    out[i] = all[which[static_cast<std::size_t>(i)]];
  return out;
}

inline SmallMatrix picked(const SmallMatrix& all, const std::vector<int>& rows, const std::vector<int>& columns) {
  SmallMatrix out(static_cast<Eigen::Index>(rows.size()), static_cast<Eigen::Index>(columns.size()));
  for (Eigen::Index i = 0; i < out.rows(); ++i)
    for (Eigen::Index j = 0; j < out.cols(); ++j)
      out(i, j) = all(rows[static_cast<std::size_t>(i)], columns[static_cast<std::size_t>(j)]);
  return out;
}

/// The inverse of picked().
inline void put_back(SmallVector& all, const std::vector<int>& which, const SmallVector& some) {
  for (Eigen::Index i = 0; i < some.size(); ++i)
    all[which[static_cast<std::size_t>(i)]] = some[i];
}

} // namespace cascade::analysis
