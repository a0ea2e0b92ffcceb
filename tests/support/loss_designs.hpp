#pragma once
// Tables of losses whose law is known, in the designs that people train: for unit tests and for the coverage harness.

#include "analysis/losses/loss_model.hpp"
#include "core/random/normals.hpp"

#include <cmath>
#include <cstdint>
#include <vector>

namespace cascade::test {

/// grid: every size with every number of tokens. isoflop: seven budgets C = 6 N D, sizes about the best one of each.
/// twenty_tokens: D = 20 N up to 3%, the compute-optimal design. over_trained: five sizes, 5 to 640 tokens a parameter.
/// With one resource: 24 sizes evenly spaced, the 9 minima of budgets, 45 sizes anywhere, 12 small ones.
enum class Design { grid, isoflop, twenty_tokens, over_trained };

struct KnownTable {
  analysis::LossTable table;
  analysis::LossParameters law;
};

/// Law and noise from the seed: exponents and pedestal uniform, reducible parts of .3 to .5 each (.4 to .8 with one
/// resource) at 1e9 parameters and 2e10 tokens, log losses with normal errors of size `noise`.
class KnownTables {
public:
  KnownTables(Design design, bool two_resources, double noise) : design_(design), two_(two_resources), noise_(noise) {}

  KnownTable operator()(std::uint64_t seed) const {
    Draws draws(seed);
    KnownTable k{{}, law(draws)};
    k.table.name = "synthetic";
    two_ ? place_two(draws, k.table) : place_one(draws, k.table);
    for (std::size_t i = 0; i < k.table.size(); ++i) {
      k.table.loss.push_back(k.law.loss(k.table.x[i], two_ ? k.table.z[i] : 1) * std::exp(noise_ * draws.normal()));
      k.table.line.push_back(static_cast<int>(i) + 2);
    }
    return k;
  }

private:
  class Draws {
  public:
    explicit Draws(std::uint64_t seed) : normals_(256), rng_(seed, core::Stream{7}) {
      core::normal_pairs(rng_, 1 << 20, 0, normals_);
    }
    double normal() { return normals_[next_normal_++]; }
    double uniform(double low, double high) {
      const core::Block block = rng_.block(next_uniform_++);
      return low + (high - low) * core::uniform(block[0], block[1]);
    }

  private:
    std::vector<double> normals_;
    core::CounterRng rng_;
    std::size_t next_normal_ = 0;
    std::uint64_t next_uniform_ = 0;
  };

  analysis::LossParameters law(Draws& draws) const {
    analysis::LossParameters p;
    p.alpha = two_ ? draws.uniform(0.28, 0.43) : draws.uniform(0.2, 0.4);
    p.pedestal = draws.uniform(1.5, 2);
    p.amplitude = (two_ ? draws.uniform(0.3, 0.5) : draws.uniform(0.4, 0.8)) * std::pow(1e9, p.alpha);
    if (two_) {
      p.beta = draws.uniform(0.28, 0.43);
      p.second_amplitude = draws.uniform(0.3, 0.5) * std::pow(2e10, p.beta);
    }
    return p;
  }

  void place_two(Draws& draws, analysis::LossTable& t) const {
    const auto add = [&](double x, double z) {
      t.x.push_back(x);
      t.z.push_back(z);
    };
    const int outer = design_ == Design::twenty_tokens ? 45 : design_ == Design::over_trained ? 5 : 7;
    const int inner = design_ == Design::twenty_tokens ? 1 : design_ == Design::over_trained ? 8 : 7;
    for (int i = 0; i < outer; ++i)
      for (int j = 0; j < inner; ++j)
        if (design_ == Design::grid) {
          add(4e7 * std::exp2(1.2 * i), 1e9 * std::exp2(1.2 * j));
        } else if (design_ == Design::isoflop) {
          const double compute = 1e18 * std::pow(3.2, i), size = std::sqrt(compute / 120) * std::exp2(0.8 * (j - 3));
          add(size, compute / (6 * size));
        } else if (design_ == Design::twenty_tokens) {
          const double size = 4e7 * std::pow(250, i / 44.0);
          add(size, 20 * size * std::exp(0.03 * draws.normal()));
        } else {
          const double size = 1e8 * std::pow(2.2, i);
          add(size, 5 * size * std::exp2(j));
        }
  }

  void place_one(Draws& draws, analysis::LossTable& t) const {
    const int points = design_ == Design::grid            ? 24
                       : design_ == Design::isoflop       ? 9
                       : design_ == Design::twenty_tokens ? 45
                                                          : 12;
    const double low = design_ == Design::over_trained ? 1e7 : 1e8;
    for (int i = 0; i < points; ++i) {
      const double share = design_ == Design::twenty_tokens ? draws.uniform(0, 1) : i / (points - 1.0);
      t.x.push_back(low * std::pow(100, share));
    }
  }

  Design design_;
  bool two_;
  double noise_;
};

} // namespace cascade::test
