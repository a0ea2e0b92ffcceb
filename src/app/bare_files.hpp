#pragma once
// Data in place of an input file: `cascade losses.csv`. The table of what such a file may be, and the input it stands
// for.

#include <string>
#include <vector>

namespace cascade::app {

/// What is known of a file before anybody reads it.
struct BareLook {
  std::string file;        ///< as named
  std::string head;        ///< its first 64 kilobytes
  bool runs_asked = false; ///< a flag of tables of training runs was given (--loss)
};

/// One line of the table: files with one of these endings, of which `takes` says yes (null: any), stand for the input
/// that `input` writes. It must begin with "# made for " and name the file relative to its own folder. Local, pure.
struct BareFile {
  std::vector<std::string> endings; ///< ".csv"; lower case
  std::string what;                 ///< "a table of training runs: a header with names, one of them a loss"
  bool (*takes)(const BareLook&);
  std::string (*input)(const BareLook&);
};

/// In the order in which they are asked.
const std::vector<BareFile>& bare_files();

/// Whether a file's ending is one of the table's. Local, no disk.
bool is_data_file(const std::string& file);

/// The text of the input that a data file stands for; `runs_asked`: BareLook's; `note`: what is to be said of the
/// choice, or nothing. Throws core::Error(bad_input) where nothing takes it, with what
/// would. Local, reads the file.
std::string input_of_data(const std::string& file, bool runs_asked, std::string& note);

} // namespace cascade::app
