#pragma once
// Numbers one after another in a stream of bytes.

#include "core/arrays/array_file.hpp"

#include <cstddef>

namespace cascade::core {

enum class NumberKind { floating, whole, natural };

/// Floating-point numbers (IEEE 754) of 2, 4 or 8 bytes, integers with or without a sign of 1, 2, 4 or 8; of either
/// byte order.
struct NumberFormat {
  int size = 8;
  bool big = false;
  NumberKind kind = NumberKind::floating;
};

/// Where bytes come from. Local object.
class ByteSource {
public:
  virtual ~ByteSource() = default;
  /// Fills `to` from `offset`; offsets only grow within one reading. Throws Error(io_failure) where the bytes end.
  virtual void read(std::int64_t offset, std::span<std::byte> to) = 0;
};

/// A regular file. Throws Error(bad_input) where it cannot be opened.
class FileBytes final : public ByteSource {
public:
  explicit FileBytes(const std::filesystem::path& path);
  FileBytes(const FileBytes&) = delete;
  FileBytes& operator=(const FileBytes&) = delete;
  ~FileBytes() override;
  void read(std::int64_t offset, std::span<std::byte> to) override;
  std::int64_t size() const { return size_; }

private:
  void fill(std::int64_t offset, std::span<std::byte> to);
  std::filesystem::path path_;
  int descriptor_ = -1;
  std::int64_t size_ = 0;
  std::vector<std::byte> ahead_; ///< what was read beyond the last small request
  std::int64_t ahead_at_ = 0;
};

/// The numbers of a row-major array of this shape from `offset` on, in runs as long as the selection allows.
void read_strided(ByteSource& bytes, std::int64_t offset, const NumberFormat& format, const std::vector<Index>& shape,
                  const ArraySelection& selection, const ArrayFile::Visit& visit);

/// Numbers of this format as doubles.
void decode(const NumberFormat& format, std::span<const std::byte> from, std::span<double> to);

} // namespace cascade::core
