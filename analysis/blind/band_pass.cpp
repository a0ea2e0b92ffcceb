#include "analysis/blind/band_pass.hpp"

#include "analysis/blind/taper.hpp"
#include "analysis/sums/grid_blocks.hpp"
#include "analysis/sums/power_sums.hpp"
#include "core/grid/distributed_fft.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <optional>
#include <vector>

namespace cascade::analysis {
namespace {

using core::ExactSum;
using core::Index;

/// Squares of the wavenumbers along each axis of this rank's spectral box.
using AxisSquares = std::array<std::vector<double>, 3>;

AxisSquares axis_squares(const core::SpectralField& f) {
  AxisSquares result;
  for (std::size_t a = 0; a < 3; ++a)
    for (Index i = f.box().begin[a]; i < f.box().end[a]; ++i) {
      const auto k = static_cast<double>(f.domain().wavenumber(static_cast<int>(a), i));
      result[a].push_back(k * k);
    }
  return result;
}

/// Calls visit(place in a component, |k|^2) for every local mode.
template <class Visit>
void for_each_mode(const AxisSquares& squares, Visit visit) {
  std::size_t at = 0;
  for (const double a : squares[0])
    for (const double b : squares[1])
      for (const double c : squares[2])
        visit(at++, a + b + c);
}

/// Weight of the taper at the points of every block, to the power `order`: a product over the axes.
std::vector<double> block_weights(const BandLayout& layout, const GridBlocks& blocks, double order) {
  std::array<std::vector<double>, 3> along;
  for (int axis = 0; axis < 3; ++axis)
    for (int k = 0; k < blocks.per_side(axis); ++k) {
      double weight = 0;
      for (Index i = blocks.along(axis, k).begin; i < blocks.along(axis, k).end; ++i)
        weight += layout.periodic() || axis < layout.domain().first_axis()
                      ? 1.0
                      : std::pow(cosine_taper(i, layout.domain().points(axis)), order);
      along[static_cast<std::size_t>(axis)].push_back(weight);
    }
  std::vector<double> result;
  for (const double a : along[0])
    for (const double b : along[1])
      for (const double c : along[2])
        result.push_back(a * b * c);
  return result;
}

class BandFilter {
public:
  BandFilter(const core::RealField& field, const BandLayout& layout, const core::Communicator& communicator)
      : layout_(layout), communicator_(communicator), blocks_(layout.domain(), layout.blocks_per_side()),
        decomposition_(transformed(field, layout)), fft_(decomposition_, communicator), modes_(modes_of(field)),
        filtered_(decomposition_, field.rank()), band_(decomposition_, field.rank()), squares_(axis_squares(modes_)) {
    if (field.components() > 1)
      total_.emplace(decomposition_, field.rank());
  }

  const GridBlocks& blocks() const { return blocks_; }

  /// sums[order][block] of |band|^order, the band being the field filtered with gain(|k|^2).
  template <class Gain>
  std::vector<std::vector<double>> block_sums(const Gain& gain, const std::vector<double>& orders) {
    const core::RealField& squares = squared_band(gain);
    const PowerSums powers(orders);
    const core::Box& box = squares.box();
    const auto per_side = static_cast<std::size_t>(blocks_.per_side(2));
    std::vector<ExactSum> sums(orders.size() * static_cast<std::size_t>(blocks_.count()));
    std::vector<double> piece(orders.size());
    for (Index i = 0; !box.empty() && i < box.extent(0); ++i) // an empty box may have lines of no points
      for (Index j = 0; j < box.extent(1); ++j) {
        const auto line = squares.line(0, i, j);
        const int row =
            blocks_.number(blocks_.containing(0, box.begin[0] + i), blocks_.containing(1, box.begin[1] + j), 0);
        for (std::size_t b = 0; b < per_side; ++b) {
          const core::Range range = blocks_.along(2, static_cast<int>(b));
          std::fill(piece.begin(), piece.end(), 0.0);
          powers.add_squares(
              line.subspan(static_cast<std::size_t>(range.begin), static_cast<std::size_t>(range.end - range.begin)),
              piece);
          for (std::size_t q = 0; q < orders.size(); ++q)
            sums[q * static_cast<std::size_t>(blocks_.count()) + static_cast<std::size_t>(row) + b].add(piece[q]);
        }
      }
    communicator_.sum(std::span<ExactSum>(sums));
    std::vector<std::vector<double>> result(orders.size());
    for (std::size_t at = 0; at < sums.size(); ++at)
      result[at / static_cast<std::size_t>(blocks_.count())].push_back(sums[at].value());
    return result;
  }

  /// Sum over the points of the squared field, shell by shell (0 for those that are not wanted), by Parseval.
  std::vector<double> shell_energies(const std::vector<bool>& wanted) const {
    const core::Box& box = modes_.box();
    const auto last = static_cast<std::size_t>(box.extent(2));
    std::vector<ExactSum> sums(wanted.size());
    for_each_mode(squares_, [&](std::size_t at, double k2) {
      for (std::size_t j = 0; j < wanted.size(); ++j)
        if (const auto& shell = layout_.bins()[j]; wanted[j] && k2 > shell.above && k2 <= shell.up_to) {
          const bool pair = box.begin[2] + static_cast<Index>(at % last) > 0; // stands for its conjugate too
          for (int c = 0; c < modes_.components(); ++c)
            sums[j].add((pair ? 2 : 1) * std::norm(modes_.component(c)[at]));
        }
    });
    communicator_.sum(std::span<ExactSum>(sums));
    std::vector<double> result;
    for (const ExactSum& sum : sums)
      result.push_back(sum.value() / static_cast<double>(layout_.domain().total_points()));
    return result;
  }

private:
  /// The tapered field is gone before there are bands.
  core::SpectralField modes_of(const core::RealField& field) {
    core::SpectralField modes(decomposition_, field.rank(), field.components());
    if (layout_.periodic())
      fft_.forward(field, modes);
    else
      fft_.forward(tapered(field, layout_.domain(), communicator_), modes);
    return modes;
  }

