#include "app/report/lag_xdmf.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace cascade::app {
namespace {

constexpr std::string_view root = "/all_lags/", map_of_order = "map_S_";

const analysis::Dataset* find_dataset(const analysis::Datasets& all, const std::string& path) {
  const auto found = std::find_if(all.begin(), all.end(), [&](const analysis::Dataset& d) { return d.path == path; });
  return found == all.end() ? nullptr : &*found;
}

/// "longitudinal/S_3" of "/all_lags/longitudinal/map_S_3"; empty of anything else.
std::string map_name(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (!path.starts_with(root) || path.compare(slash + 1, map_of_order.size(), map_of_order) != 0)
    return "";
  return path.substr(root.size(), slash + 1 - root.size()) + path.substr(slash + 1 + map_of_order.size() - 2);
}

} // namespace

std::string lag_xdmf(const analysis::Datasets& datasets) {
  std::array<std::size_t, 3> cells{1, 1, 1}, nodes{2, 2, 2};
  std::array<double, 3> corner{}, spacing{};
  for (std::size_t a = 0; a < 3; ++a)
    if (const auto* lags = find_dataset(datasets, fmt::format("{}map_l_{}", root, std::array{"z", "y", "x"}[a]));
        lags != nullptr && lags->values.size() > 1) {
      cells[a] = lags->values.size();
      nodes[a] = cells[a] + 1;
      spacing[a] = lags->values[1] - lags->values[0];
      corner[a] = lags->values[0] - spacing[a] / 2;
    }
  for (std::size_t a = 0; a < 2; ++a)
    if (cells[a] == 1) {
      spacing[a] = spacing[2];
      corner[a] = -spacing[2] / 2;
    }
  std::string attributes;
  for (const analysis::Dataset& d : datasets)
    if (const std::string name = map_name(d.path); !name.empty())
      attributes += fmt::format("      <Attribute Name=\"{}\" AttributeType=\"Scalar\" Center=\"Cell\">\n"
                                "        <DataItem Format=\"HDF\" NumberType=\"Float\" Precision=\"8\" "
                                "Dimensions=\"{}\">results.h5:{}</DataItem>\n      </Attribute>\n",
                                name, fmt::join(cells, " "), d.path);
  if (attributes.empty())
    return "";
  constexpr const char* three =
      "        <DataItem Dimensions=\"3\" NumberType=\"Float\" Precision=\"8\" Format=\"XML\">";
  return fmt::format("<?xml version=\"1.0\" ?>\n"
                     "<!-- Structure functions against the lag vector; open with ParaView (Xdmf reader) or VisIt -->\n"
                     "<Xdmf Version=\"2.0\">\n  <Domain>\n    <Grid Name=\"all_lags\" GridType=\"Uniform\">\n"
                     "      <Topology TopologyType=\"3DCoRectMesh\" Dimensions=\"{}\"/>\n"
                     "      <Geometry GeometryType=\"ORIGIN_DXDYDZ\">\n{}{}</DataItem>\n{}{}</DataItem>\n"
                     "      </Geometry>\n{}    </Grid>\n  </Domain>\n</Xdmf>\n",
                     fmt::join(nodes, " "), three, fmt::join(corner, " "), three, fmt::join(spacing, " "), attributes);
}

} // namespace cascade::app
