#pragma once
// Inputs for the whole program: every answer it gives beside its law.

#include "tests/coverage/kind.hpp"

namespace cascade::coverage {

/// Quantities are ids of results, with the way (blind, curve, plain) where there are several. All laws are far from
/// their smooth limits.
std::vector<Interval> whole_series(std::uint64_t seed);
std::vector<Interval> whole_vector(std::uint64_t seed);
std::vector<Interval> whole_velocity(std::uint64_t seed);
std::vector<Interval> whole_isotropy(std::uint64_t seed);
std::vector<Interval> whole_random_origin(std::uint64_t seed);
std::vector<Interval> whole_cascade(std::uint64_t seed);
std::vector<Interval> whole_tree(std::uint64_t seed);
std::vector<Interval> whole_sampled_cascade(std::uint64_t seed);
std::vector<Interval> whole_sampled_waves(std::uint64_t seed);
std::vector<Interval> whole_high_dimension(std::uint64_t seed);
std::vector<Interval> whole_error_driven(std::uint64_t seed);

/// These results of a run of the whole program, each with what its law predicts.
std::vector<Interval> results_of_run(const std::string& input, const std::vector<std::string>& ids);

} // namespace cascade::coverage
