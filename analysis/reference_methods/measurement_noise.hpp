#pragma once
// The random numbers of the reference methods.

#include "core/random/random.hpp"

namespace cascade::analysis {

/// Noise of samples and points of quadratures; which of them, the seed tells.
inline constexpr core::Stream measurement_noise{7};

} // namespace cascade::analysis
