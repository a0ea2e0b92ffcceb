#include "analysis/all_lags/all_lags.hpp"

#include "analysis/all_lags/doubtful_lags.hpp"
#include "analysis/all_lags/lag_map.hpp"
#include "analysis/all_lags/lag_moments.hpp"
#include "analysis/all_lags/lag_shells.hpp"
#include "analysis/all_lags/line_of_lags.hpp"
#include "analysis/all_lags/moment_spectra.hpp"
#include "analysis/all_lags/pair_by_pair.hpp"
#include "core/grid/lag_transform.hpp"
#include "core/sums/exact_sum.hpp"
#include "core/talk/errors.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>

namespace cascade::analysis {
namespace {

using core::Complex;
using core::ExactSum;
using core::Index;

/// Error taken for that of a correlation, over the rms of its terms. Against sums in long double the largest error of
/// any lag was up to 3.9 times this with a factor of 4 in place of 16 (test_all_lags.cpp: noise, waves, peaks, ramps).
double roundoff(double padded_points) {
  return 16 * std::numeric_limits<double>::epsilon() * std::sqrt(std::log2(padded_points) + 1);
}

std::vector<int> degrees_of(const std::vector<int>& orders) {
  std::vector<int> degrees;
  for (const int p : orders) {
    degrees.push_back(p);
    if (p % 2 != 0)
      degrees.push_back(p == 1 ? 2 : p - 1); // how large its absolute value is
  }
  std::sort(degrees.begin(), degrees.end());
  degrees.erase(std::unique(degrees.begin(), degrees.end()), degrees.end());
  return degrees;
}

class LagSums {
public:
  LagSums(const core::RealField& field, const core::Communicator& communicator, const AllLagsRequest& request)
      : field_(field), communicator_(communicator), request_(request),
        scaling_(lag_scaling(field, communicator, request.holes)), transform_(field.decomposition(), communicator),
        shells_(field.domain(), transform_), moments_(field.components(), degrees_of(request.orders), request.holes),
        doubtful_(shells_.count(), whole_) {
    for (LagQuantity& q : lag_quantities(moments_, field.components(), degrees_of(request.orders)))
      if (asked(q.order) || (q.kind != "mixed" && q.order % 2 == 0))
        quantities_.push_back(std::move(q));
    for (LagQuantity& q : quantities_)
      for (LagPart& part : q.parts)
        part.coefficient *= std::pow(scaling_.factor, -q.order); // a power of two
    const std::size_t n = shells_.count();
    sum_.resize(quantities_.size() * n);
    square_.resize(quantities_.size() * n);
    length_.resize(n);
    pairs_.resize(n);
    in_box_.resize(n);
    lags_.resize(n);
  }

  AllLags run() {
    correlate();
    take_over();
    return result();
  }

private:
  bool asked(int order) const {
    return std::find(request_.orders.begin(), request_.orders.end(), order) != request_.orders.end();
  }

  void fill(const Powers& powers, Index i, Index j, double* line) const {
    const auto n = static_cast<std::size_t>(field_.domain().points(2));
    std::fill_n(line, n, 1.0);
    for (int c = 0; c < field_.components(); ++c) {
      const auto values = field_.line(c, i, j);
      const double mean = scaling_.mean[static_cast<std::size_t>(c)];
      for (int p = 0; p < powers[static_cast<std::size_t>(c)]; ++p)
        for (std::size_t k = 0; k < n; ++k)
          line[k] *= (values[k] - mean) * scaling_.factor;
    }
    if (request_.holes)
      for (std::size_t k = 0; k < n; ++k)
        line[k] = std::isnan(field_.line(0, i, j)[k]) ? 0 : line[k];
  }

  /// Moments take the places of the powers they need last.
  void correlate() {
    const auto numbers = 2 * transform_.planes_size();
    const std::size_t fields = moments_.inputs.size(), results = moments_.outputs.size();
    std::vector<core::AlignedBuffer> room;
    std::vector<Complex*> inputs, outputs;
    for (std::size_t f = 0; f < std::max(fields, results); ++f) {
      room.emplace_back(numbers);
      auto* planes = reinterpret_cast<Complex*>(room.back().data());
      if (f < fields) {
        transform_.spread([&](Index i, Index j, double* line) { fill(moments_.inputs[f], i, j, line); }, planes);
        inputs.push_back(planes);
      }
      if (f < results)
        outputs.push_back(planes);
    }
    std::vector<bool> odd;
    for (const Powers& alpha : moments_.outputs)
      odd.push_back(degree_of(alpha) % 2 != 0);
    MomentSpectra spectra(moments_);
    transform_.correlate(inputs, outputs, odd, [&](const core::LagTransform::Modes& m) { spectra(m); });
    set_errors(spectra.sizes(communicator_));
    room.resize(results);
    prepare_lines();
    transform_.collect({outputs.data(), outputs.size()},
                       [&](Index l0, Index l1, auto lines) { add_line(l0, l1, lines); });
  }

