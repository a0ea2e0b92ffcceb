#include "analysis/fit/corrections.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace cascade::analysis {
namespace {

struct Term {
  double decay; ///< exponent relative to the leading one: the smaller, the slower the correction fades
  Correction correction;
  std::string text;
};

PowerLawModel model_of(const std::vector<Term>& terms, std::size_t count, const std::string& symbol) {
  PowerLawModel model{fmt::format("A {}^a", symbol), {}};
  for (std::size_t i = 0; i < count; ++i) {
    model.corrections.push_back(terms[i].correction);
    model.name += terms[i].text;
  }
  return model;
}

} // namespace

std::vector<PowerLawModel> mean_power_models(double order, int smoothness, const Roughness& roughness, bool volume,
                                             const std::string& symbol) {
  const double smooth = order * smoothness;
  const auto fixed = [&](double decay) {
    return Term{decay, {Correction::Kind::fixed_power, smooth, {}}, fmt::format(" + B {}^{:.4g}", symbol, smooth)};
  };
  const auto relative = [&](double decay, char name) {
    return Term{
        decay, {Correction::Kind::relative_power, decay, {}}, fmt::format(" + {} {}^(a+{:.3g})", name, symbol, decay)};
  };
  std::vector<Term> terms;
  if (!roughness.measured) {
    terms.push_back(fixed(1));
    return {model_of(terms, 1, symbol), model_of(terms, 0, symbol)};
  }
  const double rough = order * roughness.hurst + (volume ? roughness.codimension : 0);
  const double gap = smooth - rough, cross = 2 * (smoothness - roughness.hurst);
  if (gap < 0.1) { // saturated: smooth part leads
    // Rough eddies rule where they live (h < k), or are a small part of the smooth field everywhere (h > k): then they
    // enter squared, by the even terms of abs(smooth + rough)^p.
    const double codimension = volume ? roughness.codimension : 0;
    const bool small = cross < 0 && order != 2;
    const double decay = small ? -cross + codimension : -gap;
    if (decay > 0.1)
      terms.push_back(relative(decay, 'C'));
    if (small && -cross > 0.1 && decay - cross < 1.3)
      terms.push_back(relative(decay - cross, 'E'));
    std::vector<PowerLawModel> models{model_of(terms, terms.size(), symbol)};
    for (std::size_t fewer = terms.size(); fewer-- > 0;)
      models.push_back(model_of(terms, fewer, symbol));
    return models;
  }
  terms.push_back(fixed(gap));
  if (order != 2 && cross > 0.1) {
    if (std::abs(cross - gap) > 0.1) // else one term stands for both
      terms.push_back(relative(cross, 'C'));
    if (order > 2 && std::abs(2 * cross - gap) > 0.1)
      terms.push_back(relative(2 * cross, 'E'));
  }
  std::sort(terms.begin(), terms.end(), [](const Term& a, const Term& b) { return a.decay < b.decay; });
  // A correction that fades faster than s^1.3 is gone two octaves below the top: it only costs precision.
  std::size_t slow = 1;
  while (slow < std::min<std::size_t>(terms.size(), 2) && terms[slow].decay < 1.3)
    ++slow;
  std::vector<PowerLawModel> models{model_of(terms, slow, symbol)};
  if (slow < std::min<std::size_t>(terms.size(), 2))
    models.push_back(model_of(terms, slow + 1, symbol));
  if (slow > 1)
    models.push_back(model_of(terms, slow - 1, symbol));
  return models;
}

std::vector<PowerLawModel> with_pedestal(std::vector<PowerLawModel> models, const std::vector<double>& phi,
                                         double order) {
  const double share = 1 - 2 / order;
  for (auto& m : models) {
    m.corrections.push_back({Correction::Kind::pedestal, share, phi});
    m.name += share == 0 ? " - P" : fmt::format(" - P x^({:.3g} a)", share);
    m.name += phi.empty() ? "" : "/phi";
  }
  return models;
}

} // namespace cascade::analysis
