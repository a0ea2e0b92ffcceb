#include "analysis/blind/shell_bins.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>

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

/// The number of whole (a, b, c) with a^2 + b^2 + c^2 = s, s = 0 .. largest^2: that of (a, b), shifted by c^2.
std::vector<std::uint32_t> sums_of_three_squares(Index largest) {
  const Index limit = largest * largest;
  std::vector<std::uint32_t> two(static_cast<std::size_t>(limit + 1), 0), three = two;
  const auto copies = [](Index k) { return k > 0 ? 2U : 1U; };
  for (Index a = 0; a <= largest; ++a)
    for (Index b = 0; b <= largest && a * a + b * b <= limit; ++b)
      two[static_cast<std::size_t>(a * a + b * b)] += copies(a) * copies(b);
  for (Index c = 0; c <= largest; ++c) {
    const auto shift = static_cast<std::size_t>(c * c);
    for (std::size_t s = shift; s < three.size(); ++s)
      three[s] += copies(c) * two[s - shift];
  }
  return three;
}

LengthCount count_squares(Index largest) {
  LengthCount lengths(static_cast<double>(largest));
  const std::vector<std::uint32_t> ways = sums_of_three_squares(largest);
  for (std::size_t squared = 1; squared < ways.size(); ++squared)
    if (ways[squared] > 0)
      lengths.add(static_cast<double>(squared), ways[squared]);
  return lengths;
}

Index largest_wave(const core::Domain& domain) {
  return (domain.points() - 1) / 2;
}

} // namespace

ShellBins::Counting ShellBins::usual(const core::Domain& domain) {
  constexpr Index large = 1024;
  return domain.dimensions() == 3 && domain.points() >= large ? Counting::by_squares : Counting::one_by_one;
}

double ShellBins::counting_bytes(const core::Domain& domain) {
  const auto largest = static_cast<double>(largest_wave(domain));
  return usual(domain) == Counting::by_squares ? 2 * sizeof(std::uint32_t) * largest * largest : 0;
}

ShellBins::ShellBins(const core::Domain& domain, Counting counting) : domain_(domain) {
  const Index largest = largest_wave(domain);
  if (largest < 1)
    return;
  const LengthCount lengths = counting == Counting::by_squares && domain.dimensions() == 3
                                  ? count_squares(largest)
                                  : count_lengths(domain.dimensions(), largest);
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
