#include "solvers/generator.hpp"

namespace cascade::solvers {

std::shared_ptr<const theory::FiniteSize> GridView::family(std::int64_t, int) const {
  return nullptr;
}

std::shared_ptr<const theory::Expectation> GridView::expectation(const core::Decomposition&, const core::Communicator&,
                                                                 const theory::ExpectedLosses&) const {
  return nullptr;
}

core::MemoryParts GridView::expectation_memory(const core::Decomposition&, const theory::ExpectedLosses&) const {
  return {};
}

std::shared_ptr<const theory::Expectation> PointView::expectation(int) const {
  return nullptr;
}

core::PointSource PointView::source() const {
  return [this](int realisation) { return sample(static_cast<std::uint64_t>(realisation)); };
}

} // namespace cascade::solvers
