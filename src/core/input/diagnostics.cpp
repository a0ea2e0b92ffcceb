#include "core/input/diagnostics.hpp"

#include "core/talk/errors.hpp"
#include "core/talk/shown.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <tuple>

namespace cascade::core {

std::string Position::text() const {
  return line > 0 ? fmt::format("{}:{}:{}", source, line, column) : source;
}

void Diagnostics::add(const Position& position, const std::string& key, const std::string& message) {
  all_.push_back({position, key, message});
}

bool Diagnostics::mentions(const std::string& key) const {
  return std::any_of(all_.begin(), all_.end(), [&](const Entry& e) {
    return e.key == key || e.key.starts_with(key + ".") || e.key.starts_with(key + "[");
  });
}

std::vector<std::string> Diagnostics::lines() const {
  std::vector<Entry> sorted = all_;
  const auto place = [](const Entry& e) { // arguments come after the file
    return std::tuple(e.position.line > 0 ? e.position.line : std::numeric_limits<int>::max(), e.position.column);
  };
  std::stable_sort(sorted.begin(), sorted.end(), [&](const Entry& a, const Entry& b) { return place(a) < place(b); });
  std::vector<std::string> out;
  for (const Entry& e : sorted) {
    constexpr std::size_t longest = 1500;
    std::string line =
        shown(e.position.text() + ": " + (e.key.empty() ? "" : shown(e.key) + ": ") + e.message, longest);
    if (std::find(out.begin(), out.end(), line) == out.end())
      out.push_back(std::move(line));
  }
  return out;
}

void Diagnostics::throw_if_any() const {
  if (empty())
    return;
  constexpr std::size_t most = 200; // nobody reads more: it is the wrong file
  std::vector<std::string> all = lines();
  if (all.size() > most) {
    const std::size_t rest = all.size() - most;
    all.resize(most);
    all.push_back(fmt::format("... and {} more", rest));
  }
  throw Error(ExitCode::bad_input, fmt::format("{}", fmt::join(all, "\n")));
}

} // namespace cascade::core
