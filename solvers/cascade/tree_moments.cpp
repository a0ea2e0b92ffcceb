#include "solvers/cascade/tree_moments.hpp"

#include <algorithm>
#include <cmath>

namespace cascade::solvers {
namespace {

/// Mean and variance of the sum over a parent's children of factor^p, parents of amplitude one.
struct StepMoments {
  double mean = 0, variance = 0;
};

StepMoments step_moments(const CascadeRules& rules, double order, double level_ratio) {
  const double children = std::exp2(rules.dimensions), scale = std::pow(level_ratio, order);
  StepMoments step;
  if (!rules.multipliers) {
    const double beta = (static_cast<double>(rules.last_alive) + 1) * 0x1p-64;
    step.mean = children * beta * scale;
    step.variance = children * beta * (1 - beta) * scale * scale;
    return step;
  }
  const MultiplierTable& table = *rules.multipliers;
  const theory::Multipliers& m = table.multipliers();
  const double share = table.density() ? 1.0 : 1.0 / 3; // factor = (W/2)^(1/3) or W
  const double q = order * share, damping = table.density() ? 1.0 : std::exp2(-q);
  const auto moment = [&](double power) { return std::exp2(m.scaling(power)); }; // E W^power
  step.mean = children * damping * moment(q);
  switch (m.model) {
  case theory::CascadeModel::lognormal:
  case theory::CascadeModel::log_poisson:
    step.variance = children * damping * damping * (moment(2 * q) - moment(q) * moment(q));
    break;
  case theory::CascadeModel::random_beta: { // brothers share beta: with probability x each lives with 1/2
    const double alive = damping * std::exp2(q), whole = damping;
    const double square = m.x * alive * alive * (children / 4 + children * children / 4) +
                          (1 - m.x) * whole * whole * children * children;
    step.variance = square - step.mean * step.mean;
    break;
  }
  case theory::CascadeModel::p_model:
  case theory::CascadeModel::binomial:
    break; // the sum over brothers is not random
  }
  return step;
}

class Walker {
public:
  Walker(const CascadeRules& rules, const std::vector<double>& orders) : rules_(rules), orders_(orders) {
    const auto levels = static_cast<std::size_t>(rules.levels);
    moments_.sum.assign(levels, std::vector<double>(orders.size(), 0.0));
    squares_.assign(levels, std::vector<double>(orders.size(), 0.0));
  }

  void visit(const core::Block& key, int level, double path) {
    const auto l = static_cast<std::size_t>(level);
    const double amplitude = path * rules_.amplitude[l];
    for (std::size_t i = 0; i < orders_.size(); ++i) {
      const double power = std::pow(amplitude, orders_[i]);
      moments_.sum[l][i] += power;
      squares_[l][i] += power * power;
    }
    if (level + 1 == rules_.levels)
      return;
    for (std::uint32_t child = 0; child < 1u << rules_.dimensions; ++child) {
      const core::Block below = core::philox(key, child);
      const double factor = rules_.factor(key, child, below);
      if (factor > 0)
        visit(below, level + 1, path * factor);
    }
  }

  TreeMoments finish() {
    for (std::size_t l = 0; l + 1 < moments_.sum.size(); ++l) {
      auto& z = moments_.z.emplace_back();
      for (std::size_t i = 0; i < orders_.size(); ++i) {
        const StepMoments step = step_moments(rules_, orders_[i], rules_.amplitude[l + 1] / rules_.amplitude[l]);
        const double expected = step.mean * moments_.sum[l][i], spread = std::sqrt(step.variance * squares_[l][i]);
        const double off = moments_.sum[l + 1][i] - expected;
        const bool random = spread > 1e-9 * expected;
        z.push_back(random ? off / spread : (std::abs(off) < 1e-9 * expected ? 0.0 : 1e9));
      }
    }
    return std::move(moments_);
  }

private:
  const CascadeRules& rules_;
  const std::vector<double>& orders_;
  TreeMoments moments_;
  std::vector<std::vector<double>> squares_;
};

} // namespace

TreeMoments tree_moments(const CascadeRules& rules, const std::vector<double>& orders) {
  Walker walker(rules, orders);
  walker.visit(rules.root, 0, 1);
  return walker.finish();
}

} // namespace cascade::solvers
