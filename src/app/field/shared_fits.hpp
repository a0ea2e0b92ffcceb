#pragma once
// Fits that do not depend on each other, shared by the ranks.

#include "analysis/fit/exponent_fit.hpp"
#include "core/ranks/communicator.hpp"

#include <functional>
#include <string>
#include <vector>

namespace cascade::app {

/// A list of fits to make, and after run() their results on every rank. Fit i is made by rank i mod ranks: sampling is
/// spread over the ranks, so that fits made by all of them alike would soon take the larger part of the time. The same
/// numbers at any number of ranks, since a fit is local arithmetic on tables that all ranks have.
class SharedFits {
public:
  /// Returns the number under which at() has the result.
  std::size_t add(std::function<analysis::ExponentFit()> fit);
  /// Collective.
  void run(const core::Communicator& communicator);
  /// Throws std::invalid_argument with its words if this fit did. Local.
  const analysis::ExponentFit& at(std::size_t number) const;

private:
  struct Outcome {
    analysis::ExponentFit fit;
    std::string complaint; ///< empty: the fit was made
  };
  std::vector<std::function<analysis::ExponentFit()>> fits_;
  std::vector<Outcome> outcomes_;
};

} // namespace cascade::app
