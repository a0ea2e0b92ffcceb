#include "solvers/manifold/target.hpp"

#include "core/sums/vector_math.hpp"
#include "solvers/cascade/beta_cascade.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace cascade::solvers {
namespace {

constexpr core::Stream target_draws{60};
constexpr std::size_t points_at_once = 256; // points at a time, coordinate by coordinate

/// Calls one(first, count, columns), columns[a*points_at_once + i] being coordinate a of point first + i.
template <class One>
void by_blocks(std::span<const double> coordinates, std::size_t c, std::size_t n, const One& one) {
  std::vector<double> columns(c * points_at_once);
  for (std::size_t first = 0; first < n; first += points_at_once) {
    const std::size_t count = std::min(points_at_once, n - first);
    for (std::size_t i = 0; i < count; ++i)
      for (std::size_t a = 0; a < c; ++a)
        columns[a * points_at_once + i] = coordinates[(first + i) * c + a];
    one(first, count, columns.data());
  }
}

class WaveTarget final : public Target {
public:
  WaveTarget(int coordinates, int octaves, int waves, double hurst, double longest, const core::CounterRng& rng,
             std::uint64_t which)
      : c_(static_cast<std::size_t>(coordinates)) {
    double variance = 0;
    for (int j = 0; j < octaves; ++j)
      for (int m = 0; m < waves; ++m) {
        const PointDraw draw(rng, which << 32 | static_cast<std::uint64_t>(j * waves + m));
        std::vector<double> k(c_);
        double norm = 0;
        for (std::size_t a = 0; a < c_; ++a) {
          k[a] = draw.normal(static_cast<int>(a));
          norm += k[a] * k[a];
        }
        const double length = std::exp2(j + (m + draw.uniform(coordinates)) / waves) / longest;
        for (double& v : k)
          v *= length / std::sqrt(norm);
        const double amplitude = std::pow(length, -hurst);
        vectors_.insert(vectors_.end(), k.begin(), k.end());
        phases_.push_back(draw.uniform(coordinates + 1));
        amplitudes_.push_back(amplitude);
        variance += 0.5 * amplitude * amplitude;
      }
    for (double& a : amplitudes_)
      a /= std::sqrt(variance);
  }

  void evaluate(std::span<const double> coordinates, std::span<double> values) const override {
    by_blocks(coordinates, c_, values.size(), [&](std::size_t first, std::size_t count, const double* columns) {
      std::array<double, points_at_once> sum{}, turns{};
      for (std::size_t w = 0; w < amplitudes_.size(); ++w) {
        const double* k = vectors_.data() + w * c_;
        turns.fill(phases_[w]);
        for (std::size_t a = 0; a < c_; ++a)
          for (std::size_t i = 0; i < points_at_once; ++i)
            turns[i] += k[a] * columns[a * points_at_once + i];
        const double amplitude = amplitudes_[w];
        for (std::size_t i = 0; i < points_at_once; ++i)
          sum[i] += amplitude * core::vector_math::turn(turns[i]).cosine;
      }
      std::copy_n(sum.begin(), count, values.begin() + static_cast<std::ptrdiff_t>(first));
    });
  }

private:
  std::size_t c_;
  std::vector<double> vectors_, phases_, amplitudes_;
};

class CascadeTarget final : public Target {
public:
  CascadeTarget(const ManifoldParameters& p, std::uint64_t seed, std::uint64_t which)
      : d_(static_cast<std::size_t>(p.resolved_dimension())) {
    BetaCascadeParameters b;
    b.embedding_dimension = p.resolved_dimension();
    b.dimension = p.target.active_dimension.value_or(p.resolved_dimension());
    b.hurst = p.target.hurst;
    b.virtual_levels = p.resolved_octaves();
    const BetaCascade cascade(b, seed);
    field_ = cascade.points()->sample(which).field;
    for (int l = 0; l < p.resolved_octaves(); ++l)
      variance_ += std::exp2(-l * 2 * *p.mean_square_hurst());
  }

  void evaluate(std::span<const double> coordinates, std::span<double> values) const override {
    std::vector<core::Coordinate> at(values.size() * d_);
    std::transform(coordinates.begin(), coordinates.end(), at.begin(), core::to_coordinate);
    field_->evaluate(at, values);
    for (double& v : values)
      v /= std::sqrt(variance_);
  }

private:
  std::size_t d_;
  std::shared_ptr<const core::PointField> field_;
  double variance_ = 0;
};

class TeacherTarget final : public Target {
public:
  static constexpr std::size_t width = 32;
  TeacherTarget(int coordinates, const core::CounterRng& rng, std::uint64_t which)
      : c_(static_cast<std::size_t>(coordinates)) {
    int number = 0;
    const PointDraw draw(rng, which << 32 | 0xffffffffu);
    const auto fill = [&](std::vector<double>& w, std::size_t size, double deviation) {
      w.resize(size);
      for (double& v : w)
        v = deviation * draw.normal(number++);
    };
    const double fan = static_cast<double>(width);
    fill(first_, width * c_, 4 / std::sqrt(static_cast<double>(c_))); // inputs of size 1/2 about their centre
    fill(first_bias_, width, 1);
    fill(second_, width * width, 2 / std::sqrt(fan));
    fill(second_bias_, width, 1);
    fill(last_, width, 1.5 / std::sqrt(fan));
  }

  void evaluate(std::span<const double> coordinates, std::span<double> values) const override {
    for (std::size_t i = 0; i < values.size(); ++i) {
      std::array<double, width> a{};
      for (std::size_t u = 0; u < width; ++u) {
        double s = first_bias_[u];
        for (std::size_t k = 0; k < c_; ++k)
          s += first_[u * c_ + k] * (coordinates[i * c_ + k] - 0.5);
        a[u] = std::tanh(s);
      }
      values[i] = 0;
      for (std::size_t u = 0; u < width; ++u) {
        double s = second_bias_[u];
        for (std::size_t k = 0; k < width; ++k)
          s += second_[u * width + k] * a[k];
        values[i] += last_[u] * std::tanh(s);
      }
    }
  }

private:
  std::size_t c_;
  std::vector<double> first_, first_bias_, second_, second_bias_, last_;
};

} // namespace

std::unique_ptr<Target> make_target(const ManifoldParameters& p, int coordinates, std::uint64_t seed,
                                    std::uint64_t which) {
  const core::CounterRng rng(seed, target_draws);
  const int waves = static_cast<int>(p.target.waves);
  if (p.target.kind == "modes")
    return std::make_unique<WaveTarget>(coordinates, p.resolved_octaves(), waves, p.target.hurst, p.target.longest, rng,
                                        which);
  if (p.target.kind == "band")
    return std::make_unique<WaveTarget>(coordinates, 1, waves, 0.0, p.target.longest, rng, which);
  if (p.target.kind == "cascade")
    return std::make_unique<CascadeTarget>(p, seed, which);
  if (p.target.kind == "teacher")
    return std::make_unique<TeacherTarget>(coordinates, rng, which);
  return nullptr;
}

} // namespace cascade::solvers
