#include "solvers/generator.hpp"

#include "core/talk/errors.hpp"

namespace cascade::solvers {

std::shared_ptr<const theory::FiniteSize> Generator::finite_size(std::int64_t, int) const {
  return nullptr;
}

std::shared_ptr<const theory::Expectation> Generator::grid_expectation(const core::Decomposition&,
                                                                       const core::Communicator&,
                                                                       const theory::ExpectedLosses&) const {
  return nullptr;
}

std::shared_ptr<const theory::Expectation> Generator::point_expectation(int) const {
  return nullptr;
}

core::PointSample Generator::points(std::uint64_t) const {
  throw core::Error(core::ExitCode::internal_failure, "this generator has no point view; ask has_points() first");
}

core::PointSource Generator::point_source() const {
  return [this](int realisation) { return points(static_cast<std::uint64_t>(realisation)); };
}

} // namespace cascade::solvers
