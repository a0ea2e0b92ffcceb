#include "core/arrays/raw_array.hpp"

#include "core/arrays/strided_array.hpp"
#include "core/talk/errors.hpp"
#include "core/talk/shown.hpp"

#include <fmt/format.h>

namespace cascade::core {
namespace {

class RawArray final : public ArrayFile {
public:
  explicit RawArray(const ArrayWish& wish)
      : path_(wish.path), offset_(wish.offset), format_{wish.type == "float32" ? 4 : 8, wish.byte_order == "big"} {
    const std::string name = shown(path_.string(), 400);
    if (wish.shape.empty())
      throw Error(ExitCode::bad_input, fmt::format("{}: raw numbers say nothing of their shape; add field.shape, such "
                                                   "as [64, 64, 64]",
                                                   name));
    Index wanted = format_.size;
    for (const Index n : wish.shape)
      if (__builtin_mul_overflow(wanted, n, &wanted))
        throw Error(ExitCode::bad_input,
                    fmt::format("{}: shape {} does not fit into 64-bit counts", name, fmt::join(wish.shape, " x ")));
    const FileBytes bytes(path_);
    if (offset_ > bytes.size())
      throw Error(ExitCode::bad_input,
                  fmt::format("{}: offset {} is beyond its {} bytes", name, offset_, bytes.size()));
    if (wish.more_behind ? bytes.size() - offset_ < wanted : bytes.size() - offset_ != wanted)
      throw Error(ExitCode::bad_input,
                  fmt::format("{}: {} bytes from offset {} on, but shape {} of {} needs {}; check field.shape, dtype "
                              "and offset{}",
                              name, bytes.size() - offset_, offset_, fmt::join(wish.shape, " x "), wish.type, wanted,
                              bytes.size() - offset_ == wanted + 8
                                  ? " (a Fortran record has 4 bytes before and behind it: offset 4)"
                                  : ""));
    header_.shape = wish.shape;
    header_.type = wish.type;
  }
  void read(const ArraySelection& selection, const Visit& visit) const override {
    FileBytes bytes(path_);
    read_strided(bytes, offset_, format_, header_.shape, selection, visit);
  }
  double bytes_held() const override { return 1 << 22; }

private:
  std::filesystem::path path_;
  Index offset_;
  NumberFormat format_;
};

} // namespace

std::unique_ptr<ArrayFile> open_raw(const ArrayWish& wish) {
  return std::make_unique<RawArray>(wish);
}

} // namespace cascade::core
