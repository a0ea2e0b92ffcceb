#pragma once
// Sums of absolute powers of many numbers for a whole list of orders at once.

#include <span>
#include <vector>

namespace cascade::analysis {

/// sum_i |v_i|^p for every p of a list of positive real orders.
/// Integer orders share one chain of multiplications, half-integer orders a second one on sqrt|v|; any other order
/// costs an exponential. The arithmetic runs in 16 fixed lanes, so that the bits depend on the values and their order
/// alone and not on the machine's vector length. Immutable, local.
class PowerSums {
public:
  static constexpr int chunk = 512; ///< longer spans are cut here

  /// Throws std::invalid_argument for an order that is not positive and finite (the mean would diverge or say nothing).
  explicit PowerSums(std::vector<double> orders);
  const std::vector<double>& orders() const { return orders_; }
  std::size_t size() const { return orders_.size(); }

  /// sums[k] += sum_i |values[i]|^orders[k].
  void add(std::span<const double> values, std::span<double> sums) const;
  /// sums[k] += sum_i |right[i] - left[i]|^orders[k]; both spans have the same length.
  void add_differences(std::span<const double> left, std::span<const double> right, std::span<double> sums) const;
  /// sums[k] += sum_i squares[i]^(orders[k]/2), for Euclidean norms given as squares.
  void add_squares(std::span<const double> squares, std::span<double> sums) const;

private:
  /// base, base^2, ... base^steps.size(), base = v^exponent; steps[i] is the place in the list for power i+1, or -1.
  struct Chain {
    double exponent;
    std::vector<int> steps;
  };
  void add_magnitudes(const double* magnitudes, int count, std::span<double> sums) const;

  std::vector<double> orders_;
  std::vector<Chain> chains_;
  std::vector<int> others_;    ///< places of the orders that are neither integers nor half-integers
  bool only_integers_ = false; ///< one short chain on |v| itself does all
};

} // namespace cascade::analysis
