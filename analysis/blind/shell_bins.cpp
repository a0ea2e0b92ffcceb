#include "analysis/blind/shell_bins.hpp"

#include <algorithm>
#include <cmath>

namespace cascade::analysis {
namespace {

using core::Index;

constexpr int nodes_a_shell = 64;

struct Cell {
  double count = 0, log_sum = 0, square_sum = 0;
};

/// Wave vectors by length: cell i holds those with log2(k_max/|k|) 2 nodes_a_shell in [i, i + 1), the ends as the
/// shells have them.
class LengthCount {
public:
  explicit LengthCount(double largest)
      : largest_(largest), cells_(static_cast<std::size_t>(nodes_a_shell * (2 * std::log2(largest) + 2))) {}

  void add(double squared, double count) {
    const double below = std::log2(largest_ * largest_ / squared); // octaves of |k|^2: one a shell
    auto shell = static_cast<Index>(below);
    // the shells' ends are exact in |k|^2, the logarithm is not
    while (squared > std::ldexp(largest_ * largest_, -static_cast<int>(shell)))
      --shell;
    while (squared <= std::ldexp(largest_ * largest_, -static_cast<int>(shell) - 1))
      ++shell;
    const auto within = static_cast<Index>((below - static_cast<double>(shell)) * nodes_a_shell);
    Cell& cell =
        cells_[static_cast<std::size_t>(shell * nodes_a_shell + std::clamp<Index>(within, 0, nodes_a_shell - 1))];
    cell.count += count;
    cell.log_sum += count * 0.5 * std::log(squared);
    cell.square_sum += count * squared;
  }
  const std::vector<Cell>& cells() const { return cells_; }

private:
  double largest_;
  std::vector<Cell> cells_;
};

/// One octant of the ball of radius `largest` stands for all: k_a and -k_a are equally long.
LengthCount count_lengths(int dimensions, Index largest) {
  LengthCount lengths(static_cast<double>(largest));
  const Index first = dimensions > 2 ? largest : 0, second = dimensions > 1 ? largest : 0;
  const auto copies = [](Index k) { return k > 0 ? 2.0 : 1.0; };
  const Index limit = largest * largest;
  for (Index a = 0; a <= first; ++a)
    for (Index b = 0; b <= second && a * a + b * b <= limit; ++b)
      for (Index c = 0; c <= largest && a * a + b * b + c * c <= limit; ++c)
        if (const Index squared = a * a + b * b + c * c; squared > 0)
          lengths.add(static_cast<double>(squared), copies(a) * copies(b) * copies(c));
  return lengths;
}

} // namespace

ShellBins::ShellBins(const core::Domain& domain) : domain_(domain) {
  const Index largest = (domain.points() - 1) / 2;
  if (largest < 1)
    return;
  const LengthCount lengths = count_lengths(domain.dimensions(), largest);
  const double top = static_cast<double>(largest) * static_cast<double>(largest);
  const auto per_shell = static_cast<std::size_t>(nodes_a_shell);
  for (std::size_t first = 0; first < lengths.cells().size(); first += per_shell) {
    const int t = static_cast<int>(first / per_shell);
    Shell shell{std::ldexp(top, -t - 1), std::ldexp(top, -t), 0, 0, {}};
    for (std::size_t i = std::min(first + per_shell, lengths.cells().size()); i-- > first;) {
      const Cell& cell = lengths.cells()[i];
      if (cell.count == 0)
        continue;
      shell.nodes.push_back({cell.log_sum / cell.count, cell.count});
      shell.modes += cell.count;
      shell.wavenumber += cell.square_sum;
    }
    if (shell.modes == 0)
      continue;
    shell.wavenumber = std::sqrt(shell.wavenumber / shell.modes);
    shells_.push_back(std::move(shell));
  }
}

ShellPower shell_power(const ShellBins::Shell& shell, double beta) {
  const double reference = std::log(shell.wavenumber);
  double sum = 0, weighted = 0;
  for (const ShellBins::Node& node : shell.nodes) {
    const double weight = node.count * std::exp(-beta * (node.log_k - reference));
    sum += weight;
    weighted += weight * node.log_k;
  }
  return {std::log(sum) - beta * reference, -weighted / sum};
}

double effective_share(const ShellBins::Shell& shell, double beta) {
  const double reference = std::log(shell.wavenumber);
  double sum = 0, squares = 0;
  for (const ShellBins::Node& node : shell.nodes) {
    const double weight = std::exp(-beta * (node.log_k - reference));
    sum += node.count * weight;
    squares += node.count * weight * weight;
  }
  return sum * sum / (shell.modes * squares);
}

} // namespace cascade::analysis
