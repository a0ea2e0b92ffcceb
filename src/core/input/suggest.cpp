#include "core/input/suggest.hpp"

#include <algorithm>
#include <cctype>
#include <utility>

namespace cascade::core {

namespace {

std::string lower(std::string s) {
  std::transform(s.begin(), s.end(), s.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return s;
}

} // namespace

std::size_t edit_distance(const std::string& a, const std::string& b) {
  // Three rows of the dynamic-programming table: a swap looks two rows back.
  std::vector<std::size_t> before(b.size() + 1), previous(b.size() + 1), current(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j)
    previous[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    current[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      current[j] = std::min({previous[j] + 1, current[j - 1] + 1, change});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        current[j] = std::min(current[j], before[j - 2] + 1);
    }
    std::swap(before, previous);
    std::swap(previous, current);
  }
  return previous[b.size()];
}

std::optional<std::string> suggest(const std::string& word, const std::vector<std::string>& candidates) {
  constexpr std::size_t longest = 64; // nobody mistypes a word of this length: bounds the cost
  if (word.empty() || word.size() > longest)
    return std::nullopt;
  const std::string typed = lower(word);
  const std::size_t limit = std::clamp<std::size_t>(word.size() / 3, 1, 3);
  std::optional<std::string> nearest, completed;
  std::size_t nearest_distance = limit + 1, completions = 0;
  for (const std::string& candidate : candidates) {
    const std::string known = lower(candidate);
    if (const std::size_t distance = edit_distance(typed, known); distance < nearest_distance) {
      nearest_distance = distance;
      nearest = candidate;
    }
    if (typed.size() >= 3 && known.starts_with(typed) && ++completions == 1)
      completed = candidate;
  }
  if (nearest)
    return nearest;
  return completions == 1 ? completed : std::nullopt;
}

std::string suggestion(const std::string& word, const std::vector<std::string>& candidates,
                       const std::vector<std::string>& more) {
  constexpr std::size_t most = 6;
  std::vector<std::string> all;
  if (const std::optional<std::string> near = suggest(word, candidates))
    all.push_back(*near);
  all.insert(all.end(), more.begin(), more.end());
  all.resize(std::min(all.size(), most));
  std::string text;
  for (std::size_t i = 0; i < all.size(); ++i)
    text += (i == 0 ? "; did you mean '" : i + 1 == all.size() ? " or '" : ", '") + all[i] + "'";
  return text.empty() ? text : text + "?";
}

} // namespace cascade::core
