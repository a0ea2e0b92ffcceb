#include "solvers/cascade/tilted_factors.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace cascade::solvers {

using theory::CascadeModel;

namespace {

constexpr std::uint64_t half = std::uint64_t{1} << 31;

/// Number of the interval of a word of the lower half: single words below 2^(bits + 1), then 2^bits an octave.
std::size_t interval_of(std::uint64_t word, int bits) {
  const int octave = std::bit_width(word);
  if (octave <= bits + 1)
    return static_cast<std::size_t>(word);
  const std::uint64_t per_octave = std::uint64_t{1} << bits;
  return static_cast<std::size_t>((static_cast<std::uint64_t>(octave - bits) << bits) +
                                  ((word >> (octave - 1 - bits)) & (per_octave - 1)));
}

} // namespace

bool TiltedFactors::shared() const {
  const CascadeModel model = table_->multipliers().model;
  return model == CascadeModel::p_model || model == CascadeModel::random_beta;
}

double TiltedFactors::power(FactorWords words, std::uint32_t child) const {
  const double m = (*table_)(words.parent, child, words.child);
  return m > 0 ? std::pow(m, order_) : 0.0;
}

TiltedFactors::TiltedFactors(std::shared_ptr<const MultiplierTable> table, double order)
    : table_(std::move(table)), order_(order) {
  if (order_ == 0)
    return;
  const theory::Multipliers& m = table_->multipliers();
  if (m.model == CascadeModel::random_beta)
    halved_ = static_cast<std::uint64_t>(std::llround(m.x * 0x1p32));
  if (shared() || m.model == CascadeModel::binomial) {
    mean_ = table_->moment(order_);
    return;
  }
  std::vector<double> mass;
  double total = 0;
  for (const bool upper : {false, true})
    for (std::uint64_t first = 0; first < half;) {
      const int octave = std::bit_width(first);
      const std::uint64_t words = octave <= fine_bits + 1 ? 1 : std::uint64_t{1} << (octave - 1 - fine_bits);
      const Interval interval{upper ? 2 * half - first - words : first, words};
      const auto at = [&](std::uint64_t word) { return power({0, static_cast<std::uint32_t>(word)}, 0); };
      const double mean =
          (at(interval.first) + 4 * at(interval.first + words / 2) + at(interval.first + words - 1)) / 6;
      intervals_.push_back(interval);
      mass.push_back(mean * static_cast<double>(words) * 0x1p-32);
      total += mass.back();
      sum_.push_back(total);
      first += words;
    }
  for (std::size_t i = 0; i < mass.size(); ++i) {
    ratio_.push_back(mass[i] / total / (static_cast<double>(intervals_[i].words) * 0x1p-32));
    sum_[i] /= total;
  }
}

FactorWords TiltedFactors::draw(FactorWords own, std::uint32_t child, double choice, double within) const {
  if (order_ == 0)
    return own;
  const auto word_of = [&](std::uint64_t first, std::uint64_t words) {
    return static_cast<std::uint32_t>(
        first + std::min(static_cast<std::uint64_t>(within * static_cast<double>(words)), words - 1));
  };
  switch (table_->multipliers().model) {
  case CascadeModel::p_model: { // the lowest bit of the parent's word says which half has the larger share
    const double same = power(own, child), other = power({own.parent ^ 1u, own.child}, child);
    if (choice * (same + other) >= same)
      own.parent ^= 1u;
    return own;
  }
  case CascadeModel::random_beta: {
    const double chance = 0.5 * static_cast<double>(halved_) * 0x1p-32 * power({0, 0}, child) / mean_;
    if (choice < chance)
      return {word_of(0, halved_), own.child & 0x7fffffffu};
    return {word_of(halved_, 2 * half - halved_), own.child};
  }
  case CascadeModel::lognormal:
  case CascadeModel::log_poisson: {
    const auto found = static_cast<std::size_t>(std::upper_bound(sum_.begin(), sum_.end(), choice) - sum_.begin());
    const Interval& interval = intervals_[std::min(found, intervals_.size() - 1)];
    return {own.parent, word_of(interval.first, interval.words)};
  }
  case CascadeModel::binomial:
    break;
  }
  return own;
}

double TiltedFactors::ratio(FactorWords words, std::uint32_t child) const {
  if (order_ == 0)
    return 1;
  if (intervals_.empty())
    return power(words, child) / mean_;
  const bool upper = words.child >= half;
  const std::size_t i = interval_of(upper ? ~words.child : words.child, fine_bits);
  return ratio_[upper ? intervals_.size() / 2 + i : i];
}

} // namespace cascade::solvers
