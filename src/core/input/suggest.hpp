#pragma once
// "did you mean": the closest known word to a mistyped one.

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace cascade::core {

/// Damerau-Levenshtein distance (optimal string alignment): the number of insertions, deletions, substitutions and
/// swaps of neighbours that turn a into b, each byte changed at most once. Case-sensitive.
std::size_t edit_distance(const std::string& a, const std::string& b);

/// The candidate nearest to `word` without regard to case, if it is within a third of the word's length (at least 1, at
/// most 3 edits); ties go to the first. A word that is the beginning of exactly one candidate is near to it whatever
/// its length.
std::optional<std::string> suggest(const std::string& word, const std::vector<std::string>& candidates);

/// "; did you mean 'x'?" or nothing. With more to mention, likeliest first: "; did you mean 'x', 'a.x' or 'b.x'?".
std::string suggestion(const std::string& word, const std::vector<std::string>& candidates,
                       const std::vector<std::string>& more = {});

} // namespace cascade::core
