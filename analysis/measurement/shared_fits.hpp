#pragma once
// Fits that do not depend on each other, shared by the ranks.

#include "analysis/fit/exponent_fit.hpp"
#include "core/ranks/communicator.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace cascade::analysis {

/// A list of fits to make, and after run() their results on every rank. Fit i is made by rank i mod ranks: sampling is
/// spread over the ranks, so that fits made by all of them alike would soon take the larger part of the time. The same
/// numbers at any number of ranks, since a fit is local arithmetic on tables that all ranks have.
class SharedFits {
public:
  /// Returns the number under which at() has the result.
  std::size_t add(std::function<ExponentFit()> fit);
  /// Collective. A fit that throws NoFit is an answer; what else a fit throws is thrown on every rank.
  void run(const core::Communicator& communicator);
  /// nullopt: there was no fit, complaint() says why. Local.
  const std::optional<ExponentFit>& at(std::size_t number) const { return outcomes_.at(number).fit; }
  const std::string& complaint(std::size_t number) const { return outcomes_.at(number).complaint; }

private:
  struct Outcome {
    std::optional<ExponentFit> fit;
    std::string complaint;
  };
  std::vector<std::function<ExponentFit()>> fits_;
  std::vector<Outcome> outcomes_;
};

} // namespace cascade::analysis
