#include "analysis/all_lags/lag_moments.hpp"

#include <algorithm>
#include <map>
#include <stdexcept>
#include <utility>

namespace cascade::analysis {
namespace {

double binomial(int n, int k) {
  double b = 1; // every step is a whole number
  for (int i = 1; i <= k; ++i)
    b = b * (n - k + i) / i;
  return b;
}

/// |p|! / prod p_a!
double multinomial(const Powers& p) {
  double m = 1;
  int left = degree_of(p);
  for (const int e : p) {
    m *= binomial(left, e);
    left -= e;
  }
  return m;
}

Powers sum_of(const Powers& a, const Powers& b) {
  return {a[0] + b[0], a[1] + b[1], a[2] + b[2]};
}

/// The terms of a quantity, those of the same moment and direction together.
class Parts {
public:
  Parts(const LagMoments& moments, int components) : moments_(moments), components_(components) {}
  /// factor u_L^along |u|^(2 square), u_L by the directions of the lag.
  void add(int along, int square, double factor) {
    for (const Powers& e : powers_of_degree(components_, along))
      for (const Powers& g : powers_of_degree(components_, square)) {
        const Powers alpha = sum_of(e, sum_of(g, g));
        sum_[{moments_.output(alpha), e}] += factor * multinomial(e) * multinomial(g);
      }
  }
  std::vector<LagPart> list() const {
    std::vector<LagPart> parts;
    for (const auto& [key, c] : sum_)
      if (c != 0)
        parts.push_back({key.first, key.second, c});
    return parts;
  }

private:
  const LagMoments& moments_;
  int components_;
  std::map<std::pair<std::size_t, Powers>, double> sum_;
};

} // namespace

std::vector<Powers> powers_of_degree(int components, int degree) {
  std::vector<Powers> all;
  for (int a = degree; a >= 0; --a) {
    if (components == 1 && a != degree)
      break;
    for (int b = degree - a; b >= 0; --b) {
      if (components < 3 && b != degree - a)
        break;
      all.push_back({a, b, degree - a - b});
    }
  }
  return all;
}

LagMoments::LagMoments(int components, const std::vector<int>& degrees, bool holes) {
  const int highest = *std::max_element(degrees.begin(), degrees.end());
  std::map<Powers, std::size_t> place;
  place[{0, 0, 0}] = LagTerm::window;
  if (holes) {
    place[{0, 0, 0}] = 0;
    inputs.push_back({0, 0, 0});
    outputs.push_back({0, 0, 0});
    terms.push_back({{0, 0, 1.0}});
  }
  for (int p = 1; p <= highest; ++p)
    for (const Powers& beta : powers_of_degree(components, p)) {
      place[beta] = inputs.size();
      inputs.push_back(beta);
    }
  for (const int p : degrees)
    for (const Powers& alpha : powers_of_degree(components, p)) {
      std::vector<LagTerm> list;
      Powers beta{};
      for (beta[0] = 0; beta[0] <= alpha[0]; ++beta[0])
        for (beta[1] = 0; beta[1] <= alpha[1]; ++beta[1])
          for (beta[2] = 0; beta[2] <= alpha[2]; ++beta[2]) {
            const Powers gamma{alpha[0] - beta[0], alpha[1] - beta[1], alpha[2] - beta[2]};
            if (beta < gamma)
              continue; // with its partner
            const double c = binomial(alpha[0], beta[0]) * binomial(alpha[1], beta[1]) * binomial(alpha[2], beta[2]);
            const double sign = degree_of(gamma) % 2 == 0 ? 1 : -1;
            list.push_back({place.at(beta), place.at(gamma), sign * (beta == gamma ? 1 : 2) * c});
          }
      outputs.push_back(alpha);
      terms.push_back(std::move(list));
    }
}

std::size_t LagMoments::output(const Powers& alpha) const {
  const auto at = std::find(outputs.begin(), outputs.end(), alpha);
  if (at == outputs.end())
    throw std::logic_error("a moment that was not asked for");
  return static_cast<std::size_t>(at - outputs.begin());
}

double mean_power_across(int dimensions, int order) {
  double mean = 1;
  for (int k = 2; dimensions == 3 && k <= order; k += 2)
    mean *= (k - 1.0) / k;
  return mean;
}

std::vector<LagQuantity> lag_quantities(const LagMoments& moments, int components, const std::vector<int>& orders) {
  std::vector<LagQuantity> all;
  for (const int p : orders) {
    if (components == 1) {
      all.push_back({"", p, {{moments.output({p, 0, 0}), {0, 0, 0}, 1.0}}});
      continue;
    }
    Parts along(moments, components);
    along.add(p, 0, 1);
    all.push_back({"longitudinal", p, along.list()});
    if (p % 2 == 0) { // |u_T|^p = (|u|^2 - u_L^2)^(p/2)
      Parts across(moments, components);
      for (int j = 0; 2 * j <= p; ++j)
        across.add(2 * j, p / 2 - j, mean_power_across(components, p) * binomial(p / 2, j) * (j % 2 == 0 ? 1 : -1));
      all.push_back({"transverse", p, across.list()});
    }
    if (p >= 3) {
      Parts mixed(moments, components);
      mixed.add(p - 2, 1, 1.0 / (components - 1));
      mixed.add(p, 0, -1.0 / (components - 1));
      all.push_back({"mixed", p, mixed.list()});
    }
  }
  if (degree_of(moments.outputs.front()) == 0)
    all.push_back({"", 0, {{0, {0, 0, 0}, 1.0}}});
  return all;
}

} // namespace cascade::analysis
