#include "core/arrays/xdmf_array.hpp"

#include "core/arrays/hdf5_array.hpp"
#include "core/talk/errors.hpp"
#include "core/talk/shown.hpp"

#include <fmt/format.h>
#include <pugixml.hpp>

#include <algorithm>
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

/// Spacing along the axes, slowest first, as the header has them.
std::vector<double> spacing_in(const pugi::xml_node& root) {
  for (const pugi::xml_node& geometry : all_named(root, "Geometry")) {
    const std::string kind =
        std::string(geometry.attribute("GeometryType").value()) + geometry.attribute("Type").value();
    if (kind != "ORIGIN_DXDYDZ" && kind != "ORIGIN_DXDY")
      continue;
    std::vector<double> last;
    for (const pugi::xml_node& item : geometry.children("DataItem"))
      last = numbers_in(item.text().as_string());
    return last;
  }
  return {};
}

/// Everything of the HDF5 array it names, with the header's spacing.
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
    if (const auto spacing = spacing_in(document); header_.spacing.empty() && spacing.size() == header_.shape.size())
      header_.spacing = spacing;
  }
  void read(const ArraySelection& selection, const Visit& visit) const override { data_->read(selection, visit); }
  double bytes_held() const override { return data_->bytes_held(); }

private:
  void open_data(const pugi::xml_node& item, const std::filesystem::path& header) {
    const std::string text = item.text().as_string();
    const std::size_t first = text.find_first_not_of(" \t\r\n"), last = text.find_last_not_of(" \t\r\n");
    const std::string place = first == std::string::npos ? "" : text.substr(first, last - first + 1);
    const std::size_t colon = place.find(":/");
    if (colon == std::string::npos)
      refuse_xdmf(header, "its data are no reference FILE:/PATH into an HDF5 file");
    ArrayWish wish;
    wish.path = header.parent_path() / place.substr(0, colon);
    wish.dataset = place.substr(colon + 1);
    require_readable(wish.path);
    data_ = open_hdf5(wish);
    place_ = wish.path;
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
