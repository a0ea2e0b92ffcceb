#include "analysis/scaling/column_unit.hpp"

#include "analysis/losses/table_text.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <map>
#include <optional>
#include <vector>

namespace cascade::analysis {
namespace {

struct Word {
  std::size_t begin, end;
  std::string text; ///< lower case
};

/// Runs of letters and digits ('.', '+' and '^' within numbers).
std::vector<Word> words_of(const std::string& text) {
  std::vector<Word> out;
  bool open = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    const bool part =
        std::isalnum(c) != 0 || c >= 0x80 || (open && (c == '^' || c == '+') && std::isdigit(text[i - 1]) != 0);
    if (part && !open)
      out.push_back({i, i, ""});
    open = part;
    if (part) {
      out.back().text += static_cast<char>(std::tolower(c));
      out.back().end = i + 1;
    }
  }
  return out;
}

const std::map<std::string, double>& multiples() {
  static const std::map<std::string, double> table{
      {"k", 1e3},    {"thousand", 1e3}, {"thousands", 1e3}, {"m", 1e6},   {"mio", 1e6},       {"million", 1e6},
      {"mill", 1e6}, {"millions", 1e6}, {"b", 1e9},         {"g", 1e9},   {"bn", 1e9},        {"billion", 1e9},
      {"bill", 1e9}, {"billions", 1e9}, {"t", 1e12},        {"tn", 1e12}, {"trillion", 1e12}, {"trillions", 1e12}};
  return table;
}

/// "gflops", "petaflop": what one is; nothing for "flops" alone.
std::optional<double> flop_prefix(std::string word) {
  for (const char* ending : {"flops", "flop"})
    if (word.ends_with(ending)) {
      word.resize(word.size() - std::string(ending).size());
      break;
    }
  static const std::map<std::string, double> table{{"k", 1e3},  {"kilo", 1e3},   {"m", 1e6},  {"mega", 1e6},
                                                   {"g", 1e9},  {"giga", 1e9},   {"t", 1e12}, {"tera", 1e12},
                                                   {"p", 1e15}, {"peta", 1e15},  {"e", 1e18}, {"exa", 1e18},
                                                   {"z", 1e21}, {"zetta", 1e21}, {"y", 1e24}, {"yotta", 1e24}};
  const auto at = table.find(word);
  if (at == table.end() && word.size() > 1 && word.ends_with("g") && !word.ends_with("ing")) // "totalgflops"
    return 1e9;
  return at == table.end() ? std::nullopt : std::optional(at->second);
}

bool names_flop(const std::string& word) {
  return word.ends_with("flop") || word.ends_with("flops");
}

/// What a text that is nothing but a unit stands for.
std::optional<double> multiple_of(const std::string& text) {
  static const std::vector<std::string> filler{"in",    "of",    "x",    "params", "parameters", "tokens",
                                               "token", "param", "flop", "flops",  "units",      "nats"};
  std::vector<std::string> left;
  for (const Word& word : words_of(text))
    if (std::find(filler.begin(), filler.end(), word.text) == filler.end())
      left.push_back(word.text);
  std::string joined;
  for (const std::string& word : left)
    joined += word;
  if (joined.ends_with("days") || joined.ends_with("day")) {
    joined.resize(joined.rfind("day"));
    static const std::vector<std::string> petaflop{"pf",        "pfs",        "pflop",   "pflops", "petaflop",
                                                   "petaflops", "petaflopss", "pflopss", "petaf"};
    return std::find(petaflop.begin(), petaflop.end(), joined) != petaflop.end() ? std::optional(1e15 * 86400)
                                                                                 : std::nullopt;
  }
  if (left.empty())
    return 1;
  if (left.size() > 1)
    return std::nullopt;
  std::string word = left.front();
  if (const auto at = multiples().find(word); at != multiples().end())
    return at->second;
  if (names_flop(word))
    return flop_prefix(word);
  if (word.starts_with("x"))
    word.erase(0, 1);
  if (word.starts_with("10^"))
    word = "1e" + word.substr(3);
  const double number = number_in(word);
  return word.starts_with("1e") && number >= 1 ? std::optional(number) : std::nullopt;
}

std::string trimmed_name(std::string name) {
  while (!name.empty() && std::string(" _-,:/\t").find(name.back()) != std::string::npos)
    name.pop_back();
  return name;
}

} // namespace

ColumnUnit unit_of_column(const std::string& column) {
  const ColumnUnit none{column, "", 1};
  if (!column.empty() && (column.back() == ')' || column.back() == ']')) {
    const std::size_t open = column.find_last_of("([");
    if (open == std::string::npos || open == 0)
      return none;
    const std::string inner = column.substr(open + 1, column.size() - open - 2);
    if (const auto factor = multiple_of(inner))
      return {trimmed_name(column.substr(0, open)), inner, *factor};
    return none;
  }
  const std::vector<Word> words = words_of(column);
  for (std::size_t i = 1; i < words.size(); ++i)
    if (words[i].text == "in" && i + 1 < words.size()) {
      const std::string inner = column.substr(words[i].end + 1);
      if (const auto factor = multiple_of(inner))
        return {trimmed_name(column.substr(0, words[i].begin)), inner, *factor};
    }
  if (words.size() > 1 && multiples().count(words.back().text) > 0) {
    const std::string base = trimmed_name(column.substr(0, words.back().begin));
    if (base.size() > 2 || words.back().text.size() > 1) // "n_t" is a name
      return {base, words.back().text, multiples().at(words.back().text)};
  }
  for (const Word& word : words)
    if (names_flop(word.text) && word.text != "flop" && word.text != "flops")
      if (const auto factor = flop_prefix(word.text)) {
        std::string base = column;
        return {base.replace(word.begin, word.end - word.begin, "flops"), word.text, *factor};
      }
  return none;
}

} // namespace cascade::analysis
