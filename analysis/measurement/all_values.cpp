#include "analysis/measurement/all_values.hpp"

#include "core/talk/errors.hpp"

#include <fmt/format.h>

namespace cascade::analysis {

void require_all_values(const core::GridSample& sample, const std::string& key) {
  if (sample.missing > 0)
    throw core::Error(
        core::ExitCode::bad_input,
        fmt::format("{} needs every value, and {} are missing; leave it out, or fill them. Pairs and cells "
                    "without them are what structure_function, increment_moments, "
                    "box_counting and approximation take",
                    key, sample.missing));
}

} // namespace cascade::analysis
