#include "core/files/sha256.hpp"

#include "core/talk/errors.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <set>
#include <sstream>

namespace cascade::core {
namespace {

namespace fs = std::filesystem;
using Word = std::uint32_t;

/// First 32 bits of the fractional parts of the cube roots of the first 64 primes (FIPS 180-4, section 4.2.2).
constexpr std::array<Word, 64> constants{
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

/// Bytes in any pieces; the names within are the standard's.
class Sha256 {
public:
  void add(std::string_view bytes) {
    total_ += bytes.size();
    while (!bytes.empty()) {
      const std::size_t count = std::min(bytes.size(), block_.size() - filled_);
      std::memcpy(block_.data() + filled_, bytes.data(), count);
      filled_ += count;
      bytes.remove_prefix(count);
      if (filled_ == block_.size())
        compress();
    }
  }

  /// A one bit, zeros, and the length in bits as 64 bits fill the last block (section 5.1.1).
  std::string finish() {
    const std::uint64_t bits = total_ * 8;
    add(std::string_view("\x80", 1));
    while (filled_ != block_.size() - 8)
      add(std::string_view("\0", 1));
    std::array<char, 8> length{};
    for (std::size_t i = 0; i < length.size(); ++i)
      length[i] = static_cast<char>(static_cast<unsigned char>(bits >> (56 - 8 * i) & 0xFFU));
    add({length.data(), length.size()});
    std::string text;
    for (const Word word : hash_)
      text += fmt::format("{:08x}", word);
    return text;
  }

private:
  void compress() {
    std::array<Word, 64> w{};
    for (std::size_t t = 0; t < 16; ++t)
      for (std::size_t i = 0; i < 4; ++i)
        w[t] = w[t] << 8 | block_[4 * t + i];
    for (std::size_t t = 16; t < 64; ++t) {
      const Word s0 = std::rotr(w[t - 15], 7) ^ std::rotr(w[t - 15], 18) ^ w[t - 15] >> 3;
      const Word s1 = std::rotr(w[t - 2], 17) ^ std::rotr(w[t - 2], 19) ^ w[t - 2] >> 10;
      w[t] = w[t - 16] + s0 + w[t - 7] + s1;
    }
    auto [a, b, c, d, e, f, g, h] = hash_;
    for (std::size_t t = 0; t < 64; ++t) {
      const Word big1 = std::rotr(e, 6) ^ std::rotr(e, 11) ^ std::rotr(e, 25), choice = (e & f) ^ (~e & g);
      const Word t1 = h + big1 + choice + constants[t] + w[t];
      const Word big0 = std::rotr(a, 2) ^ std::rotr(a, 13) ^ std::rotr(a, 22), majority = (a & b) ^ (a & c) ^ (b & c);
      h = g, g = f, f = e, e = d + t1, d = c, c = b, b = a, a = t1 + big0 + majority;
    }
    const std::array<Word, 8> after{a, b, c, d, e, f, g, h};
    for (std::size_t i = 0; i < after.size(); ++i)
      hash_[i] += after[i];
    filled_ = 0;
  }

  /// The same of the square roots of the first eight primes (section 5.3.3).
  std::array<Word, 8> hash_{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                            0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  std::array<unsigned char, 64> block_{};
  std::size_t filled_ = 0;
  std::uint64_t total_ = 0;
};

/// "DIGEST  NAME" -> both; false for any other line.
bool split_line(const std::string& line, std::string& digest, std::string& name) {
  constexpr std::size_t digits = 64;
  if (line.size() < digits + 3 || line.find_first_not_of("0123456789abcdef") != digits || line[digits] != ' ' ||
      (line[digits + 1] != ' ' && line[digits + 1] != '*'))
    return false;
  digest = line.substr(0, digits);
  name = line.substr(digits + 2);
  const fs::path path(name);
  return path.is_relative() && std::find(path.begin(), path.end(), "..") == path.end();
}

} // namespace

std::string sha256(std::string_view bytes) {
  Sha256 sum;
  sum.add(bytes);
  return sum.finish();
}

std::string sha256_of_file(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::error_code ignored;
  if (!stream || !fs::is_regular_file(file, ignored))
    throw Error(ExitCode::io_failure, file.string() + ": cannot be read");
  Sha256 sum;
  std::vector<char> piece(std::size_t{1} << 20);
  while (stream.read(piece.data(), static_cast<std::streamsize>(piece.size())) || stream.gcount() > 0)
    sum.add({piece.data(), static_cast<std::size_t>(stream.gcount())});
  if (stream.bad())
    throw Error(ExitCode::io_failure, file.string() + ": cannot be read");
  return sum.finish();
}

std::string checksum_line(const std::string& digest, const std::string& name) {
  return digest + "  " + name + "\n";
}

std::string checksum_damage(const fs::path& folder, const std::vector<std::string>& required) {
  std::ifstream stream(folder / checksum_file_name);
  if (!stream)
    return fmt::format("{} is missing or cannot be read", checksum_file_name);
  std::set<std::string> seen;
  std::string line, digest, name;
  while (std::getline(stream, line)) {
    if (!split_line(line, digest, name))
      return fmt::format("{} is damaged", checksum_file_name);
    seen.insert(name);
    std::error_code ignored;
    if (!fs::exists(folder / name, ignored))
      return name + " is missing";
    try {
      if (sha256_of_file(folder / name) != digest)
        return fmt::format("{} was changed after it was written (its checksum in {} differs)", name,
                           checksum_file_name);
    } catch (const Error&) {
      return name + " cannot be read";
    }
  }
  for (const std::string& one : required)
    if (!seen.contains(one))
      return fmt::format("{} does not name {}", checksum_file_name, one);
  return "";
}

} // namespace cascade::core
