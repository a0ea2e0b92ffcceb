#include "analysis/losses/table_text.hpp"

#include "core/talk/errors.hpp"
#include "core/talk/shown.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <limits>

namespace cascade::analysis {
namespace {

constexpr char blanks = ' '; ///< the separator that stands for runs of spaces and tabs

bool blank(char c) {
  return c == ' ' || c == '\t';
}

std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(" \t"), last = text.find_last_not_of(" \t");
  return first == std::string::npos ? "" : text.substr(first, last - first + 1);
}

/// Where the next row begins, and on which line.
struct Cursor {
  std::size_t at = 0;
  int line = 1;
};

/// Cells of one row, up to behind its line end (LF, CRLF or CR).
TextRow next_row(const std::string& text, char separator, Cursor& cursor, TableComplaints& complaints) {
  TextRow row{cursor.line, {""}};
  bool quoted = false, was_quoted = false, ended = false;
  for (; cursor.at < text.size() && !ended; ++cursor.at) {
    const char c = text[cursor.at];
    const bool end = c == '\n' || (c == '\r' && (cursor.at + 1 == text.size() || text[cursor.at + 1] != '\n'));
    cursor.line += end ? 1 : 0;
    if (quoted) {
      if (c != '"')
        row.cells.back() += c;
      else if (cursor.at + 1 < text.size() && text[cursor.at + 1] == '"')
        row.cells.back() += text[++cursor.at];
      else
        quoted = false;
    } else if (end) {
      ended = true;
    } else if (c == separator || (separator == blanks && blank(c))) {
      if (separator != blanks || was_quoted || !row.cells.back().empty())
        row.cells.emplace_back();
      was_quoted = false;
    } else if (c == '"' && trimmed(row.cells.back()).empty() && !was_quoted) {
      row.cells.back().clear();
      quoted = was_quoted = true;
    } else if (was_quoted && !std::isspace(static_cast<unsigned char>(c))) {
      complaints.add(row.line, fmt::format("text behind the closing quote of '{}'; a quote inside quotes is doubled",
                                           row.cells.back()));
      was_quoted = false;
    } else if (c != '\r') {
      row.cells.back() += c;
    }
  }
  if (quoted)
    complaints.add(row.line, "a quote is opened and never closed");
  if (separator == blanks && row.cells.size() > 1 && row.cells.back().empty())
    row.cells.pop_back();
  for (std::string& cell : row.cells)
    cell = trimmed(cell);
  return row;
}

/// What stands most often in the line at `begin`, outside quotes: comma, semicolon or tab; blanks when none does.
char separator_at(const std::string& text, std::size_t begin) {
  std::array<std::pair<char, int>, 3> found{{{',', 0}, {';', 0}, {'\t', 0}}};
  bool quoted = false;
  for (std::size_t i = begin; i < text.size() && (quoted || (text[i] != '\n' && text[i] != '\r')); ++i) {
    quoted = quoted != (text[i] == '"');
    for (auto& [c, count] : found)
      count += !quoted && text[i] == c ? 1 : 0;
  }
  const auto most =
      std::max_element(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  return most->second > 0 ? most->first : blanks;
}

/// Behind blank lines and lines that begin with '#'; those are kept in `comments`.
void skip_comments(const std::string& text, Cursor& cursor, std::vector<Cursor>* comments = nullptr) {
  while (cursor.at < text.size()) {
    const std::size_t first = text.find_first_not_of(" \t", cursor.at);
    if (first == std::string::npos || (text[first] != '#' && text[first] != '\n' && text[first] != '\r'))
      return;
    if (comments != nullptr && text[first] == '#')
      comments->push_back({std::min(text.find_first_not_of('#', first), text.size()), cursor.line});
    const std::size_t end = text.find_first_of("\r\n", first);
    if (end == std::string::npos) {
      cursor.at = text.size();
      return;
    }
    cursor.at = end + (text.compare(end, 2, "\r\n") == 0 ? 2 : 1);
    ++cursor.line;
  }
}

bool all_numbers(const TextRow& row) {
  return std::all_of(row.cells.begin(), row.cells.end(),
                     [](const std::string& cell) { return std::isfinite(number_in(cell)) || says_nothing(cell); });
}

/// Cells that are not empty.
std::size_t filled(const TextRow& row) {
  return static_cast<std::size_t>(
      std::count_if(row.cells.begin(), row.cells.end(), [](const std::string& cell) { return !cell.empty(); }));
}

bool any_number(const TextRow& row) {
  return std::any_of(row.cells.begin(), row.cells.end(), [](const std::string& cell) {
    return !cell.empty() && std::isdigit(static_cast<unsigned char>(cell.front())) != 0;
  });
}

/// Behind titles above the header: where the first line does not go with the second, the first line of names that does,
/// if every line before it has fewer of them. How many lines were passed.
int skip_titles(const std::string& text, Cursor& cursor) {
  constexpr int farthest = 10;
  TableComplaints ignored{"", {}};
  std::vector<Cursor> passed;
  Cursor at = cursor;
  for (int k = 0; k < farthest && at.at < text.size(); ++k) {
    const char separator = separator_at(text, at.at);
    Cursor next = at;
    const TextRow row = next_row(text, separator, next, ignored);
    skip_comments(text, next);
    if (next.at >= text.size())
      return 0;
    Cursor after = next;
    const TextRow below = next_row(text, separator, after, ignored);
    const bool goes = row.cells.size() == below.cells.size() && any_number(below);
    if (k == 0 && goes && filled(row) + 1 >= row.cells.size())
      return 0;
    const bool names = goes && separator != blanks && row.cells.size() > 1 && filled(row) == row.cells.size() &&
                       !std::any_of(row.cells.begin(), row.cells.end(),
                                    [](const std::string& cell) { return std::isfinite(number_in(cell)); });
    if (names && std::all_of(passed.begin(), passed.end(), [&](Cursor title) {
          return filled(next_row(text, separator, title, ignored)) < row.cells.size();
        })) {
      cursor = at;
      return k;
    }
    passed.push_back(at);
    at = next;
  }
  return 0;
}

} // namespace

void TableComplaints::add(int line, const std::string& what) {
  constexpr std::size_t longest = 600; // a cell may be as long as the file
  all.push_back(fmt::format("{}:{}: {}", name, line, core::shown(what, longest)));
}

void TableComplaints::throw_if_any() const {
  if (all.empty())
    return;
  const std::size_t shown = std::min<std::size_t>(all.size(), 20);
  std::string text;
  for (std::size_t i = 0; i < shown; ++i)
    text += (i > 0 ? "\n" : "") + all[i];
  if (shown < all.size())
    text += fmt::format("\n{}: and {} more", name, all.size() - shown);
  throw core::Error(core::ExitCode::bad_input, text);
}

core::MemoryParts text_table_memory(const std::string& text) {
  const auto of = [&](char c) { return static_cast<double>(std::count(text.begin(), text.end(), c)); };
  constexpr double heap_block = 16, grown_by_doubling = 1.5;
  const double lines = std::max(of('\n'), of('\r')) + 1;
  const double separators = std::max({of(','), of(';'), of('\t'), of(' ')}), cells = separators + lines;
  // Cells of a row come one by one into a vector that doubles.
  const double room = std::exp2(std::ceil(std::log2(std::max(cells / lines, 1.0))));
  return {{"cells of the table",
           lines * (room * sizeof(std::string) + heap_block) + lines * sizeof(TextRow) * grown_by_doubling}};
}

double number_in(const std::string& cell) {
  const char* begin = cell.data() + (cell.starts_with("+") && !cell.starts_with("+-") ? 1 : 0);
  const char* end = cell.data() + cell.size();
  double value = 0;
  const auto [stop, error] = std::from_chars(begin, end, value);
  return error == std::errc() && stop == end && std::isfinite(value) ? value : std::numeric_limits<double>::quiet_NaN();
}

bool says_nothing(const std::string& cell) {
  std::string word;
  for (const char c : cell)
    if (c != '+' && c != '-' && c != '.' && c != '/' && c != '<' && c != '>')
      word += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  static const std::array<const char*, 7> nothing{"", "nan", "na", "null", "none", "inf", "infinity"};
  return std::find(nothing.begin(), nothing.end(), word) != nothing.end();
}

TextTable read_text_table(const std::string& text, TableComplaints& complaints) {
  TextTable table;
  if (text.find('\0') != std::string::npos) {
    complaints.add(1, "is not plain text (it holds zero bytes); save it as UTF-8 text");
    return table;
  }
  Cursor cursor{text.starts_with("\xef\xbb\xbf") ? std::size_t{3} : 0, 1};
  std::vector<Cursor> comments;
  skip_comments(text, cursor, &comments);
  table.titles = skip_titles(text, cursor);
  const char separator = separator_at(text, cursor.at);
  for (; cursor.at < text.size(); skip_comments(text, cursor))
    table.rows.push_back(next_row(text, separator, cursor, complaints));
  std::erase_if(table.rows, [](const TextRow& row) { return row.cells.size() == 1 && row.cells.front().empty(); });
  if (table.rows.empty()) {
    complaints.add(1, "empty; expected a header line with the names of the columns, then one line a point");
    return table;
  }
  if (all_numbers(table.rows.front()))
    for (auto comment = comments.rbegin(); comment != comments.rend() && table.header.cells.empty(); ++comment) {
      Cursor there = *comment;
      const TextRow names = next_row(text, separator_at(text, there.at), there, complaints);
      if (names.cells.size() == table.rows.front().cells.size() && !all_numbers(names))
        table.header = names;
    }
  if (table.header.cells.empty()) {
    table.header = table.rows.front();
    table.rows.erase(table.rows.begin());
  }
  return table;
}

} // namespace cascade::analysis
