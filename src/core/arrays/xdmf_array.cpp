#include "core/arrays/xdmf_array.hpp"

#include "core/arrays/even_steps.hpp"
#include "core/arrays/hdf5_array.hpp"
#include "core/arrays/raw_array.hpp"
#include "core/talk/errors.hpp"
#include "core/talk/shown.hpp"

#include <fmt/format.h>
#include <pugixml.hpp>

#include <algorithm>
#include <limits>
#include <sstream>

namespace cascade::core {
namespace {

[[noreturn]] void refuse_xdmf(const std::filesystem::path& path, const std::string& why) {
  throw Error(ExitCode::bad_input, shown(path.string(), 400) + ": " + why);
}

pugi::xml_document document_of(const std::filesystem::path& path) {
  pugi::xml_document document;
  const pugi::xml_parse_result read = document.load_file(path.c_str());
  if (!read)
    refuse_xdmf(path, std::string("no XDMF header: ") + read.description());
  return document;
}

std::vector<pugi::xml_node> all_named(const pugi::xml_node& root, const std::string& name) {
  std::vector<pugi::xml_node> found;
  for (const pugi::xpath_node& node : root.select_nodes(("//" + name).c_str()))
    found.push_back(node.node());
  return found;
}

std::vector<std::string> names_in(const pugi::xml_node& root) {
  std::vector<std::string> names;
  for (const pugi::xml_node& attribute : all_named(root, "Attribute"))
    if (std::find(names.begin(), names.end(), attribute.attribute("Name").value()) == names.end())
      names.emplace_back(attribute.attribute("Name").value());
  return names;
}

std::vector<double> numbers_in(const std::string& text) {
  std::istringstream stream(text);
  std::vector<double> numbers;
  for (double x = 0; stream >> x;)
    numbers.push_back(x);
  return numbers;
}

std::string trimmed(const std::string& text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n"), last = text.find_last_not_of(" \t\r\n");
  return first == std::string::npos ? "" : text.substr(first, last - first + 1);
}

/// The array of a DataItem in another file: FILE:/PATH into HDF5, or the raw numbers of FILE from byte Seek on.
std::unique_ptr<ArrayFile> array_of(const pugi::xml_node& item, const std::filesystem::path& header,
                                    std::filesystem::path& place) {
  const std::string there = trimmed(item.text().as_string()), format = item.attribute("Format").as_string("HDF");
  ArrayWish wish;
  if (format == "Binary") {
    const std::string type = item.attribute("NumberType").as_string(item.attribute("DataType").as_string("Float"));
    const int precision = item.attribute("Precision").as_int(4);
    if (type != "Float" || (precision != 4 && precision != 8))
      refuse_xdmf(header, fmt::format("its data are of {} bytes, {}; raw numbers are read as floating-point of 4 or 8",
                                      precision, shown(type)));
    wish.path = header.parent_path() / there;
    wish.offset = item.attribute("Seek").as_llong(0);
    if (!item.attribute("Dimensions") || wish.offset < 0)
      refuse_xdmf(header, "raw numbers (Format=\"Binary\") need Dimensions, and a Seek of 0 or more bytes");
    for (const double n : numbers_in(item.attribute("Dimensions").value()))
      wish.shape.push_back(static_cast<Index>(n));
    wish.type = precision == 4 ? "float32" : "float64";
    wish.byte_order = std::string(item.attribute("Endian").as_string("Native")) == "Big" ? "big" : "little";
    wish.more_behind = true;
  } else {
    const std::size_t colon = there.find(":/");
    if (colon == std::string::npos)
      refuse_xdmf(header,
                  "its data are no reference FILE:/PATH into an HDF5 file, nor raw numbers (Format=\"Binary\")");
    wish.path = header.parent_path() / there.substr(0, colon);
    wish.dataset = there.substr(colon + 1);
  }
  require_readable(wish.path);
  place = wish.path;
  return format == "Binary" ? open_raw(wish) : open_hdf5(wish);
}

/// Places of the points along one axis.
std::vector<double> places_in(const pugi::xml_node& item, const std::filesystem::path& header) {
  if (std::string(item.attribute("Format").as_string("XML")) == "XML")
    return numbers_in(item.text().as_string());
  std::filesystem::path place;
  const std::unique_ptr<ArrayFile> data = array_of(item, header, place);
  const std::vector<Index>& shape = data->header().shape;
  std::vector<double> numbers;
  data->read(
      {std::vector<Index>(shape.size(), 0), shape, std::vector<Index>(shape.size(), 1)},
      [&](Index, std::span<const double> values) { numbers.insert(numbers.end(), values.begin(), values.end()); });
  return numbers;
}

/// Spacing along the axes, slowest first, as the header has them: origin and steps, or the places along each axis
/// (VXVYVZ: x, the fastest, first; as many as points, or one more where these are cells), which may be uneven.
std::vector<double> spacing_in(const pugi::xml_node& root, const std::filesystem::path& header,
                               const std::vector<Index>& shape) {
  for (const pugi::xml_node& geometry : all_named(root, "Geometry")) {
    const std::string kind =
        std::string(geometry.attribute("GeometryType").value()) + geometry.attribute("Type").value();
    std::vector<double> last, steps;
    for (const pugi::xml_node& item : geometry.children("DataItem")) {
      if (kind != "VXVYVZ" && kind != "VXVY") {
        last = numbers_in(item.text().as_string());
        continue;
      }
      const std::vector<double> places = places_in(item, header);
      const auto count = static_cast<Index>(places.size());
      const Index points = steps.size() < shape.size() ? shape[shape.size() - 1 - steps.size()] : 0;
      if (count != points && count != points + 1)
        refuse_xdmf(header, fmt::format("{} places along an axis of {} points", count, points));
      const EvenSteps even = even_steps(places, 0);
      const bool line = even.refusal.empty() && even.gaps.empty();
      steps.insert(steps.begin(), line ? even.spacing : std::numeric_limits<double>::quiet_NaN());
    }
    if (!steps.empty())
      return steps;
    if (kind == "ORIGIN_DXDYDZ" || kind == "ORIGIN_DXDY")
      return last;
  }
  return {};
}

/// Everything of the array it names, with the header's spacing.
class XdmfArray final : public ArrayFile {
public:
  explicit XdmfArray(const ArrayWish& wish) {
    const pugi::xml_document document = document_of(wish.path);
    for (const pugi::xml_node& attribute : all_named(document, "Attribute"))
      if (wish.dataset == attribute.attribute("Name").value() && data_ == nullptr)
        open_data(attribute.child("DataItem"), wish.path);
    if (data_ == nullptr)
      refuse_xdmf(wish.path, fmt::format("no attribute '{}'; there are: {}", shown(wish.dataset),
                                         shown(fmt::format("{}", fmt::join(names_in(document), ", ")), 400)));
    header_ = data_->header();
    header_.data = place_;
    if (const auto spacing = spacing_in(document, wish.path, header_.shape);
        header_.spacing.empty() && spacing.size() == header_.shape.size())
      header_.spacing = spacing;
  }
  void read(const ArraySelection& selection, const Visit& visit) const override { data_->read(selection, visit); }
  double bytes_held() const override { return data_->bytes_held(); }

private:
  void open_data(const pugi::xml_node& item, const std::filesystem::path& header) {
    data_ = array_of(item, header, place_);
    const std::string place = trimmed(item.text().as_string());
    // A header of another output than the data: its lengths and its shape are those of something else.
    std::vector<Index> said, there;
    for (const double n : numbers_in(item.attribute("Dimensions").value()))
      if (n != 1)
        said.push_back(static_cast<Index>(n));
    for (const Index n : data_->header().shape)
      if (n != 1)
        there.push_back(n);
    if (item.attribute("Dimensions") && said != there)
      refuse_xdmf(header, fmt::format("it says {} points, and {} holds {}", fmt::join(said, " x "), shown(place, 400),
                                      fmt::join(there, " x ")));
  }
  std::unique_ptr<ArrayFile> data_;
  std::filesystem::path place_;
};

} // namespace

std::unique_ptr<ArrayFile> open_xdmf(const ArrayWish& wish) {
  return std::make_unique<XdmfArray>(wish);
}

std::vector<std::string> xdmf_attributes(const std::filesystem::path& path) {
  std::vector<std::string> names = names_in(document_of(path));
  if (names.empty())
    refuse_xdmf(path, "the header names no attribute");
  if (names.size() == 1 || are_components(names))
    return names;
  refuse_xdmf(path, fmt::format("{} attributes; name one (or one a component) as field.dataset: {}", names.size(),
                                shown(fmt::format("{}", fmt::join(names, ", ")), 400)));
}

} // namespace cascade::core
