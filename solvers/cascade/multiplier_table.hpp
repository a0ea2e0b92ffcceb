#pragma once
// Random factors of a multiplicative cascade, drawn from the keys of cells.

#include "core/random/random.hpp"
#include "theory/multifractal_law.hpp"

#include <cstdint>
#include <vector>

namespace cascade::solvers {

/// Factor of a child's amplitude, M = 2^(-1/3) W^(1/3) of theory::Multipliers (of its density: W itself), from words
/// that nothing else uses: word 0 of the child's key, or, where brothers share a draw (p_model: which half,
/// random_beta: which beta), word 3 of the parent's. Log-normal: the quantile function of word 0 on 128 nodes an octave
/// of the tail, linear between them; its moments differ from the closed form by less than 1e-5 in zeta up to order 8,
/// and, where the order takes them to the end of the tail at 6.2 standard deviations (a density's above q = 5 at mu =
/// 1/4, above 3 at .8), fall short: moment(). Poisson: the inverse distribution, exact to 2^-32. Immutable; calls are
/// local.
class MultiplierTable {
public:
  MultiplierTable(const theory::Multipliers& multipliers, bool density);
  const theory::Multipliers& multipliers() const { return multipliers_; }
  bool density() const { return density_; }
  bool dies() const { return multipliers_.dies(); }

  /// Zero: the child is dead. `child`: its index, bit a its half along axis a.
  double operator()(std::uint32_t parent_word, std::uint32_t child, std::uint32_t word) const {
    switch (multipliers_.model) {
    case theory::CascadeModel::lognormal:
      return quantile(word);
    case theory::CascadeModel::log_poisson: {
      std::size_t n = 0;
      while (word > last_[n])
        ++n;
      return value_[n];
    }
    case theory::CascadeModel::p_model: {
      // The axis along which the halves differ is uniform; the lowest bit says which of them has the larger share.
      const std::uint32_t axis = core::uniform_below(parent_word, static_cast<std::uint32_t>(multipliers_.dimensions));
      return value_[(child >> axis ^ parent_word) & 1u];
    }
    case theory::CascadeModel::random_beta:
      if (parent_word > halved_last_)
        return value_[0];
      return (word >> 31) != 0 ? 0.0 : value_[1];
    case theory::CascadeModel::binomial:
      break;
    }
    return value_[static_cast<std::size_t>(__builtin_popcount(child))];
  }
  /// E (factor)^order of what is really drawn, over all words.
  double moment(double order) const;

private:
  static constexpr int fine_bits = 7; ///< 128 nodes an octave
  double quantile(std::uint32_t word) const {
    const bool upper = (word >> 31) != 0;
    const double place = static_cast<double>(upper ? ~word : word) + 0.5; // in (0, 2^31)
    const auto bits = __builtin_bit_cast(std::uint64_t, place);
    const auto node = static_cast<std::size_t>((bits >> (52 - fine_bits)) - (std::uint64_t{1022} << fine_bits));
    constexpr std::uint64_t rest = (std::uint64_t{1} << (52 - fine_bits)) - 1;
    const double part = static_cast<double>(bits & rest) * (1.0 / static_cast<double>(rest + 1));
    const std::vector<double>& v = upper ? upper_ : lower_;
    return v[node] + part * (v[node + 1] - v[node]);
  }

  theory::Multipliers multipliers_;
  bool density_;
  std::vector<double> lower_, upper_; ///< log-normal: at the nodes of both halves
  std::vector<double> value_;         ///< of discrete models
  std::vector<std::uint32_t> last_;   ///< Poisson: largest word of each n
  std::uint32_t halved_last_ = 0;     ///< random beta: beta = 1/2 up to this word
};

} // namespace cascade::solvers
