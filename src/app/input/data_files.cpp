#include "app/input/data_files.hpp"

#include "app/input/field_data.hpp"

namespace cascade::app {

const std::vector<DataFileKind>& data_file_kinds() {
  static const std::vector<DataFileKind> table{
      {"field", is_field_file, input_for_field},
  };
  return table;
}

const DataFileKind* data_file_kind(const std::string& file) {
  for (const DataFileKind& kind : data_file_kinds())
    if (kind.mine(file))
      return &kind;
  return nullptr;
}

} // namespace cascade::app
