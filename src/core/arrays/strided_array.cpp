#include "core/arrays/strided_array.hpp"

#include "core/talk/errors.hpp"
#include "core/talk/shown.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <limits>

namespace cascade::core {
namespace {

constexpr Index numbers_at_a_time = 1 << 18;

template <class Bits>
Bits swapped(Bits bits) {
  if constexpr (sizeof(Bits) == 8)
    return __builtin_bswap64(bits);
  else if constexpr (sizeof(Bits) == 4)
    return __builtin_bswap32(bits);
  else if constexpr (sizeof(Bits) == 2)
    return __builtin_bswap16(bits);
  else
    return bits;
}

/// binary16: a sign, five bits of exponent, ten of fraction.
double half_precision(std::uint16_t bits) {
  const int exponent = bits >> 10 & 31, fraction = bits & 1023;
  const double size = exponent == 31  ? (fraction == 0 ? std::numeric_limits<double>::infinity()
                                                       : std::numeric_limits<double>::quiet_NaN())
                      : exponent == 0 ? std::ldexp(fraction, -24)
                                      : std::ldexp(1024 + fraction, exponent - 25);
  return (bits & 0x8000) != 0 ? -size : size;
}

template <class Number, class Bits>
void decode_as(bool swap, std::span<const std::byte> from, std::span<double> to) {
  for (std::size_t i = 0; i < to.size(); ++i) {
    Bits bits;
    std::memcpy(&bits, from.data() + i * sizeof(Bits), sizeof(Bits));
    if (swap)
      bits = swapped(bits);
    if constexpr (sizeof(Number) == sizeof(Bits))
      to[i] = static_cast<double>(std::bit_cast<Number>(bits));
    else
      to[i] = half_precision(static_cast<std::uint16_t>(bits));
  }
}

template <class Signed, class Bits>
void decode_integers(bool sign, bool swap, std::span<const std::byte> from, std::span<double> to) {
  if (sign)
    decode_as<Signed, Bits>(swap, from, to);
  else
    decode_as<Bits, Bits>(swap, from, to);
}

} // namespace

FileBytes::FileBytes(const std::filesystem::path& path)
    : path_(path), descriptor_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
  if (descriptor_ < 0)
    throw Error(ExitCode::bad_input,
                fmt::format("{}: cannot be read: {}", shown(path.string(), 400), std::strerror(errno)));
  struct stat status {};
  ::fstat(descriptor_, &status);
  size_ = status.st_size;
}

FileBytes::~FileBytes() {
  ::close(descriptor_);
}

void FileBytes::read(std::int64_t offset, std::span<std::byte> to) {
  constexpr std::size_t small = std::size_t{1} << 14, read_ahead = std::size_t{1} << 20;
  const auto size = static_cast<std::int64_t>(to.size());
  if (to.size() < small && offset + size <= size_) { // numbers that lie apart: a call to the system for each is slow
    if (offset < ahead_at_ || offset + size > ahead_at_ + static_cast<std::int64_t>(ahead_.size())) {
      ahead_.resize(static_cast<std::size_t>(std::min<std::int64_t>(read_ahead, size_ - offset)));
      ahead_at_ = offset;
      fill(offset, ahead_);
    }
    std::memcpy(to.data(), ahead_.data() + (offset - ahead_at_), to.size());
    return;
  }
  fill(offset, to);
}

void FileBytes::fill(std::int64_t offset, std::span<std::byte> to) {
  while (!to.empty()) {
    const ssize_t got = ::pread(descriptor_, to.data(), to.size(), offset);
    if (got < 0 && errno == EINTR)
      continue;
    if (got <= 0)
      throw Error(ExitCode::io_failure, fmt::format("{}: {} at byte {}", shown(path_.string(), 400),
                                                    got == 0 ? "ends" : std::strerror(errno), offset));
    to = to.subspan(static_cast<std::size_t>(got));
    offset += got;
  }
}

void decode(const NumberFormat& format, std::span<const std::byte> from, std::span<double> to) {
  const bool swap = format.big != (std::endian::native == std::endian::big);
  if (format.kind == NumberKind::floating) {
    if (format.size == 8)
      decode_as<double, std::uint64_t>(swap, from, to);
    else if (format.size == 4)
      decode_as<float, std::uint32_t>(swap, from, to);
    else
      decode_as<float, std::uint16_t>(swap, from, to);
    return;
  }
  const bool sign = format.kind == NumberKind::whole;
  if (format.size == 8)
    decode_integers<std::int64_t, std::uint64_t>(sign, swap, from, to);
  else if (format.size == 4)
    decode_integers<std::int32_t, std::uint32_t>(sign, swap, from, to);
  else if (format.size == 2)
    decode_integers<std::int16_t, std::uint16_t>(sign, swap, from, to);
  else
    decode_integers<std::int8_t, std::uint8_t>(sign, swap, from, to);
}

void read_strided(ByteSource& bytes, std::int64_t offset, const NumberFormat& format, const std::vector<Index>& shape,
                  const ArraySelection& selection, const ArrayFile::Visit& visit) {
  // The selection's last axes that are taken whole are one run with the axis before them, where its step is one.
  const std::size_t rank = shape.size();
  std::size_t run_axis = rank - 1;
  Index run = 1;
  bool dense = true; // along the axes behind run_axis
  for (std::size_t a = rank; a-- > 0;) {
    if (!dense)
      break;
    run_axis = a;
    if (selection.step[a] != 1)
      break;
    run *= selection.count[a];
    dense = selection.count[a] == shape[a];
  }
  const bool stepped = selection.step[run_axis] != 1;
  std::vector<Index> stride(rank, 1);
  for (std::size_t a = rank - 1; a-- > 0;)
    stride[a] = stride[a + 1] * shape[a + 1];
  const Index behind = stepped ? stride[run_axis] : 1; // numbers of one step's whole inner block
  const std::size_t outer = stepped ? run_axis + 1 : run_axis;
  if (stepped)
    run = behind; // one inner block at a time
  std::vector<Index> at(outer, 0);
  std::vector<std::byte> raw;
  std::vector<double> values;
  Index done = 0;
  for (bool more = selection.size() > 0; more;) {
    Index first = 0;
    for (std::size_t a = 0; a < rank; ++a)
      first += (selection.begin[a] + (a < outer ? at[a] * selection.step[a] : 0)) * stride[a];
    for (Index part = 0; part < run; part += numbers_at_a_time) {
      const auto count = static_cast<std::size_t>(std::min(numbers_at_a_time, run - part));
      raw.resize(count * static_cast<std::size_t>(format.size));
      values.resize(count);
      bytes.read(offset + (first + part) * format.size, raw);
      decode(format, raw, values);
      visit(done, values);
      done += static_cast<Index>(count);
    }
    more = false;
    for (std::size_t a = outer; a-- > 0;) {
      if (++at[a] < selection.count[a]) {
        more = true;
        break;
      }
      at[a] = 0;
    }
  }
}

} // namespace cascade::core
