#include "app/bare_files.hpp"

#include "app/input/field_data.hpp"
#include "app/scaling/optimum/bare_table.hpp"
#include "core/talk/errors.hpp"
#include "core/talk/shown.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>

namespace cascade::app {
namespace {

std::string ending_of(const std::string& file) {
  std::string ending = std::filesystem::path(file).extension().string();
  std::transform(ending.begin(), ending.end(), ending.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return ending;
}

bool has_ending(const BareFile& kind, const std::string& ending) {
  return std::find(kind.endings.begin(), kind.endings.end(), ending) != kind.endings.end();
}

} // namespace

const std::vector<BareFile>& bare_files() {
  static const std::vector<BareFile> table{
      {{".csv", ".tsv", ".txt", ".dat"},
       "a table of training runs (a header line with names, one line a run)",
       [](const BareLook& look) { return is_run_table(look.head, look.runs_asked); },
       [](const BareLook& look) { return input_of_run_table(look.file); }},
      {field_file_endings(), "a field (numbers alone)", nullptr,
       [](const BareLook& look) { return input_for_field(look.file); }}};
  return table;
}

bool is_data_file(const std::string& file) {
  const std::string ending = ending_of(file);
  return std::any_of(bare_files().begin(), bare_files().end(),
                     [&](const BareFile& kind) { return has_ending(kind, ending); });
}

std::string input_of_data(const std::string& file, bool runs_asked, std::string& note) {
  BareLook look{file, "", runs_asked};
  const auto refuse = [&](const std::string& why) {
    throw core::Error(core::ExitCode::bad_input, fmt::format("{}: {}", core::shown(file, 400), why));
  };
  std::error_code failure;
  if (!std::filesystem::exists(file, failure))
    refuse("no such file");
  if (!std::filesystem::is_regular_file(file, failure))
    refuse("is not a regular file");
  std::ifstream stream(file, std::ios::binary);
  look.head.resize(std::size_t{1} << 16);
  stream.read(look.head.data(), static_cast<std::streamsize>(look.head.size()));
  look.head.resize(static_cast<std::size_t>(std::max<std::streamsize>(stream.gcount(), 0)));
  if (look.head.empty())
    refuse("cannot be read, or is empty");
  std::string wanted;
  for (const BareFile& kind : bare_files())
    if (has_ending(kind, ending_of(file))) {
      if (kind.takes == nullptr || kind.takes(look)) {
        const auto& tables = bare_files().front();
        if (&kind != &tables && has_ending(tables, ending_of(file)))
          note = note_on_series(look.head);
        return kind.input(look);
      }
      wanted += (wanted.empty() ? "" : ", or ") + kind.what;
    }
  refuse(fmt::format("is not what a {} file is taken for: {}; give an input file (YAML) that names it", ending_of(file),
                     wanted));
  return "";
}

} // namespace cascade::app
