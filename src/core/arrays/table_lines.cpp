#include "core/arrays/table_lines.hpp"

#include "core/talk/errors.hpp"

#include <charconv>

namespace cascade::core {
namespace {

/// Tab, semicolon, comma or, where the line has none of them, white space (' ').
char separator_of(std::string_view line, const ArrayWish& wish) {
  const std::string& wanted = wish.separator;
  if (!wanted.empty())
    return wanted == "\\t" || wanted == "tab" ? '\t' : wanted == "space" ? ' ' : wanted[0];
  for (const char c : {'\t', ';', ','})
    if (line.find(c) != std::string_view::npos && !(c == ',' && wish.decimal_comma))
      return c;
  return ' ';
}

/// Of the first line.
TableHead head_of(const TableLines& lines, const ArrayWish& wish) {
  const std::string_view line = lines.line();
  TableHead head;
  head.separator = separator_of(line, wish);
  head.named = true;
  std::vector<std::string> cells;
  for_each_cell(line, head.separator, [&](std::size_t, std::string_view cell) { cells.emplace_back(cell); });
  if (cells.size() > 1 && cells.back().empty()) // a separator at the end of the line
    cells.pop_back();
  for (const std::string& cell : cells)
    if (number_in(cell, wish.decimal_comma) ||
        std::find(wish.missing_codes.begin(), wish.missing_codes.end(), cell) != wish.missing_codes.end())
      head.named = false;
  for (std::size_t i = 0; i < cells.size(); ++i)
    head.columns.push_back(head.named ? cells[i] : std::to_string(i + 1));
  if (head.named)
    return head;
  std::vector<std::string> words;
  for_each_cell(lines.comment(), head.separator, [&](std::size_t, std::string_view cell) { words.emplace_back(cell); });
  const bool names = words.size() == cells.size() && std::none_of(words.begin(), words.end(), [&](const auto& word) {
                       return word.empty() || number_in(word, wish.decimal_comma);
                     });
  if (names)
    head.columns = words;
  return head;
}

} // namespace

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos)
    return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

std::string_view unquoted(std::string_view cell) {
  cell = trimmed(cell);
  if (cell.size() > 1 && (cell[0] == '"' || cell[0] == '\'') && cell.back() == cell[0])
    cell = trimmed(cell.substr(1, cell.size() - 2));
  return cell;
}

std::size_t end_of_cell(std::string_view line, char separator) {
  const std::size_t opens = line.find_first_not_of(' ');
  std::size_t from = 0;
  if (opens != std::string_view::npos && line[opens] == '"') {
    from = line.find('"', opens + 1);
    while (from != std::string_view::npos && from + 1 < line.size() && line[from + 1] == '"')
      from = line.find('"', from + 2);
    if (from == std::string_view::npos)
      return line.size() + 1;
  }
  return std::min(line.find(separator, from), line.size());
}

bool ends_in_quotes(std::string_view line, char separator) {
  if (separator == ' ' || line.find('"') == std::string_view::npos)
    return false;
  for (;;) {
    const std::size_t end = end_of_cell(line, separator);
    if (end >= line.size())
      return end > line.size();
    line.remove_prefix(end + 1);
  }
}

std::optional<double> number_in(std::string_view cell, bool decimal_comma) {
  if (cell.starts_with('+'))
    cell.remove_prefix(1);
  std::string pointed;
  if (const std::size_t comma = cell.find(','); decimal_comma && comma != std::string_view::npos) {
    pointed = cell;
    pointed[comma] = '.';
    cell = pointed;
  }
  if (const std::size_t exponent = cell.find_first_of("dD"); exponent != std::string_view::npos && exponent > 0) {
    pointed = std::string(cell); // 1.5D-03, as Fortran writes double precision
    pointed[exponent] = 'e';
    cell = pointed;
  }
  double value = 0;
  const auto read = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  if (read.ptr != cell.data() + cell.size() || cell.empty())
    return std::nullopt;
  if (read.ec == std::errc::result_out_of_range)
    return std::nullopt;
  return value;
}

std::string_view unmarked(std::string_view text, const std::string& name) {
  if (text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff"))
    throw Error(ExitCode::bad_input, name + ": is UTF-16 text; save it as UTF-8: iconv -f UTF-16 -t UTF-8 OLD > NEW");
  if (text.starts_with("\xef\xbb\xbf"))
    text.remove_prefix(3);
  if (text.find('\r') != std::string_view::npos && text.find('\n') == std::string_view::npos)
    throw Error(ExitCode::bad_input,
                name + ": its lines end in carriage returns alone; write line feeds: tr '\\r' '\\n' < OLD > NEW");
  return text;
}

TableHead read_head(TableLines& lines, const ArrayWish& wish, const std::string& name) {
  if (!lines.next())
    throw Error(ExitCode::bad_input, name + ": is empty");
  return head_of(lines, wish);
}

} // namespace cascade::core
