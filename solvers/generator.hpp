#pragma once
// The contract of every generator: immutable parameters in, fields of known d and h out.

#include "core/grid/grid_sample.hpp"
#include "core/points/point_sample.hpp"
#include "core/ranks/communicator.hpp"
#include "theory/expectation.hpp"
#include "theory/finite_size.hpp"
#include "theory/law.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace cascade::solvers {

class Generator {
public:
  virtual ~Generator() = default;
  /// What it promises; null: nothing.
  virtual theory::LawPtr law() const = 0;
  virtual int dimensions() const = 0;
  virtual int components() const { return 1; }
  /// Grid view of realisation `realisation`: same field at any rank count, bit for bit. Collective.
  virtual core::GridSample grid(const core::Decomposition& decomposition, const core::Communicator& communicator,
                                std::uint64_t realisation) const = 0;
  /// Largest number of bytes per rank the grid view needs beside the field itself.
  virtual std::int64_t scratch_bytes(const core::Decomposition& decomposition) const = 0;
  /// Finite-size curves of the grid view with h left free, for polynomials up to `highest_degree`; null: none known.
  virtual std::shared_ptr<const theory::FiniteSize> finite_size(std::int64_t points, int highest_degree) const;
  /// Exact expectations of the grid view on this grid, at the generator's own h and d; null: none known. Collective.
  virtual std::shared_ptr<const theory::Expectation> grid_expectation(const core::Decomposition& decomposition,
                                                                      const core::Communicator& communicator,
                                                                      const theory::ExpectedLosses& losses) const;
  /// The same of the point view, cells being sampled on lattices of `lattice` points a side; null: none known. Local.
  virtual std::shared_ptr<const theory::Expectation> point_expectation(int lattice) const;
  virtual bool has_points() const { return false; }
  /// The point view is measured on cells of random points (app/field/scattered_stage.hpp) instead of pairs and lattices
  /// by descent: fields without a tree, and those that jump across the faces of cells.
  virtual bool scattered() const { return false; }
  /// Point view of realisation `realisation` (an independent tree for each number). Local.
  virtual core::PointSample points(std::uint64_t realisation) const;
  /// The same as a function, as estimators take it; valid as long as the generator.
  core::PointSource point_source() const;
};

} // namespace cascade::solvers
