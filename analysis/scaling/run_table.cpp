#include "analysis/scaling/run_table.hpp"

#include "analysis/scaling/number_column.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <tuple>

namespace cascade::analysis {
namespace {

/// A unit was left out: models of a few parameters on millions of tokens, or sizes that are no whole numbers.
void require_whole_units(const RunTable& t, int line, TableComplaints& complaints) {
  if (!t.has_params())
    return;
  const double largest = *std::max_element(t.params.begin(), t.params.end());
  if (t.columns.has(RunRole::params) && largest < 1e5 &&
      std::any_of(t.params.begin(), t.params.end(), [](double n) { return n != std::floor(n); })) {
    complaints.add(line, fmt::format("{}: {:g} to {:g} are no numbers of parameters: are they in millions or billions? "
                                     "Write 300M, 7B or 7e9, or the unit into the name: '{} (M)'",
                                     t.columns[RunRole::params], *std::min_element(t.params.begin(), t.params.end()),
                                     largest, t.columns[RunRole::params]));
    return;
  }
  if (!t.has_tokens() || !t.columns.has(RunRole::params))
    return;
  const double least = *std::min_element(t.tokens.begin(), t.tokens.end());
  if (largest < 1e5 && least > 1e3 * largest && least > 1e6)
    complaints.add(line, fmt::format("{}: none is above {:g} where tokens begin at {:g}: are they in millions or "
                                     "billions? Write 300M, 7B or 7e9, or the unit into the name: '{} (M)'",
                                     t.columns[RunRole::params], largest, least, t.columns[RunRole::params]));
}

/// Compute that is nowhere near 6 N D is in another unit, or N or D is.
void require_flop(const RunTable& t, int line, TableComplaints& complaints) {
  if (t.flop_ratio > 0 && (t.flop_ratio < 0.01 || t.flop_ratio > 100))
    complaints.add(line,
                   fmt::format("{}: C/(6 N D) is {:.3g} (median): is it FLOP? Write the unit into the name of the "
                               "column that lacks it ('flops (1e18)', 'compute (PF-days)', 'params (M)'), or say "
                               "--compute none for C = 6 N D",
                               t.columns[RunRole::compute], t.flop_ratio));
}

bool row_passes(const TextRow& row, const std::vector<ColumnFilter>& filters, const std::vector<std::size_t>& at) {
  for (std::size_t i = 0; i < filters.size(); ++i) {
    const std::string& cell = row.cells[at[i]];
    const auto number = written_number(cell);
    if (filters[i].equals) {
      const auto wanted = written_number(*filters[i].equals);
      if (number && wanted ? number->value != wanted->value : cell != *filters[i].equals)
        return false;
    } else if (!number || number->value < filters[i].at_least.value_or(number->value) ||
               number->value > filters[i].at_most.value_or(number->value)) {
      return false;
    }
  }
  return true;
}

std::vector<int> numbered(const std::vector<std::string>& words, std::vector<std::string>& names) {
  std::map<std::string, int> seen;
  std::vector<int> out;
  for (const std::string& word : words) {
    const auto [at, fresh] = seen.emplace(word, static_cast<int>(names.size()));
    if (fresh)
      names.push_back(word);
    out.push_back(at->second);
  }
  return out;
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t n = values.size();
  return n == 0 ? 0 : n % 2 == 1 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

void complete_resources(RunTable& t, const std::vector<double>& multiplier, double per_multiplier) {
  const std::size_t n = t.size();
  const auto make = [&](std::vector<double>& out, const auto& value) {
    out.resize(n);
    for (std::size_t i = 0; i < n; ++i)
      out[i] = value(i);
  };
  if (!t.has_tokens() && t.has_params() && !multiplier.empty())
    make(t.tokens, [&](std::size_t i) { return t.params[i] * multiplier[i] * per_multiplier; });
  t.compute_given = t.has_compute();
  if (t.has_params() && t.has_tokens() && t.has_compute()) {
    std::vector<double> ratio(n);
    for (std::size_t i = 0; i < n; ++i)
      ratio[i] = t.compute[i] / (6 * t.params[i] * t.tokens[i]);
    t.flop_ratio = median(ratio);
    t.flop_low = *std::min_element(ratio.begin(), ratio.end());
    t.flop_high = *std::max_element(ratio.begin(), ratio.end());
  } else if (t.has_params() && t.has_tokens()) {
    make(t.compute, [&](std::size_t i) { return 6 * t.params[i] * t.tokens[i]; });
  } else if (t.has_params() && t.has_compute()) {
    make(t.tokens, [&](std::size_t i) { return t.compute[i] / (6 * t.params[i]); });
    t.notes.emplace_back("tokens D = C/(6 N): there is no column of tokens");
  } else if (t.has_tokens() && t.has_compute()) {
    make(t.params, [&](std::size_t i) { return t.compute[i] / (6 * t.tokens[i]); });
    t.notes.emplace_back("parameters N = C/(6 D): there is no column of parameters");
  }
}

/// Tokens or steps of a row against the length of its decay: all rows must be as far. A length in steps is held against
/// a column of steps where there is one: tokens a step differ between runs.
void require_finished(const NumberColumn& horizon, const NumberColumn* steps, const RunTable& t,
                      TableComplaints& complaints) {
  const std::string plain = plain_name(horizon.name);
  const bool in_steps = plain.find("step") != std::string::npos || plain.find("iter") != std::string::npos;
  const std::vector<double>& so_far = in_steps && steps != nullptr ? steps->values : t.tokens;
  if (so_far.empty() || horizon.values.size() != t.size())
    return;
  std::vector<double> done(t.size());
  for (std::size_t i = 0; i < t.size(); ++i)
    done[i] = so_far[i] / horizon.values[i];
  const double whole = *std::max_element(done.begin(), done.end());
  std::size_t early = 0;
  int line = 0;
  for (std::size_t i = 0; i < done.size(); ++i)
    if (done[i] < 0.98 * whole) {
      line = early == 0 ? t.line[i] : line;
      ++early;
    }
  if (early > 0)
    complaints.add(line, fmt::format("{} of {} rows stop before the end of their decay ({}): such losses are too high. "
                                     "Keep the last row of each run, or take them as they are with --set "
                                     "compute_optimal.allow_unfinished=true",
                                     early, t.size(), horizon.name));
}

std::vector<int> lines_said_before(const RunTable& t) {
  std::set<std::tuple<double, double, double, int>> seen;
  std::vector<int> out;
  const auto at = [](const std::vector<double>& v, std::size_t i) { return v.empty() ? 0 : v[i]; };
  for (std::size_t i = 0; i < t.size(); ++i)
    if (!seen.emplace(at(t.params, i), at(t.tokens, i) + at(t.unique, i), t.loss[i], t.group.empty() ? 0 : t.group[i])
             .second)
      out.push_back(t.line[i]);
  return out;
}

} // namespace

RunTable RunTable::subset(const std::vector<std::size_t>& rows) const {
  RunTable out = *this;
  const auto pick = [&](auto& to, const auto& from) {
    to.clear();
    if (!from.empty())
      for (const std::size_t i : rows)
        to.push_back(from[i]);
  };
  pick(out.params, params);
  pick(out.tokens, tokens);
  pick(out.compute, compute);
  pick(out.loss, loss);
  pick(out.unique, unique);
  pick(out.sd, sd);
  pick(out.error, error);
  pick(out.experts, experts);
  pick(out.run, run);
  pick(out.group, group);
  pick(out.line, line);
  return out;
}

LossTable RunTable::points() const {
  LossTable out;
  out.name = name;
  out.x = has_params() ? params : has_tokens() ? tokens : compute;
  if (has_params() && has_tokens())
    out.z = tokens;
  out.loss = loss;
  out.line = line;
  return out;
}

RunTable read_run_table(const std::string& name, const TextTable& text, const RunReading& reading) {
  TableComplaints complaints{name, {}};
  const std::vector<std::string>& header = text.header.cells;
  const auto place_of = [&](const std::string& column) {
    const auto at = std::find(header.begin(), header.end(), column);
    if (at == header.end())
      complaints.add(text.header.line, fmt::format("no column '{}'; there are: {}", column, fmt::join(header, ", ")));
    return at == header.end() ? 0 : static_cast<std::size_t>(at - header.begin());
  };
  std::vector<NumberColumn> numbers;
  for (std::size_t role = 0; role < run_roles; ++role) {
    const auto kind = static_cast<RunRole>(role);
    if (kind != RunRole::run && kind != RunRole::group && reading.columns.has(kind)) {
      numbers.emplace_back(kind, place_of(reading.columns[kind]), reading.columns[kind]);
    }
  }
  std::optional<NumberColumn> steps; // of use beside a length of the decay in steps
  if (const auto at = std::find_if(header.begin(), header.end(), names_steps);
      reading.columns.has(RunRole::horizon) && at != header.end())
    steps.emplace(RunRole::horizon, static_cast<std::size_t>(at - header.begin()), *at);
  std::vector<std::size_t> filtered;
  for (const ColumnFilter& filter : reading.filters)
    filtered.push_back(place_of(filter.column));
  const std::size_t run_at =
                        reading.columns.has(RunRole::run) ? place_of(reading.columns[RunRole::run]) : header.size(),
                    group_at =
                        reading.columns.has(RunRole::group) ? place_of(reading.columns[RunRole::group]) : header.size();
  if (text.rows.empty())
    complaints.add(text.header.line, "a header and nothing below it; expected one line a run");
  complaints.throw_if_any();

  RunTable t;
  t.name = name;
  t.columns = reading.columns;
  std::vector<std::string> runs, groups;
  for (const TextRow& row : text.rows) {
    if (row.cells.size() != header.size()) {
      complaints.add(
          row.line, fmt::format("{} cells, the header has {}{}", row.cells.size(), header.size(),
                                row.cells.size() > header.size() ? "; separators of thousands must be in quotes" : ""));
      continue;
    }
    if (!row_passes(row, reading.filters, filtered))
      continue;
    const bool nothing = std::any_of(numbers.begin(), numbers.end(), [&](const NumberColumn& c) {
      return says_nothing(row.cells[c.at]) && c.role != RunRole::sd && c.role != RunRole::error;
    });
    if (nothing) {
      ++t.missing;
      continue;
    }
    for (NumberColumn& c : numbers)
      c.read(row);
    if (steps)
      steps->read(row);
    if (run_at < header.size())
      runs.push_back(row.cells[run_at]);
    if (group_at < header.size())
      groups.push_back(row.cells[group_at]);
    t.line.push_back(row.line);
  }
  for (const NumberColumn& c : numbers) {
    c.complain(complaints);
    if (complaints.all.empty())
      c.complain_of_holes(t.line, complaints);
    const std::vector<std::string> notes = c.notes();
    t.notes.insert(t.notes.end(), notes.begin(), notes.end());
  }
  if (t.line.empty())
    complaints.add(text.header.line,
                   "no row is left after the filters, or none has a number in each column that is used");
  complaints.throw_if_any();
  std::vector<double> multiplier;
  double per_multiplier = 1;
  const NumberColumn* horizon = nullptr;
  for (NumberColumn& c : numbers) {
    const std::string plain = plain_name(c.name);
    if (c.role == RunRole::error && std::any_of(c.values.begin(), c.values.end(), [](double v) { return v > 1; }))
      complaints.add(
          text.header.line,
          fmt::format(
              "{}: values above one: is it a percentage? Write fractions, or say --set compute_optimal.error=none",
              c.name));
    if (c.role == RunRole::error && plain.find("acc") != std::string::npos)
      for (double& v : c.values)
        v = 1 - v;
    switch (c.role) {
    case RunRole::loss:
      t.loss = c.values;
      break;
    case RunRole::params:
      t.params = c.values;
      break;
    case RunRole::tokens:
      t.tokens = c.values;
      break;
    case RunRole::compute:
      t.compute = c.values;
      break;
    case RunRole::unique:
      t.unique = c.values;
      break;
    case RunRole::multiplier:
      multiplier = c.values;
      per_multiplier = plain.ends_with("over20") ? 20 : 1;
      break;
    case RunRole::sd:
      t.sd = c.values;
      break;
    case RunRole::error:
      t.error = c.values;
      break;
    case RunRole::experts:
      t.experts = c.values;
      break;
    case RunRole::horizon:
      horizon = &c;
      break;
    default:
      break;
    }
  }
  t.run = numbered(runs, t.run_names);
  t.group = numbered(groups, t.group_names);
  complete_resources(t, multiplier, per_multiplier);
  require_whole_units(t, text.header.line, complaints);
  if (complaints.all.empty())
    require_flop(t, text.header.line, complaints);
  if (horizon != nullptr && !reading.allow_unfinished)
    require_finished(*horizon, steps ? &*steps : nullptr, t, complaints);
  if (!t.has_params() && !t.has_tokens() && !t.has_compute())
    complaints.add(
        text.header.line,
        fmt::format("no column looks like a resource{}; say which with --params, --tokens or --compute; there "
                    "are: {}",
                    std::any_of(header.begin(), header.end(),
                                [](const std::string& h) { return plain_name(h).starts_with("log"); })
                        ? " (a logarithm of one is none: write the number)"
                        : "",
                    fmt::join(header, ", ")));
  complaints.throw_if_any();
  if (reading.drop_highest > 0) {
    const LowerRows lower = lower_rows(t.loss, reading.drop_highest);
    t = t.subset(lower.kept);
    t.outliers = lower.left_out;
    if (!lower.cut.empty())
      t.notes.push_back(lower.cut);
  }
  t.repeated = lines_said_before(t);
  return t;
}

} // namespace cascade::analysis
