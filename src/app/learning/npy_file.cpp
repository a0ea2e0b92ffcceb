#include "app/learning/npy_file.hpp"

#include "core/talk/errors.hpp"

#include <fmt/format.h>

#include <cstring>
#include <regex>

namespace cascade::app {
namespace {

[[noreturn]] void refuse_array(const std::string& name, const std::string& why) {
  throw core::Error(core::ExitCode::bad_input, name + ": " + why);
}

template <class T>
T number_at(std::string_view bytes, std::size_t at, const std::string& name) {
  if (at + sizeof(T) > bytes.size())
    refuse_array(name, "ends too early");
  T value;
  std::memcpy(&value, bytes.data() + at, sizeof(T));
  return value;
}

template <class T>
void convert(std::string_view data, std::vector<double>& out) {
  for (std::size_t i = 0; i < out.size(); ++i) {
    T value;
    std::memcpy(&value, data.data() + i * sizeof(T), sizeof(T));
    out[i] = static_cast<double>(value);
  }
}

struct NumberType {
  const char* descr;
  std::size_t size;
  void (*convert)(std::string_view, std::vector<double>&);
};
constexpr NumberType number_types[] = {{"<f8", 8, convert<double>},        {"<f4", 4, convert<float>},
                                       {"<i8", 8, convert<std::int64_t>},  {"<i4", 4, convert<std::int32_t>},
                                       {"<i2", 2, convert<std::int16_t>},  {"|i1", 1, convert<std::int8_t>},
                                       {"|u1", 1, convert<std::uint8_t>},  {"<u2", 2, convert<std::uint16_t>},
                                       {"<u4", 4, convert<std::uint32_t>}, {"<u8", 8, convert<std::uint64_t>}};

} // namespace

NumpyArray read_npy(std::string_view bytes, const std::string& name) {
  if (bytes.substr(0, 6) != std::string_view("\x93NUMPY", 6))
    refuse_array(name, "is no .npy array");
  const auto version = number_at<std::uint8_t>(bytes, 6, name);
  const std::size_t begin = version == 1 ? 10 : 12;
  const std::size_t length =
      version == 1 ? number_at<std::uint16_t>(bytes, 8, name) : number_at<std::uint32_t>(bytes, 8, name);
  if (begin + length > bytes.size())
    refuse_array(name, "ends within its header");
  const std::string header(bytes.substr(begin, length));
  std::smatch descr, order, shape;
  if (!std::regex_search(header, descr, std::regex("'descr': *'([^']*)'")) ||
      !std::regex_search(header, order, std::regex("'fortran_order': *(True|False)")) ||
      !std::regex_search(header, shape, std::regex("'shape': *\\(([0-9, ]*)\\)")))
    refuse_array(name, "has a header that is not understood; save a plain array of numbers with numpy.save");
  NumpyArray out;
  out.name = name;
  const std::string axes = shape[1];
  const std::regex digits("[0-9]+");
  double size = 1;
  for (std::sregex_iterator it(axes.begin(), axes.end(), digits), end; it != end; ++it) {
    if (it->length() > 15)
      refuse_array(name, "is larger than any array");
    out.shape.push_back(std::stoll(it->str()));
    size *= static_cast<double>(out.shape.back());
  }
  if (out.shape.empty() || out.shape.size() > 2)
    refuse_array(name, fmt::format("has {} axes; allowed: one or two, a row a point", out.shape.size()));
  const std::string_view data = bytes.substr(begin + length);
  for (const NumberType& type : number_types)
    if (descr[1] == type.descr) {
      if (size * static_cast<double>(type.size) > static_cast<double>(data.size()))
        refuse_array(name, "is shorter than its header says");
      out.values.resize(static_cast<std::size_t>(size));
      type.convert(data, out.values);
      if (order[1] == "True" && out.shape.size() == 2) {
        const auto rows = static_cast<std::size_t>(out.shape[0]), columns = static_cast<std::size_t>(out.shape[1]);
        std::vector<double> turned(out.values.size());
        for (std::size_t i = 0; i < rows; ++i)
          for (std::size_t a = 0; a < columns; ++a)
            turned[i * columns + a] = out.values[a * rows + i];
        out.values = std::move(turned);
      }
      return out;
    }
  refuse_array(name, fmt::format("holds '{}', not numbers of this machine's byte order; convert it with "
                                 "array.astype('<f8')",
                                 descr[1].str()));
}

std::vector<std::pair<std::string, std::string_view>> npz_members(std::string_view bytes, const std::string& name) {
  constexpr std::size_t end_size = 22;
  const std::size_t end = bytes.rfind(std::string_view("PK\5\6", 4));
  if (end == std::string_view::npos || end + end_size > bytes.size())
    refuse_array(name, "is no .npz archive");
  const auto count = number_at<std::uint16_t>(bytes, end + 10, name);
  std::size_t at = number_at<std::uint32_t>(bytes, end + 16, name);
  std::vector<std::pair<std::string, std::string_view>> out;
  for (std::uint16_t i = 0; i < count; ++i) {
    if (bytes.substr(at, 4) != std::string_view("PK\1\2", 4))
      refuse_array(name, "has a damaged list of its arrays");
    const auto method = number_at<std::uint16_t>(bytes, at + 10, name);
    const std::size_t size = number_at<std::uint32_t>(bytes, at + 24, name),
                      name_length = number_at<std::uint16_t>(bytes, at + 28, name),
                      extra = number_at<std::uint16_t>(bytes, at + 30, name),
                      comment = number_at<std::uint16_t>(bytes, at + 32, name),
                      local = number_at<std::uint32_t>(bytes, at + 42, name);
    std::string member(bytes.substr(at + 46, name_length));
    if (method != 0)
      refuse_array(name, fmt::format("'{}' is compressed; save it with numpy.savez", member));
    const std::size_t data = local + 30 + number_at<std::uint16_t>(bytes, local + 26, name) +
                             number_at<std::uint16_t>(bytes, local + 28, name);
    if (size == 0xffffffffu || data + size > bytes.size())
      refuse_array(name, fmt::format("'{}' is beyond 4 GB or cut off; save it with numpy.save", member));
    if (member.ends_with(".npy"))
      member.resize(member.size() - 4);
    out.emplace_back(member, bytes.substr(data, size));
    at += 46 + name_length + extra + comment;
  }
  return out;
}

} // namespace cascade::app
