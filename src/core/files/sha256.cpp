#include "core/files/sha256.hpp"

#include "core/talk/errors.hpp"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <memory>
#include <set>

namespace cascade::core {
namespace {

namespace fs = std::filesystem;

/// Bytes in any pieces, by OpenSSL's libcrypto: it uses the processor's own instructions where there are such.
class Sha256 {
public:
  Sha256() {
    if (!context_ || EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) != 1)
      fail();
  }

  void add(std::string_view bytes) {
    if (EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) != 1)
      fail();
  }

  std::string finish() {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned length = 0;
    if (EVP_DigestFinal_ex(context_.get(), digest.data(), &length) != 1)
      fail();
    return fmt::format("{:02x}", fmt::join(digest.begin(), digest.begin() + length, ""));
  }

private:
  [[noreturn]] static void fail() {
    std::array<char, 256> why{};
    ERR_error_string_n(ERR_get_error(), why.data(), why.size());
    throw Error(ExitCode::internal_failure, fmt::format("SHA-256 by OpenSSL failed: {}", why.data()));
  }

  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_{EVP_MD_CTX_new(), &EVP_MD_CTX_free};
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
