#pragma once
// Scaling laws of language models as published: what another factor of two of their loss costs.

#include <string>
#include <vector>

namespace cascade::theory {

/// Falls as C^-exponent with the compute C of training at its best use.
struct PublishedLaw {
  std::string name;
  double exponent = 0;
  double floor = 0; ///< E, what does not fall, nats a token; 0: a pure power
  std::string source;
};

/// L = (C_c/C)^.050 of Kaplan et al. (2020), arXiv 2001.08361, eq. (1.3); L = E + A/N^alpha + B/D^beta of Hoffmann et
/// al. (2022), arXiv 2203.15556, eq. (10), and of Besiroglu et al. (2024), arXiv 2404.10102, whose reducible part falls
/// as C^-(alpha beta/(alpha + beta)).
const std::vector<PublishedLaw>& published_laws();

/// FLOP of training 70e9 parameters on 1.4e12 tokens (Hoffmann et al. 2022), where "the next halving" begins.
inline constexpr double published_compute = 5.76e23;

} // namespace cascade::theory
