#include "analysis/scaling/run_columns.hpp"

#include "analysis/scaling/column_unit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <functional>
#include <initializer_list>
#include <map>
#include <set>
#include <utility>

namespace cascade::analysis {
namespace {

using Rank = std::function<bool(const std::string&)>;

Rank any_of(std::vector<std::string> names) {
  return [names = std::move(names)](const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
}

bool holds(const std::string& name, const char* part) {
  return name.find(part) != std::string::npos;
}

bool holds_any(const std::string& name, std::initializer_list<const char*> parts) {
  return std::any_of(parts.begin(), parts.end(), [&](const char* part) { return holds(name, part); });
}

/// Of a loss, but none: its error, its extremes within a run, what is added to it in training.
bool about_a_loss(const std::string& name) {
  return holds_any(name, {"std", "err", "aux", "zloss", "balanc", "router", "irreducible"}) || name.ends_with("sd") ||
         name.ends_with("sem") || name.ends_with("lossse") || name.ends_with("min") || name.ends_with("max");
}

/// A loss by its name, whatever it was taken on.
bool is_loss(const std::string& name) {
  return holds_any(name, {"loss", "nll", "crossentropy", "xent"}) && !about_a_loss(name);
}

bool names_loss(const std::string& name) {
  return holds_any(name, {"loss", "perplexity", "ppl", "bpb", "bitsper", "crossentropy"}) || is_loss(name);
}

/// Of how fast, or how often: no amount.
bool is_rate(const std::string& name) {
  return holds_any(name,
                   {"per", "rate", "range", "second", "batch", "log", "std", "err", "increase", "util", "throughput"});
}

/// Of one role, best first.
std::vector<Rank> ranks_of(RunRole role) {
  switch (role) {
  case RunRole::loss:
    return {[](const std::string& n) {
              return is_loss(n) && holds_any(n, {"val", "heldout"});
            },
            any_of({"loss", "l", "nll", "crossentropy"}), any_of({"finalloss", "testloss"}),
            [](const std::string& n) {
              return holds_any(n, {"bpb", "bitsperbyte"}) && !about_a_loss(n);
            },
            [](const std::string& n) { return is_loss(n); }};
  case RunRole::params:
    return {any_of({"n", "params", "parameters", "parametercount", "paramcount", "modelsize", "numparams", "nparams",
                    "numparameters", "size"}),
            [](const std::string& n) { return holds(n, "param") && holds(n, "active") && !is_rate(n); },
            [](const std::string& n) { return holds(n, "parametercount") || n.starts_with("params"); },
            [](const std::string& n) { return holds(n, "param") && !is_rate(n); }};
  case RunRole::tokens:
    return {any_of({"d", "tokens", "traintokens", "totaltokens", "trainingtokens", "examples", "samples",
                    "seenexamples", "seentokens", "tokensseen", "ntokens", "numtokens", "datasetsize", "datapoints"}),
            [](const std::string& n) {
              return (holds(n, "token") || n == "toks") && !is_rate(n) &&
                     !holds_any(n, {"unique", "mult", "cosine", "decay", "horizon", "schedule", "warmup", "vocab",
                                    "tokenizer", "epoch"});
            }};
  case RunRole::compute:
    return {any_of({"c", "flop", "flops", "trainingflop", "trainingflops", "trainflops", "totalflops", "compute",
                    "budget", "trainingcompute"}),
            [](const std::string& n) {
              return (holds(n, "flop") || holds(n, "compute")) && !is_rate(n) && !holds(n, "flopss");
            }};
  case RunRole::unique:
    return {[](const std::string& n) { return n.starts_with("unique"); }};
  case RunRole::multiplier:
    return {any_of({"tokensperparam", "tokensperparameter", "dovern", "dn", "m"}),
            [](const std::string& n) { return n.starts_with("tokenmult"); }};
  case RunRole::run:
    return {any_of({"run", "runid", "runname"}), any_of({"name"})};
  case RunRole::group:
    return {any_of({"group", "dataset", "source", "modelfamily", "family", "optimizer", "routertype", "hparams",
                    "schedule", "lrschedule", "scheduler", "lrscheduler"}),
            any_of({"model", "architecture"})};
  case RunRole::sd:
    return {any_of({"sd", "std", "stderr"}), [](const std::string& n) {
              return holds(n, "loss") && (n.ends_with("std") || n.ends_with("stderr") || n.ends_with("sd"));
            }};
  case RunRole::error:
    return {[](const std::string& n) { return n.starts_with("err") || n.ends_with("error"); },
            [](const std::string& n) { return n.starts_with("acc") || n.ends_with("acc") || n.ends_with("accuracy"); }};
  case RunRole::experts:
    return {any_of({"experts", "numexperts", "nexperts", "expertcount"})};
  case RunRole::horizon:
    break;
  }
  return {[](const std::string& n) {
            return holds(n, "cosine") || holds(n, "horizon") || holds(n, "decaysteps") || holds(n, "decaytokens") ||
                   holds(n, "schedulelength") || holds(n, "schedulesteps") || holds(n, "scheduletokens");
          },
          any_of({"maxsteps", "totalsteps", "maxiters", "maxiterations", "totaliterations"})};
}

/// A name without a remark in brackets that has no letter or digit of ASCII: "N (...)" in another script.
std::string without_remark(std::string name) {
  for (const auto& [open, close] : {std::pair<std::string, std::string>{"(", ")"}, {"\uff08", "\uff09"}}) {
    const std::size_t from = name.find(open), to = name.find(close, std::min(from, name.size()));
    if (from == std::string::npos || to == std::string::npos)
      continue;
    const auto ascii = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; };
    if (std::none_of(name.begin() + static_cast<std::ptrdiff_t>(from), name.begin() + static_cast<std::ptrdiff_t>(to),
                     ascii))
      name.erase(from, to + close.size() - from);
  }
  return name;
}

/// By its name, or by its name without the unit in it, or without a remark.
bool fits(const Rank& rank, const std::string& column) {
  if (rank(plain_name(column)) || rank(plain_name(without_remark(column))))
    return true;
  const ColumnUnit unit = unit_of_column(column);
  return !unit.unit.empty() && rank(plain_name(unit.base));
}

std::string listed(const std::vector<std::string>& names) {
  return fmt::format("{}", fmt::join(names, ", "));
}

bool has_number(const std::string& cell) {
  return std::any_of(cell.begin(), cell.end(), [](char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; });
}

/// More than half of the cells begin like a number: names of runs and groups need not, everything else must.
bool is_numeric(const TextTable& table, std::size_t column) {
  std::size_t numbers = 0, words = 0;
  for (const TextRow& row : table.rows) {
    if (column >= row.cells.size() || says_nothing(row.cells[column]))
      continue;
    const std::string& cell = row.cells[column];
    const char first = cell.front();
    const bool number = has_number(cell) && (std::isdigit(static_cast<unsigned char>(first)) != 0 || first == '+' ||
                                             first == '-' || first == '.' || first == '$');
    ++(number ? numbers : words);
  }
  return numbers > words;
}

bool same_cells(const TextTable& table, std::size_t a, std::size_t b) {
  return std::all_of(table.rows.begin(), table.rows.end(), [&](const TextRow& row) {
    return a < row.cells.size() && b < row.cells.size() && row.cells[a] == row.cells[b];
  });
}

const std::string& cell_of(const TextRow& row, std::size_t column) {
  static const std::string nothing;
  return column < row.cells.size() ? row.cells[column] : nothing;
}

/// Groups are what runs of several sizes share: not a name for each row, nor one for each size.
bool makes_groups(const TextTable& table, std::size_t column, std::size_t params) {
  std::map<std::string, std::set<std::string>> sizes;
  std::map<std::string, int> rows;
  for (const TextRow& row : table.rows) {
    ++rows[cell_of(row, column)];
    sizes[cell_of(row, column)].insert(cell_of(row, params));
  }
  const bool shared = std::any_of(rows.begin(), rows.end(), [](const auto& r) { return r.second > 1; });
  return shared && (params >= table.header.cells.size() ||
                    std::any_of(sizes.begin(), sizes.end(), [](const auto& s) { return s.second.size() > 1; }));
}

bool varies(const TextTable& table, std::size_t column) {
  return std::any_of(table.rows.begin(), table.rows.end(), [&](const TextRow& row) {
    return column < row.cells.size() && row.cells[column] != table.rows.front().cells[column];
  });
}

std::size_t place_in(const std::vector<std::string>& header, const std::string& name) {
  return static_cast<std::size_t>(std::find(header.begin(), header.end(), name) - header.begin());
}

/// What a reader of the guess must know of the columns that were passed over.
void note_what_is_left(const TextTable& table, const std::vector<bool>& taken, ColumnGuess& guess) {
  std::vector<std::string> unused, sizes;
  for (std::size_t i = 0; i < taken.size(); ++i) {
    const std::string& name = table.header.cells[i];
    const std::string plain = plain_name(name);
    if (taken[i] || plain.empty() || plain.starts_with("unnamed") || plain == "index" || plain == "seed" ||
        names_loss(plain) || !is_numeric(table, i) || !varies(table, i))
      continue;
    unused.push_back(name);
    if (holds(plain, "param") && !is_rate(plain))
      sizes.push_back(name);
  }
  const RunColumns& c = guess.columns;
  if (!sizes.empty() && holds(plain_name(c[RunRole::params]), "active"))
    guess.notes.push_back(
        fmt::format("there are other sizes ({}); N is the active one, which is what compute goes with", listed(sizes)));
  const auto steps = std::find_if(unused.begin(), unused.end(), names_steps);
  if (steps != unused.end() && !c.has(RunRole::run))
    guess.notes.push_back(
        fmt::format("a column of steps ({}) and none of runs: if rows are checkpoints of one run, say "
                    "which with --run; they are not independent",
                    *steps));
  if (c.has(RunRole::params) && !c.has(RunRole::tokens) && !c.has(RunRole::compute) && !c.has(RunRole::multiplier))
    guess.notes.emplace_back("no column of tokens or of compute: the law is one of N alone (--tokens, --compute)");
  std::vector<std::string> words;
  for (std::size_t i = 0; i < taken.size(); ++i)
    if (!taken[i] && !is_numeric(table, i) && varies(table, i) &&
        makes_groups(table, i, place_in(table.header.cells, c[RunRole::params])))
      words.push_back(table.header.cells[i]);
  if (!words.empty() && !c.has(RunRole::group))
    guess.notes.push_back(fmt::format("columns of words that are not used: {}; where runs that differ in one are not "
                                      "alike, say --group",
                                      listed(words)));
  constexpr std::size_t most = 12;
  const std::size_t more = unused.size() > most ? unused.size() - most : 0;
  unused.resize(unused.size() - more);
  if (!unused.empty())
    guess.notes.push_back(fmt::format("columns of numbers that are not used: {}{}", listed(unused),
                                      more > 0 ? fmt::format(", and {} more", more) : ""));
}

} // namespace

const std::array<const char*, run_roles>& run_role_names() {
  static const std::array<const char*, run_roles> names{"loss", "params", "tokens", "compute", "unique",  "multiplier",
                                                        "run",  "group",  "sd",     "error",   "horizon", "experts"};
  return names;
}

std::string flag_of(RunRole role) {
  const std::string name = run_role_names()[static_cast<std::size_t>(role)];
  for (const char* flag : {"loss", "params", "tokens", "compute", "unique", "group", "run"})
    if (name == flag)
      return "--" + name;
  return "--set compute_optimal." + name + "=...";
}

bool names_steps(const std::string& column) {
  return any_of({"step", "steps", "iter", "iters", "iteration", "iterations", "globalstep"})(plain_name(column));
}

std::string plain_name(const std::string& column) {
  std::string out;
  for (const char c : column)
    if (std::string(" \t\r\n_-/.:()[]").find(c) == std::string::npos)
      out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

ColumnGuess guess_columns(const TextTable& table, const RunColumns& asked, TableComplaints& complaints) {
  ColumnGuess out;
  const std::vector<std::string>& header = table.header.cells;
  if (table.rows.empty()) {
    complaints.add(table.header.line, "a header and nothing below it; expected one line a run");
    return out;
  }
  std::vector<bool> taken(header.size(), false);
  for (std::size_t role = 0; role < run_roles; ++role) {
    const std::string& name = asked.name[role];
    if (name.empty() || name == "none")
      continue;
    const auto at = std::find(header.begin(), header.end(), name);
    if (at == header.end()) {
      complaints.add(table.header.line, fmt::format("no column '{}' ({}); there are: {}", name,
                                                    flag_of(static_cast<RunRole>(role)), listed(header)));
      continue;
    }
    if (taken[static_cast<std::size_t>(at - header.begin())])
      complaints.add(table.header.line, fmt::format("column '{}' is named for two things", name));
    taken[static_cast<std::size_t>(at - header.begin())] = true;
    out.columns.name[role] = name;
  }
  for (std::size_t role = 0; role < run_roles; ++role) {
    if (!asked.name[role].empty())
      continue;
    const auto kind = static_cast<RunRole>(role);
    const bool words = kind == RunRole::run || kind == RunRole::group;
    for (const Rank& rank : ranks_of(kind)) {
      std::vector<std::size_t> found;
      for (std::size_t i = 0; i < header.size(); ++i)
        if (!taken[i] && fits(rank, header[i]) && (words ? varies(table, i) : is_numeric(table, i)) &&
            (kind != RunRole::group || makes_groups(table, i, place_in(header, out.columns[RunRole::params]))))
          found.push_back(i);
      if (found.empty())
        continue;
      std::vector<std::string> names;
      for (const std::size_t i : found)
        names.push_back(header[i]);
      const bool validation = kind == RunRole::loss && holds(plain_name(names.front()), "val");
      const bool alike =
          std::all_of(found.begin(), found.end(), [&](std::size_t i) { return same_cells(table, found.front(), i); });
      if (found.size() > 1 && !alike && !words && !validation && kind != RunRole::error && kind != RunRole::sd) {
        complaints.add(table.header.line,
                       fmt::format("which column holds the {}? Candidates: {}; say which with {} (or none)",
                                   run_role_names()[role], listed(names), flag_of(kind)));
      } else {
        out.columns.name[role] = names.front();
        taken[found.front()] = true;
        if (found.size() > 1)
          out.notes.push_back(
              fmt::format("{}: several columns fit ({}); the first is taken", run_role_names()[role], listed(names)));
      }
      break;
    }
  }
  // "max_steps" says how far a row is along its decay only beside the steps done
  const std::string& length = out.columns[RunRole::horizon];
  if (asked[RunRole::horizon].empty() &&
      (plain_name(length).starts_with("max") || plain_name(length).starts_with("total")) &&
      std::none_of(header.begin(), header.end(), names_steps)) {
    taken[place_in(header, length)] = false;
    out.columns.name[static_cast<std::size_t>(RunRole::horizon)].clear();
  }
  if (!out.columns.has(RunRole::loss) && complaints.all.empty())
    complaints.add(
        table.header.line,
        fmt::format(
            "no column looks like a loss{}; say which is with --loss; there are: {}. A series is read by an input with "
            "field: {{generator: file, path: ..., column: ...}}",
            std::any_of(header.begin(), header.end(),
                        [](const std::string& h) {
                          return holds_any(plain_name(h), {"perplex", "ppl"});
                        })
                ? " (a perplexity is none: its logarithm is, for the same tokens)"
                : "",
            listed(header)));
  std::vector<std::string> others;
  for (std::size_t i = 0; i < header.size(); ++i)
    if (!taken[i] && names_loss(plain_name(header[i])) && is_numeric(table, i))
      others.push_back(header[i]);
  if (asked[RunRole::loss].empty() && out.columns.has(RunRole::loss) && !others.empty())
    out.notes.push_back(
        fmt::format("there are other losses ({}); {} is taken{}", listed(others), out.columns[RunRole::loss],
                    holds(plain_name(out.columns[RunRole::loss]), "val") ? ", because it is the validation loss" : ""));
  note_what_is_left(table, taken, out);
  return out;
}

namespace {

/// The head of a table as far as it is complete, without rows where it has no names.
TextTable named_head(const std::string& text) {
  TableComplaints complaints{"", {}};
  const std::size_t end = text.find_first_of("\r\n", std::min(text.size(), text.find_first_not_of("\r\n \t")));
  if (end == std::string::npos)
    return {};
  // a header of names above rows of as many cells
  TextTable table = read_text_table(text.substr(0, std::min<std::size_t>(text.size(), 1 << 16)), complaints);
  const auto number = [](const std::string& cell) { return std::isfinite(number_in(cell)); };
  const bool named = complaints.all.empty() && table.header.cells.size() > 1 &&
                     std::none_of(table.header.cells.begin(), table.header.cells.end(), number);
  return named ? table : TextTable{};
}

} // namespace

bool has_named_columns(const std::string& text) {
  return !named_head(text).header.cells.empty();
}

bool looks_like_runs(const std::string& text) {
  const TextTable table = named_head(text);
  if (table.header.cells.empty())
    return false;
  if (table.rows.empty())
    return true; // nothing that could be a series
  int letters = 0;
  for (std::size_t i = 0; i < table.header.cells.size(); ++i) {
    const std::string name = plain_name(table.header.cells[i]);
    bool known = names_loss(name);
    for (const RunRole role :
         {RunRole::loss, RunRole::params, RunRole::tokens, RunRole::compute, RunRole::unique, RunRole::multiplier})
      for (const Rank& rank : ranks_of(role))
        known = known || fits(rank, table.header.cells[i]);
    if (!is_numeric(table, i) || (known && name.size() > 1))
      return true;
    letters += known ? 1 : 0;
  }
  return letters > 1;
}

} // namespace cascade::analysis
