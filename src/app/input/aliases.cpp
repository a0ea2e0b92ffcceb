#include "app/input/aliases.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace cascade::app {
namespace {

struct Alias {
  const char *section, *key; ///< section.key is key at the top
};
constexpr Alias aliases[] = {{"analysis", "approximation"}, {"run", "sampling"}};

} // namespace

std::string canonical_key(const std::string& key) {
  for (const Alias& alias : aliases) {
    const std::string prefix = std::string(alias.section) + ".", full = prefix + alias.key;
    if (key == full || key.starts_with(full + "."))
      return key.substr(prefix.size());
  }
  return key;
}

void adopt_aliases(core::ConfigNode& root, core::Diagnostics& diagnostics) {
  for (const Alias& alias : aliases) {
    core::ConfigEntry* section = root.find(alias.section);
    core::ConfigEntry* inner = section != nullptr ? section->value.find(alias.key) : nullptr;
    if (inner == nullptr)
      continue;
    const std::string full = fmt::format("{}.{}", alias.section, alias.key);
    if (const core::ConfigEntry* other = root.find(alias.key))
      diagnostics.add(inner->position, full,
                      fmt::format("{} at the top of the input ({}) is the same section; keep one", alias.key,
                                  other->position.text()));
    core::ConfigEntry moved = *inner;
    std::erase_if(section->value.entries, [&](const core::ConfigEntry& e) { return e.key == alias.key; });
    if (root.find(alias.key) == nullptr)
      root.entries.push_back(std::move(moved));
  }
}

} // namespace cascade::app
