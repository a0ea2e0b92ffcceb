#pragma once
// What a rank holds, thing by thing: the material of a plan.

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace cascade::core {

/// Bytes of the rank that has most, under the name a plan shows them by. A double: a product of sizes that nobody can
/// have must stay a huge number instead of wrapping round.
struct MemoryPart {
  std::string name;
  double bytes = 0;
};

/// Things that are there at the same time. Plain value, local.
using MemoryParts = std::vector<MemoryPart>;

inline double total_bytes(const MemoryParts& parts) {
  double sum = 0;
  for (const MemoryPart& part : parts)
    sum += part.bytes;
  return sum;
}

/// The same as a count; what is more than 2^62 is 2^62.
inline std::int64_t whole_bytes(double bytes) {
  return static_cast<std::int64_t>(std::clamp(bytes, 0.0, 0x1p62));
}

/// Both at the same time.
inline MemoryParts together(MemoryParts parts, const MemoryParts& more) {
  parts.insert(parts.end(), more.begin(), more.end());
  return parts;
}

/// One after the other: the larger of the two.
inline MemoryParts in_turn(MemoryParts first, MemoryParts second) {
  return total_bytes(second) > total_bytes(first) ? std::move(second) : std::move(first);
}

} // namespace cascade::core
