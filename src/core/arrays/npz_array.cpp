#include "core/arrays/npz_array.hpp"

#include "core/arrays/npy_array.hpp"
#include "core/talk/errors.hpp"
#include "core/talk/shown.hpp"

#include <fmt/format.h>
#include <zip.h>

#include <algorithm>

namespace cascade::core {
namespace {

class Archive {
public:
  explicit Archive(const std::filesystem::path& path) : name_(shown(path.string(), 400)) {
    int code = 0;
    archive_ = zip_open(path.c_str(), ZIP_RDONLY, &code);
    if (archive_ == nullptr) {
      zip_error_t error;
      zip_error_init_with_code(&error, code);
      const std::string why = zip_error_strerror(&error);
      zip_error_fini(&error);
      throw Error(code == ZIP_ER_NOZIP ? ExitCode::bad_input : ExitCode::io_failure,
                  fmt::format("{}: no archive of arrays (.npz): {}", name_, why));
    }
  }
  Archive(const Archive&) = delete;
  Archive& operator=(const Archive&) = delete;
  ~Archive() { zip_discard(archive_); }
  zip_t* get() const { return archive_; }
  const std::string& name() const { return name_; }

  std::vector<std::string> members() const {
    std::vector<std::string> names;
    for (zip_int64_t i = 0; i < zip_get_num_entries(archive_, 0); ++i)
      if (const char* name = zip_get_name(archive_, static_cast<zip_uint64_t>(i), 0))
        if (const std::string text = name; text.ends_with(".npy"))
          names.push_back(text.substr(0, text.size() - 4));
    return names;
  }

private:
  std::string name_;
  zip_t* archive_ = nullptr;
};

/// One member, from its beginning onwards.
class MemberBytes final : public ByteSource {
public:
  MemberBytes(const Archive& archive, const std::string& member)
      : archive_(archive), file_(zip_fopen(archive.get(), member.c_str(), 0)) {
    if (file_ == nullptr)
      fail();
  }
  MemberBytes(const MemberBytes&) = delete;
  MemberBytes& operator=(const MemberBytes&) = delete;
  ~MemberBytes() override {
    if (file_ != nullptr)
      zip_fclose(file_);
  }
  void read(std::int64_t offset, std::span<std::byte> to) override {
    std::byte skipped[1 << 14];
    while (at_ < offset)
      take(std::span(skipped).first(static_cast<std::size_t>(std::min<std::int64_t>(sizeof skipped, offset - at_))));
    take(to);
  }
  /// As much as there is.
  std::size_t read_some(std::span<std::byte> to) {
    std::size_t got = 0;
    while (got < to.size()) {
      const zip_int64_t n = zip_fread(file_, to.data() + got, to.size() - got);
      if (n < 0)
        fail();
      if (n == 0)
        break;
      got += static_cast<std::size_t>(n);
    }
    at_ += static_cast<std::int64_t>(got);
    return got;
  }

private:
  void take(std::span<std::byte> to) {
    if (read_some(to) < to.size())
      throw Error(ExitCode::io_failure, fmt::format("{}: the array ends early", archive_.name()));
  }
  [[noreturn]] void fail() const {
    throw Error(ExitCode::io_failure,
                fmt::format("{}: {}", archive_.name(),
                            file_ != nullptr ? zip_file_strerror(file_) : zip_strerror(archive_.get())));
  }
  const Archive& archive_;
  zip_file_t* file_;
  std::int64_t at_ = 0;
};

class NpzArray final : public ArrayFile {
public:
  explicit NpzArray(const ArrayWish& wish) : path_(wish.path), member_(wish.dataset + ".npy") {
    const Archive archive(path_);
    const auto members = archive.members();
    if (std::find(members.begin(), members.end(), wish.dataset) == members.end())
      throw Error(ExitCode::bad_input,
                  fmt::format("{}: no array '{}'; there are: {}", archive.name(), shown(wish.dataset),
                              shown(fmt::format("{}", fmt::join(members, ", ")), 400)));
    MemberBytes bytes(archive, member_);
    std::string first(longest_npy_header, '\0');
    first.resize(bytes.read_some(std::as_writable_bytes(std::span(first))));
    npy_ = npy_header(first, archive.name() + ": " + shown(wish.dataset), wish.any_numbers);
    header_.shape = npy_.shape;
    header_.reversed = npy_.fortran;
    header_.type = npy_.type;
    header_.dataset = wish.dataset;
  }
  void read(const ArraySelection& selection, const Visit& visit) const override {
    const Archive archive(path_);
    MemberBytes bytes(archive, member_);
    read_strided(bytes, npy_.data, npy_.format, npy_.shape, selection, visit);
  }
  double bytes_held() const override { return 1 << 22; }

private:
  std::filesystem::path path_;
  std::string member_;
  NpyHeader npy_;
};

} // namespace

std::unique_ptr<ArrayFile> open_npz(const ArrayWish& wish) {
  return std::make_unique<NpzArray>(wish);
}

std::vector<std::string> all_npz_members(const std::filesystem::path& path) {
  return Archive(path).members();
}

std::vector<std::string> npz_members(const std::filesystem::path& path) {
  const Archive archive(path);
  const auto members = archive.members();
  if (members.size() == 1)
    return members;
  throw Error(ExitCode::bad_input,
              members.empty() ? archive.name() + ": holds no array"
                              : fmt::format("{}: holds {} arrays; name one (or one a component) as field.dataset: {}",
                                            archive.name(), members.size(),
                                            shown(fmt::format("{}", fmt::join(members, ", ")), 400)));
}

} // namespace cascade::core
