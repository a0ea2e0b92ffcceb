#pragma once
// One number that notices damage.

#include <cstdint>
#include <string_view>

namespace cascade::core {

/// FNV-1a, 64 bits, of all bytes in order: h <- (h xor byte) * 1099511628211. Each step is one to one in h, so that a
/// single changed byte always changes the sum. Against accidents, not against forgery.
constexpr std::uint64_t checksum(std::string_view bytes) {
  std::uint64_t hash = 14695981039346656037U;
  for (const char c : bytes)
    hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211U;
  return hash;
}

} // namespace cascade::core