  /// A tapered field is transformed as a periodic one.
  static core::Decomposition transformed(const core::RealField& field, const BandLayout& layout) {
    const core::Decomposition& own = field.decomposition();
    return layout.periodic() ? own : core::Decomposition(layout.domain(), own.rows(), own.columns());
  }

  template <class Gain>
  const core::RealField& squared_band(const Gain& gain) {
    core::RealField& result = total_ ? *total_ : band_;
    for (int c = 0; c < modes_.components(); ++c) {
      const auto from = modes_.component(c);
      const auto to = filtered_.component(0);
      for_each_mode(squares_, [&](std::size_t at, double k2) { to[at] = gain(k2) * from[at]; });
      fft_.backward(filtered_, band_);
      const auto band = band_.component(0), squares = result.component(0);
      for (std::size_t x = 0; x < band.size(); ++x)
        squares[x] = (c > 0 ? squares[x] : 0.0) + band[x] * band[x];
    }
    return result;
  }

  const BandLayout& layout_;
  const core::Communicator& communicator_;
  GridBlocks blocks_;
  core::Decomposition decomposition_;
  core::DistributedFft fft_;
  core::SpectralField modes_, filtered_;
  core::RealField band_;
  std::optional<core::RealField> total_; ///< of a vector
  AxisSquares squares_;
};

BlockTable empty_table(std::size_t blocks, const core::Domain& domain, std::size_t rows) {
  BlockTable table;
  table.sum.resize(blocks);
  table.weight.resize(blocks);
  table.count.assign(rows, static_cast<double>(domain.total_points()));
  return table;
}

void add_row(BlockTable& table, double wavenumber, const std::vector<double>& sums,
             const std::vector<double>& weights) {
  table.x.push_back(1 / wavenumber);
  for (std::size_t b = 0; b < sums.size(); ++b) {
    table.sum[b].push_back(sums[b]);
    table.weight[b].push_back(weights[b]);
  }
}

BlockTable energy_table(BandFilter& filter, const BandLayout& layout) {
  const ShellBins& bins = layout.bins();
  BlockTable table = empty_table(layout.blocks(), layout.domain(), bins.count());
  std::vector<bool> from_modes;
  for (std::size_t j = 0; j < bins.count(); ++j)
    from_modes.push_back(j < layout.first_used() || j >= layout.resolved());
  const auto energies = filter.shell_energies(from_modes);
  const auto weights = block_weights(layout, filter.blocks(), 2);
  const double total = std::accumulate(weights.begin(), weights.end(), 0.0);
  for (std::size_t j = 0; j < bins.count(); ++j) {
    std::vector<double> sums;
    if (from_modes[j])
      for (const double weight : weights)
        sums.push_back(energies[j] * weight / total);
    else
      sums = filter.block_sums(
          [&shell = bins[j]](double k2) { return k2 > shell.above && k2 <= shell.up_to ? 1.0 : 0.0; }, {2})[0];
    add_row(table, bins[j].wavenumber, sums, weights);
  }
  return table;
}

std::vector<BlockTable> moment_tables(BandFilter& filter, const BandLayout& layout) {
  const auto& orders = layout.orders();
  std::vector<BlockTable> tables(orders.size(),
                                 empty_table(layout.blocks(), layout.domain(), layout.wavelets().size()));
  std::vector<std::vector<double>> weights;
  for (const double order : orders)
    weights.push_back(block_weights(layout, filter.blocks(), order));
  for (const double k : layout.wavelets()) {
    const auto wavelet = [k](double k2) {
      const double x = k2 / (k * k);
      return x * x * std::exp(-2 * x);
    };
    const auto sums = filter.block_sums(wavelet, orders);
    for (std::size_t q = 0; q < orders.size(); ++q)
      add_row(tables[q], k, sums[q], weights[q]);
  }
  return tables;
}

} // namespace

BandTables band_tables(const core::RealField& field, const BandLayout& layout, const core::Communicator& communicator) {
  BandFilter filter(field, layout, communicator);
  BandTables tables;
  tables.energy = energy_table(filter, layout);
  tables.moments = moment_tables(filter, layout);
  return tables;
}

core::MemoryParts band_memory(const core::Decomposition& decomposition, int components, bool periodic,
                              std::size_t orders) {
  double points = 0, modes = 0;
  for (int rank = 0; rank < decomposition.ranks(); ++rank) {
    points = std::max(points, static_cast<double>(decomposition.real_box(rank).size()));
    modes = std::max(modes, static_cast<double>(decomposition.spectral_box(rank).size()));
  }
  constexpr double number = sizeof(double), complex = 2 * number;
  const double bands = components > 1 ? 2 : 1, blocks = BandLayout::blocks(decomposition.domain());
  const core::MemoryParts transform = core::together({{"modes of the field", complex * components * modes}},
                                                     core::DistributedFft::memory(decomposition, true)),
                          filtering{{"modes of a band", complex * modes},
                                    {components > 1 ? "band and its squares" : "band", bands * number * points},
                                    {"exact sums of a band", blocks * static_cast<double>(orders) * sizeof(ExactSum)}};
  const core::MemoryParts tapering{{"tapered field", periodic ? 0 : number * components * points}};
  return core::in_turn({{"counts of wave vectors", ShellBins::counting_bytes(decomposition.domain())}},
                       core::together(transform, core::in_turn(filtering, tapering)));
}

} // namespace cascade::analysis
