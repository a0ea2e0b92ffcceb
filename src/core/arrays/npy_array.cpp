#include "core/arrays/npy_array.hpp"

#include "core/talk/errors.hpp"
#include "core/talk/shown.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <charconv>

namespace cascade::core {
namespace {

[[noreturn]] void refuse_npy(const std::string& name, const std::string& why) {
  throw Error(ExitCode::bad_input, name + ": " + why);
}

/// What stands behind 'key': in the dictionary.
std::string_view behind(std::string_view dictionary, std::string_view key, const std::string& name) {
  for (const char quote : {'\'', '"'}) {
    const std::string quoted = quote + std::string(key) + quote;
    std::size_t at = dictionary.find(quoted);
    if (at == std::string_view::npos)
      continue;
    at = dictionary.find_first_not_of(" \t", at + quoted.size());
    if (at != std::string_view::npos && dictionary[at] == ':')
      return dictionary.substr(std::min(dictionary.find_first_not_of(" \t", at + 1), dictionary.size()));
  }
  refuse_npy(name, fmt::format("no array of NumPy: its header lacks '{}'", key));
}

struct NumberType {
  std::string_view code;
  NumberFormat format;
  const char* name;
};
constexpr NumberType any_number_types[] = {
    {"f2", {2, false, NumberKind::floating}, "float16"}, {"i8", {8, false, NumberKind::whole}, "int64"},
    {"i4", {4, false, NumberKind::whole}, "int32"},      {"i2", {2, false, NumberKind::whole}, "int16"},
    {"i1", {1, false, NumberKind::whole}, "int8"},       {"u8", {8, false, NumberKind::natural}, "uint64"},
    {"u4", {4, false, NumberKind::natural}, "uint32"},   {"u2", {2, false, NumberKind::natural}, "uint16"},
    {"u1", {1, false, NumberKind::natural}, "uint8"},    {"b1", {1, false, NumberKind::natural}, "bool"}};

std::pair<NumberFormat, std::string> number_format(std::string_view descr, const std::string& name, bool any_numbers) {
  if (descr.empty() || (descr[0] != '\'' && descr[0] != '"'))
    refuse_npy(name, "a structured array; save one field of it: np.save(file, a['name'])");
  const std::string_view code = descr.substr(1, descr.find(descr[0], 1) - 1);
  if (code.find('O') != std::string_view::npos)
    refuse_npy(name, "pickled Python objects, which are never loaded; save numbers: np.save(file, "
                     "np.asarray(a, dtype=float))");
  const std::size_t letter = code.find_first_not_of("<>|=");
  const std::string_view type = letter == std::string_view::npos ? "" : code.substr(letter);
  const bool big = code.starts_with('>') || (!code.starts_with('<') && std::endian::native == std::endian::big);
  if (type == "f8")
    return {{8, big}, "float64"};
  if (type == "f4")
    return {{4, big}, "float32"};
  if (any_numbers)
    for (const NumberType& known : any_number_types)
      if (type == known.code)
        return {{known.format.size, big, known.format.kind}, known.name};
  const char* kind = type.starts_with('c')                            ? "complex numbers"
                     : type.starts_with('i') || type.starts_with('u') ? "integers"
                     : type.starts_with('U') || type.starts_with('S') ? "text"
                                                                      : "numbers of another type";
  refuse_npy(name, fmt::format("holds {} ({}); {}: np.save(file, a{})", kind, shown(std::string(code)),
                               any_numbers ? "allowed: real numbers" : "a field is float32 or float64",
                               type.starts_with('c') ? ".real" : ".astype(float)"));
}

std::vector<Index> shape_of(std::string_view text, const std::string& name) {
  std::vector<Index> shape;
  if (!text.starts_with('('))
    refuse_npy(name, "no array of NumPy: the shape in its header is none");
  for (text.remove_prefix(1);;) {
    text.remove_prefix(std::min(text.find_first_not_of(" ,"), text.size()));
    if (text.empty() || text[0] == ')')
      return shape;
    Index n = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), n);
    if (read.ec != std::errc())
      refuse_npy(name, "no array of NumPy: the shape in its header is none");
    shape.push_back(n);
    text.remove_prefix(static_cast<std::size_t>(read.ptr - text.data()));
  }
}

class NpyArray final : public ArrayFile {
public:
  explicit NpyArray(const ArrayWish& wish) : path_(wish.path) {
    FileBytes bytes(path_);
    std::string first(static_cast<std::size_t>(std::min<std::int64_t>(bytes.size(), longest_npy_header)), '\0');
    bytes.read(0, std::as_writable_bytes(std::span(first)));
    const std::string name = shown(path_.string(), 400);
    npy_ = npy_header(first, name, wish.any_numbers);
    header_.shape = npy_.shape;
    header_.reversed = npy_.fortran;
    header_.type = npy_.type;
    Index wanted = npy_.format.size;
    for (const Index n : npy_.shape)
      if (__builtin_mul_overflow(wanted, n, &wanted))
        refuse_npy(name, "its shape does not fit into 64-bit counts");
    if (bytes.size() - npy_.data < wanted)
      throw Error(ExitCode::io_failure,
                  fmt::format("{}: ends early: {} bytes of numbers where its shape {} needs {}", name,
                              bytes.size() - npy_.data, fmt::join(npy_.shape, " x "), wanted));
  }
  void read(const ArraySelection& selection, const Visit& visit) const override {
    FileBytes bytes(path_);
    read_strided(bytes, npy_.data, npy_.format, npy_.shape, selection, visit);
  }
  double bytes_held() const override { return 1 << 22; }

private:
  std::filesystem::path path_;
  NpyHeader npy_;
};

} // namespace

NpyHeader npy_header(std::string_view bytes, const std::string& name, bool any_numbers) {
  if (bytes.size() < 10 || !bytes.starts_with("\x93NUMPY"))
    refuse_npy(name, bytes.empty() ? "is empty" : "no array of NumPy: it does not begin like one");
  const auto byte = [&](std::size_t i) { return static_cast<std::size_t>(static_cast<unsigned char>(bytes[i])); };
  const std::size_t major = byte(6), prefix = major == 1 ? 10 : 12;
  if (major < 1 || major > 3)
    refuse_npy(name, fmt::format("written in version {} of NumPy's format; known are 1 to 3", major));
  if (bytes.size() < prefix)
    throw Error(ExitCode::io_failure, name + ": ends within its header");
  const std::size_t length =
      byte(8) + (byte(9) << 8) + (major > 1 ? (byte(10) << 16) + (byte(11) << 24) : std::size_t{0});
  if (length > longest_npy_header - prefix)
    refuse_npy(name, "no array of NumPy: its header is too long");
  if (bytes.size() < prefix + length)
    throw Error(ExitCode::io_failure, name + ": ends within its header");
  const std::string_view dictionary = bytes.substr(prefix, length);
  NpyHeader header;
  header.data = static_cast<std::int64_t>(prefix + length);
  std::tie(header.format, header.type) = number_format(behind(dictionary, "descr", name), name, any_numbers);
  header.fortran = behind(dictionary, "fortran_order", name).starts_with("True");
  header.shape = shape_of(behind(dictionary, "shape", name), name);
  if (header.fortran)
    std::reverse(header.shape.begin(), header.shape.end());
  return header;
}

std::unique_ptr<ArrayFile> open_npy(const ArrayWish& wish) {
  return std::make_unique<NpyArray>(wish);
}

} // namespace cascade::core