  void set_errors(const std::vector<double>& sizes) {
    const auto modes = static_cast<double>(transform_.total_modes());
    for (std::size_t m = 0; m < sizes.size(); ++m) {
      const int p = degree_of(moments_.outputs[m]);
      const double error = roundoff(modes) * std::sqrt(std::max(0.0, sizes[m])) / modes *
                           std::pow(scaling_.factor, -p) * std::pow(std::sqrt(field_.components()), p);
      error_.resize(std::max(error_.size(), static_cast<std::size_t>(p) + 1), 0.0);
      error_[static_cast<std::size_t>(p)] = std::max(error_[static_cast<std::size_t>(p)], error);
    }
  }

  void prepare_lines() {
    line_.emplace(field_.components(), field_.domain().first_axis(), shells_, quantities_,
                  static_cast<int>(error_.size()) - 1);
    map_ = LagMap(shells_, field_.domain().dimensions(), quantities_.size());
  }

  void add_line(Index l0, Index l1, std::span<const double* const> lines) {
    LineOfLags& line = *line_;
    const std::size_t n = line.size();
    if (l0 < 0 || (l0 == 0 && l1 < 0)) {
      if (request_.map)
        map_.add_unknown(n);
      return;
    }
    line.evaluate(l0, l1, lines);
    std::vector<double> error(n, 0.0);
    for (const int p : request_.orders)
      line.worsen(p, error_[static_cast<std::size_t>(p)], error);
    std::vector<double> stands = line.weights; // what is certain already
    for (std::size_t i = 0; i < n; ++i)
      if (stands[i] > 0 && request_.take_over && doubtful_.doubts(error[i], line.pairs[i])) {
        std::vector<double> sums;
        for (const auto& values : line.values)
          sums.push_back(values[i]);
        doubtful_.add({l0, l1, line.last[i]}, line.shell[i], error[i], line.pairs[i], sums);
        stands[i] = 0;
      } else if (stands[i] > 0) {
        worst_ = std::max(worst_, error[i]);
      }
    for (std::size_t first = 0; first < n;) { // lags of one shell come one after the other
      std::size_t end = first;
      while (end < n && line.shell[end] == line.shell[first])
        ++end;
      add_run(line, first, end, stands);
      first = end;
    }
    if (request_.map)
      map_.add(line.values, line.pairs);
  }

  void add_run(const LineOfLags& line, std::size_t first, std::size_t end, const std::vector<double>& stands) {
    const std::size_t shell = line.shell[first];
    double length = 0, in_box = 0, count = 0, lags = 0;
    for (std::size_t i = first; i < end; ++i) {
      length += line.box_weights[i] * line.box_pairs[i] * line.lengths[i];
      in_box += line.box_weights[i] * line.box_pairs[i];
      count += line.weights[i] * line.pairs[i];
      lags += line.weights[i];
    }
    if (in_box == 0)
      return;
    length_[shell].add(length);
    in_box_[shell].add(in_box);
    pairs_[shell].add(count);
    lags_[shell].add(lags);
    for (std::size_t q = 0; q < quantities_.size(); ++q) {
      double sum = 0, square = 0;
      for (std::size_t i = first; i < end; ++i) {
        if (stands[i] == 0)
          continue;
        const double weighted = stands[i] * line.values[q][i];
        sum += weighted;
        square += weighted * line.values[q][i] / line.pairs[i];
      }
      sum_[q * shells_.count() + shell].add(sum);
      square_[q * shells_.count() + shell].add(square);
    }
  }

  void take_over() {
    const std::vector<Lag> lags =
        doubtful_.to_sum(communicator_, [&](const Lag& lag, double error, std::span<const double> sums) {
          worst_ = std::max(worst_, error);
          left_ += DoubtfulLags::too_inexact(error) ? 1 : 0;
          add_lag(lag, sums);
        });
    taken_ = static_cast<double>(lags.size());
    for (const Lag& lag : lags)
      longest_ = std::max(longest_, shells_.length(lag));
    sum_pair_by_pair(field_, communicator_, shells_, quantities_, lags,
                     [&](const Lag& lag, const std::vector<double>& sums) {
                       if (communicator_.rank() == 0)
                         add_lag(lag, sums);
                       if (request_.map)
                         map_.correct(lag, sums, pairs_of(lag, sums));
                     });
  }

