#include "solvers/generator.hpp"

#include "core/errors.hpp"

namespace cascade::solvers {

PointSample Generator::points(std::uint64_t) const {
  throw core::Error(core::ExitCode::internal_failure, "this generator has no point view; ask has_points() first");
}

} // namespace cascade::solvers
