#pragma once
// The contract of every generator: immutable parameters in, a law and views of its field out.

#include "core/grid/grid_sample.hpp"
#include "core/points/point_sample.hpp"
#include "core/ranks/communicator.hpp"
#include "core/ranks/memory_part.hpp"
#include "theory/expectation.hpp"
#include "theory/finite_size.hpp"
#include "theory/law.hpp"

#include <cstdint>
#include <memory>

namespace cascade::solvers {

/// The field on a grid.
class GridView {
public:
  virtual ~GridView() = default;
  /// Realisation `realisation`: the same field at any rank count, bit for bit. Collective.
  virtual core::GridSample sample(const core::Decomposition& decomposition, const core::Communicator& communicator,
                                  std::uint64_t realisation) const = 0;
  /// What sample() takes beside the field and its activity, on the rank that needs most. Local.
  virtual core::MemoryParts scratch_memory(const core::Decomposition& decomposition) const = 0;
  /// Finite-size curves with h left free, for polynomials up to `highest_degree`; null: none known.
  virtual std::shared_ptr<const theory::FiniteSize> family(std::int64_t points, int highest_degree) const;
  /// Exact expectations on this grid, at the generator's own h and d; null: none known. Collective.
  virtual std::shared_ptr<const theory::Expectation> expectation(const core::Decomposition& decomposition,
                                                                 const core::Communicator& communicator,
                                                                 const theory::ExpectedLosses& losses) const;
  /// What expectation() takes while it is made and kept; nothing worth a word unless said. Local.
  virtual core::MemoryParts expectation_memory(const core::Decomposition& decomposition,
                                               const theory::ExpectedLosses& losses) const;
};

/// The field evaluated anywhere, without a grid.
class PointView {
public:
  virtual ~PointView() = default;
  /// Realisation `realisation`, independent of all others. Local.
  virtual core::PointSample sample(std::uint64_t realisation) const = 0;
  /// A sample with what any has of field, tree and spine, to be looked at and not evaluated: where making a realisation
  /// takes memory, one without. Local.
  virtual core::PointSample outline() const { return sample(0); }
  /// What a realisation takes while it is made, on every rank; nothing worth a word unless said. Local.
  virtual core::MemoryParts sample_memory() const { return {}; }
  /// Exact expectations, cells being sampled on lattices of `lattice` points a side; null: none known. Local.
  virtual std::shared_ptr<const theory::Expectation> expectation(int lattice) const;
  /// sample() as estimators take it; valid as long as the view.
  core::PointSource source() const;
};

/// A source of fields. What it cannot show has no view: null, and whoever asks must cope. Which views there are follows
/// from the parameters (Shape, solvers/parameters.hpp) before anything is made. Clouds of points off the cube are to be
/// a third view beside these two.
class Generator {
public:
  virtual ~Generator() = default;
  /// What it promises of its field; null: nothing.
  virtual theory::LawPtr law() const = 0;
  virtual const GridView* grid() const { return nullptr; }
  virtual const PointView* points() const { return nullptr; }
};

} // namespace cascade::solvers