  double pairs_of(const Lag& lag, std::span<const double> sums) const {
    return request_.holes ? sums.back() : shells_.pairs(lag);
  }

  /// Adds sums over the pairs of a lag to its shell.
  void add_lag(const Lag& lag, std::span<const double> sums) {
    const std::size_t shell = shells_.shell(shells_.length(lag));
    const double weight = shells_.weight(lag), pairs = pairs_of(lag, sums);
    for (std::size_t q = 0; q < quantities_.size(); ++q) {
      sum_[q * shells_.count() + shell].add(weight * sums[q]);
      square_[q * shells_.count() + shell].add(weight * sums[q] * sums[q] / pairs);
    }
  }

  AllLags result() {
    for (auto* sums : {&sum_, &square_, &length_, &in_box_, &pairs_, &lags_})
      communicator_.sum(std::span<ExactSum>(*sums));
    double numbers[] = {left_};
    ExactSum left[1];
    left[0].add(left_);
    communicator_.sum(std::span<ExactSum>(left));
    numbers[0] = worst_;
    communicator_.max(std::span<double>(numbers));
    AllLags all;
    all.takeover = {taken_, longest_, left[0].value(), numbers[0], error_};
    std::vector<std::size_t> used;
    for (std::size_t s = 0; s < shells_.count(); ++s)
      if (in_box_[s].value() > 0)
        used.push_back(s);
    for (const std::size_t s : used) {
      all.count.push_back(pairs_[s].value());
      all.lags.push_back(lags_[s].value());
      all.r.push_back(length_[s].value() / in_box_[s].value());
    }
    for (std::size_t q = 0; q < quantities_.size(); ++q) {
      if (!asked(quantities_[q].order))
        continue;
      LagCurve& curve = all.curves.emplace_back();
      curve.kind = quantities_[q].kind;
      curve.order = quantities_[q].order;
      for (const std::size_t s : used) {
        curve.sum.push_back(sum_[q * shells_.count() + s].value());
        curve.square.push_back(square_[q * shells_.count() + s].value());
      }
      if (request_.map)
        curve.map = map_.whole(q, communicator_);
    }
    if (request_.map)
      all.map_shape = map_.shape();
    return all;
  }

  const core::RealField& field_;
  const core::Communicator& communicator_;
  const AllLagsRequest& request_;
  LagScaling scaling_;
  core::LagTransform transform_;
  LagShells shells_;
  LagMoments moments_;
  std::vector<LagQuantity> quantities_;
  std::vector<double> error_; ///< of a sum over pairs, by order
  double whole_ = static_cast<double>(field_.domain().total_points());
  std::vector<ExactSum> sum_, square_, length_, in_box_, pairs_, lags_;

  std::optional<LineOfLags> line_;
  DoubtfulLags doubtful_;
  LagMap map_;
  double taken_ = 0, longest_ = 0, left_ = 0, worst_ = 0;
};

} // namespace

double AllLags::spread(const LagCurve& curve, std::size_t shell) const {
  const double m = mean(curve, shell);
  return std::sqrt(std::max(0.0, curve.square[shell] / count[shell] - m * m));
}

AllLags all_lags(const core::RealField& field, const core::Communicator& communicator, const AllLagsRequest& request) {
  if (request.orders.empty() || *std::min_element(request.orders.begin(), request.orders.end()) < 1)
    throw core::Error(core::ExitCode::bad_input, "increments at all lags need whole orders from 1 on");
  if (field.components() > 1 && field.components() != field.domain().dimensions())
    throw core::Error(core::ExitCode::bad_input,
                      fmt::format("increments along and across a lag need a component for each axis: the field has {} "
                                  "components in {} dimensions; take one component",
                                  field.components(), field.domain().dimensions()));
  return LagSums(field, communicator, request).run();
}

core::MemoryParts all_lags_memory(const core::Decomposition& decomposition, int components,
                                  const AllLagsRequest& request) {
  const LagMoments moments(components, degrees_of(request.orders), request.holes);
  return core::LagTransform::memory(decomposition, moments.inputs.size(), moments.outputs.size());
}

} // namespace cascade::analysis
