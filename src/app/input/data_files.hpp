#pragma once
// Files that are no inputs and are named on the command line all the same: an input is made for them.

#include <string>
#include <vector>

namespace cascade::app {

/// A line of the table: whose a data file is, and the input that measures it.
struct DataFileKind {
  std::string name;
  /// Looks at the name, and where that does not tell at the first line. Local; never throws.
  bool (*mine)(const std::string& file);
  /// The text of the input. Local; throws core::Error(bad_input) where the file cannot be looked at.
  std::string (*input)(const std::string& file);
};

/// All of them, in the order in which they are asked.
const std::vector<DataFileKind>& data_file_kinds();

/// The kind of a file; null: it is taken for an input. Local.
const DataFileKind* data_file_kind(const std::string& file);

} // namespace cascade::app
