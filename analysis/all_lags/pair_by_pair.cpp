#include "analysis/all_lags/pair_by_pair.hpp"

#include "analysis/all_lags/shifted_box.hpp"
#include "core/sums/clones.hpp"
#include "core/sums/exact_sum.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace cascade::analysis {
namespace {

using core::ExactSum;
using core::Index;

CASCADE_CLONES
void multiply(double* a, const double* b, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i)
    a[i] *= b[i];
}
/// Increments of one line: sums of all quantities over its points.
class LineOfPairs {
public:
  LineOfPairs(const std::vector<LagQuantity>& quantities, int dimensions) : sums_(quantities.size()) {
    for (const LagQuantity& q : quantities) {
      const bool mixed = q.kind == "mixed", transverse = q.kind == "transverse";
      factors_.push_back({transverse ? 0
                          : mixed    ? q.order - 2
                                     : q.order,
                          transverse ? q.order / 2
                          : mixed    ? 1
                                     : 0,
                          transverse ? mean_power_across(dimensions, q.order)
                          : mixed    ? 1.0 / (dimensions - 1)
                                     : 1.0});
    }
  }

  /// `here` and `there` of each component, `direction` of the lag by component; pairs (here[k], there[k + shift]).
  const std::vector<double>& operator()(const std::vector<const double*>& here, const std::vector<const double*>& there,
                                        const std::array<double, 3>& direction, Index begin, Index end, Index shift) {
    std::fill(sums_.begin(), sums_.end(), 0.0);
    for (Index first = begin; first < end; first += chunk) {
      const auto count = static_cast<std::size_t>(std::min(chunk, end - first));
      increments(here, there, direction, first, shift, count);
      for (std::size_t q = 0; q < factors_.size(); ++q) {
        const auto [along, across, factor] = factors_[q];
        std::fill_n(product_.data(), count, factor);
        if (along + across == 0) // the number of pairs
          multiply(product_.data(), known_.data(), count);
        for (int p = 0; p < along; ++p)
          multiply(product_.data(), along_.data(), count);
        for (int p = 0; p < across; ++p)
          multiply(product_.data(), across_.data(), count);
        sums_[q] += total(product_.data(), count);
      }
    }
    return sums_;
  }

private:
  static constexpr Index chunk = 256;
  using Chunk = std::array<double, static_cast<std::size_t>(chunk)>;
  struct Factors {
    int along, across; ///< powers of u_L and of |u_T|^2
    double factor;
  };

  static double total(const double* a, std::size_t n) {
    constexpr std::size_t lanes = 8;
    double sum[lanes] = {};
    for (std::size_t first = 0; first < n; first += lanes)
      for (std::size_t l = 0; l < std::min(lanes, n - first); ++l)
        sum[l] += a[first + l];
    return ((sum[0] + sum[4]) + (sum[2] + sum[6])) + ((sum[1] + sum[5]) + (sum[3] + sum[7]));
  }

  void increments(const std::vector<const double*>& here, const std::vector<const double*>& there,
                  const std::array<double, 3>& direction, Index first, Index shift, std::size_t count) {
    const std::size_t components = here.size();
    if (components == 1) {
      for (std::size_t i = 0; i < count; ++i)
        along_[i] = there[0][first + shift + static_cast<Index>(i)] - here[0][first + static_cast<Index>(i)];
      leave_out_missing(count);
      return;
    }
    for (std::size_t i = 0; i < count; ++i) {
      const Index k = first + static_cast<Index>(i);
      std::array<double, 3> d{};
      double along = 0, across = 0;
      for (std::size_t c = 0; c < components; ++c) {
        d[c] = there[c][k + shift] - here[c][k];
        along += d[c] * direction[c];
      }
      for (std::size_t c = 0; c < components; ++c) {
        const double rest = d[c] - along * direction[c];
        across += rest * rest;
      }
      along_[i] = along;
      across_[i] = across;
    }
    leave_out_missing(count);
  }

  /// An increment of nothing adds nothing to a moment.
  void leave_out_missing(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      known_[i] = std::isnan(along_[i]) ? 0 : 1;
      across_[i] = std::isnan(along_[i]) ? 0 : across_[i];
      along_[i] = std::isnan(along_[i]) ? 0 : along_[i];
    }
  }

  std::vector<Factors> factors_;
  std::vector<double> sums_;
  Chunk along_{}, across_{}, product_{}, known_{};
};

} // namespace

void sum_pair_by_pair(const core::RealField& field, const core::Communicator& communicator, const LagShells& shells,
                      const std::vector<LagQuantity>& quantities, std::vector<Lag> lags,
                      const std::function<void(const Lag&, const std::vector<double>&)>& found) {
  if (lags.empty())
    return;
  std::sort(lags.begin(), lags.end());
  const core::Domain& domain = field.domain();
  const auto components = static_cast<std::size_t>(field.components());
  ShiftedBox box(field, communicator);
  LineOfPairs line(quantities, domain.dimensions());
  std::vector<const double*> here(components), there(components);
  for (std::size_t first = 0; first < lags.size();) {
    std::size_t end = first; // those that share their lines are reduced together
    while (end < lags.size() && lags[end][0] == lags[first][0] && lags[end][1] == lags[first][1])
      ++end;
    std::vector<ExactSum> sums((end - first) * quantities.size());
    for (std::size_t l = first; l < end; ++l) {
      const Lag& lag = lags[l];
      std::array<double, 3> direction{};
      for (std::size_t c = 0; c < components && components > 1; ++c) {
        const int axis = domain.first_axis() + static_cast<int>(c);
        direction[c] =
            shells.spacing(axis) * static_cast<double>(lag[static_cast<std::size_t>(axis)]) / shells.length(lag);
      }
      box.for_each_line(lag, here, there, [&](Index, Index, Index begin, Index stop, Index shift) {
        const auto& part = line(here, there, direction, begin, stop, shift);
        for (std::size_t q = 0; q < quantities.size(); ++q)
          sums[(l - first) * quantities.size() + q].add(part[q]);
      });
    }
    communicator.sum(std::span<ExactSum>(sums));
    for (std::size_t l = first; l < end; ++l) {
      std::vector<double> values;
      for (std::size_t q = 0; q < quantities.size(); ++q)
        values.push_back(sums[(l - first) * quantities.size() + q].value());
      found(lags[l], values);
    }
    first = end;
  }
}

} // namespace cascade::analysis
