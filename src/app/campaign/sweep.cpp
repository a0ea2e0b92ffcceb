#include "app/campaign/sweep.hpp"

#include "core/input/config_tree.hpp"
#include "core/input/yaml_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <limits>
#include <map>
#include <set>

namespace cascade::app {
namespace {

using core::ConfigNode;
using core::Diagnostics;
using core::Setting;

/// Values of one key, or of several that run together: row i of the factor sets all of them.
using Factor = std::vector<std::vector<Setting>>;

constexpr double infinity = std::numeric_limits<double>::infinity();

/// {from, to, step}, {from, to, count} or the same in equal ratios.
struct Range {
  std::optional<double> from, to, step;
  std::optional<std::int64_t> count;
  bool log = false;
  void declare(core::ParameterVisitor& v) {
    v.real("from", from, {-infinity, infinity}, {"1", "first value"});
    v.real("to", to, {-infinity, infinity}, {"1", "last value"});
    v.real("step", step, {-infinity, infinity}, {"1", "distance of neighbours"});
    v.integer("count", count, {2, static_cast<double>(most_cases)}, {"1", "how many values"});
    v.boolean("log", log, {"1", "equal ratios in place of equal steps"});
  }
};

/// 0.1 + 2 * 0.1 shall read 0.3, and integers shall be integers.
std::string number_text(double x) {
  if (x == std::floor(x) && std::abs(x) < 1e15)
    return fmt::format("{:.0f}", x);
  return fmt::format("{:.12g}", x);
}

std::vector<std::string> range_values(const ConfigNode& node, const Setting& setting, Diagnostics& diagnostics) {
  const core::Position position{setting.where, 0, 0};
  ConfigNode holder;
  holder.kind = ConfigNode::Kind::mapping;
  holder.position = position;
  holder.entries.push_back({setting.key, position, node});
  Range r;
  Diagnostics inner;
  core::YamlReader reader(holder, inner);
  bool present = true;
  reader.begin(setting.key.c_str(), present, "");
  r.declare(reader);
  reader.end();
  reader.finish();
  for (const std::string& line : inner.lines()) // the position is in the line already
    diagnostics.add({line, 0, 0}, "", "");
  if (!inner.empty())
    return {};
  const auto refuse = [&](const std::string& what) -> std::vector<std::string> {
    diagnostics.add(position, setting.key, what);
    return {};
  };
  if (!r.from || !r.to || r.step.has_value() == r.count.has_value())
    return refuse("a range needs from, to and either step or count, e.g. {from: 0.1, to: 0.8, step: 0.1}");
  const double from = *r.from, to = *r.to;
  if (r.log && (!r.count || !(from > 0) || !(to > 0)))
    return refuse("a range with log: true needs from and to above 0, and a count");
  if (r.step && (*r.step == 0 || (to - from) / *r.step < 0))
    return refuse(fmt::format("step {} never leads from {} to {}; allowed: a step in that direction, not 0",
                              number_text(*r.step), number_text(from), number_text(to)));
  const double last = r.step ? std::floor((to - from) / *r.step + 1e-9) : static_cast<double>(*r.count - 1);
  if (last >= static_cast<double>(most_cases))
    return refuse(fmt::format("the range has more than {} values; is the step right?", most_cases));
  std::vector<std::string> values;
  for (int i = 0; i <= static_cast<int>(last); ++i) {
    const double part = static_cast<double>(i) / std::max(last, 1.0);
    const double x = r.step ? from + i * *r.step : r.log ? from * std::pow(to / from, part) : from + part * (to - from);
    values.push_back(number_text(x));
  }
  return values;
}

/// The values of one swept key, as YAML text.
std::vector<std::string> values_of(const Setting& setting, Diagnostics& diagnostics) {
  const core::Position position{setting.where, 0, 0};
  ConfigNode holder;
  holder.kind = ConfigNode::Kind::mapping;
  Diagnostics ignored; // it was parsed before
  core::assign(holder, {"value", setting.value, setting.where}, ignored);
  const ConfigNode& node = holder.entries.front().value;
  std::vector<std::string> values;
  if (node.kind == ConfigNode::Kind::mapping) {
    values = range_values(node, setting, diagnostics);
  } else if (node.kind != ConfigNode::Kind::list) {
    diagnostics.add(position, setting.key,
                    "expected a list or a range; write [a, b, ...] or {from: a, to: b, step: c}");
  } else if (node.items.empty()) {
    diagnostics.add(position, setting.key, "the list is empty; give at least one value");
  } else {
    for (const ConfigNode& item : node.items)
      values.push_back(core::to_text(item));
  }
  return values;
}

/// Keys that belong to the campaign or would break it up.
bool may_be_set(const std::string& key) {
  for (const char* section : {"task", "sweep", "check", "output", "run.name"})
    if (key == section || key.starts_with(std::string(section) + "."))
      return false;
  return key != "run";
}

void check_keys(const SweepFamily& family, Diagnostics& diagnostics) {
  std::vector<const Setting*> swept;
  for (const auto* list : {&family.over, &family.zip})
    for (const Setting& s : *list)
      swept.push_back(&s);
  for (const Setting* s : swept)
    for (const Setting* other : swept)
      if (s != other && (s->key == other->key ? s < other : s->key.starts_with(other->key + ".")))
        diagnostics.add({s->where, 0, 0}, s->key,
                        fmt::format("is swept twice, here and at {}; keep one", other->where));
  for (const auto* list : {&family.set, &family.over, &family.zip})
    for (const Setting& s : *list)
      if (!may_be_set(s.key))
        diagnostics.add(
            {s.where, 0, 0}, s.key,
            "belongs to the campaign as a whole; sweep keys of field, sampling, approximation, run.seed, ...");
}

std::vector<Factor> factors_of(const SweepFamily& family, Diagnostics& diagnostics) {
  std::vector<Factor> factors;
  for (const Setting& setting : family.over) {
    Factor factor;
    for (const std::string& value : values_of(setting, diagnostics))
      factor.push_back({{setting.key, value, setting.where}});
    factors.push_back(std::move(factor));
  }
  Factor together;
  for (const Setting& setting : family.zip) {
    const std::vector<std::string> values = values_of(setting, diagnostics);
    if (&setting == &family.zip.front())
      together.resize(values.size());
    if (values.size() != together.size()) {
      diagnostics.add({setting.where, 0, 0}, setting.key,
                      fmt::format("{} values, but {} has {}; zipped lists must be of one length", values.size(),
                                  family.zip.front().key, together.size()));
      continue;
    }
    for (std::size_t i = 0; i < values.size(); ++i)
      together[i].push_back({setting.key, values[i], setting.where});
  }
  if (!family.zip.empty())
    factors.push_back(std::move(together));
  return factors;
}

/// "field.dimension" and "2.2" -> "dimension2.2"; what no folder's name may hold becomes '-'.
std::string name_part(const Setting& s) {
  std::string text = s.key.substr(s.key.rfind('.') + 1);
  for (const char c : s.value) {
    const bool plain = std::isalnum(static_cast<unsigned char>(c)) || c == '.' || c == '_' || c == '-';
    if (plain)
      text += c;
    else if (text.back() != '-' && c != '"')
      text += '-';
  }
  while (text.back() == '-')
    text.pop_back();
  return text;
}

std::string case_name(const SweepFamily& family, const std::vector<Setting>& values) {
  std::string name = family.name;
  for (const Setting& s : values)
    name += (name.empty() ? "" : "_") + name_part(s);
  return name.size() > 100 ? name.substr(0, 100) : name;
}

void check_names(const std::vector<SweepFamily>& families, Diagnostics& diagnostics) {
  std::set<std::string> seen;
  for (std::size_t i = 0; i < families.size(); ++i) {
    const SweepFamily& f = families[i];
    const auto plain = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '-'; };
    const std::string key = fmt::format("sweep.families[{}].name", i);
    if (families.size() > 1 &&
        (f.name.empty() || f.name.size() > 40 || !std::all_of(f.name.begin(), f.name.end(), plain)))
      diagnostics.add(
          {f.where, 0, 0}, key,
          fmt::format("'{}' cannot begin a folder's name; allowed: 1 to 40 letters, digits, '_', '-'", f.name));
    else if (!seen.insert(f.name).second)
      diagnostics.add({f.where, 0, 0}, key, fmt::format("'{}' is the name of another family", f.name));
  }
}

void add_cases(const SweepFamily& family, Diagnostics& diagnostics, std::vector<SweepCase>& cases) {
  const std::vector<Factor> factors = factors_of(family, diagnostics);
  std::size_t count = 1;
  for (const Factor& factor : factors)
    count = std::min<std::size_t>(count * factor.size(), most_cases + 1);
  if (count + cases.size() > most_cases) {
    diagnostics.add({family.where, 0, 0}, "sweep", fmt::format("the sweep has more than {} cases", most_cases));
    return;
  }
  for (std::size_t number = 0; number < count; ++number) {
    SweepCase made{"", family.name, family.set, {}};
    std::size_t block = count, rest = number;
    for (const Factor& factor : factors) { // the last factor runs fastest
      block /= factor.size();
      made.values.insert(made.values.end(), factor[rest / block].begin(), factor[rest / block].end());
      rest %= block;
    }
    made.name = case_name(family, made.values);
    cases.push_back(std::move(made));
  }
}

} // namespace

void SweepFamily::declare(core::ParameterVisitor& v) {
  v.text("name", name, {"1", "name of the family: begins the names of its cases, heads its part of the report"});
  v.settings("set", set, {"1", "keys all cases share, over the rest of the input; a whole section replaces it"});
  v.settings(
      "over", over,
      {"1", "swept keys, all combinations: lists, {from, to, step}, {from, to, count} or {from, to, count, log}"});
  v.settings("zip", zip, {"1", "swept keys whose lists run together, as one more factor"});
}

void SweepSection::declare(core::ParameterVisitor& v) {
  bool present = true;
  v.begin("sweep", present, "Makes the input a campaign: one run a case, then one report on all (docs/campaigns.md).");
  single.declare(v);
  v.integer("group_size", group_size, {1, 1e6},
            {"1", "ranks that work on one case together; default: the fewest whose memory holds it"});
  v.choice(
      "seeds", seeds, {"independent", "same"},
      {"1",
       "independent: case i (from 0) has run.seed + i, as the errors of coefficients assume; same: all have run.seed"});
  v.sections("families", families, "Several families of cases; sweep: [...] is short for sweep: {families: [...]}.");
  v.end();
}

std::vector<SweepCase> expand(const SweepSection& sweep, Diagnostics& diagnostics) {
  std::vector<SweepFamily> families = sweep.families;
  if (families.empty())
    families.push_back(sweep.single);
  else if (!sweep.single.over.empty() || !sweep.single.zip.empty() || !sweep.single.set.empty())
    for (const auto* list : {&sweep.single.set, &sweep.single.over, &sweep.single.zip})
      for (const Setting& s : *list)
        diagnostics.add({s.where, 0, 0}, s.key, "beside sweep.families nothing is swept; move it into a family");
  check_names(families, diagnostics);
  std::vector<SweepCase> cases;
  for (const SweepFamily& family : families) {
    check_keys(family, diagnostics);
    if (family.over.empty() && family.zip.empty() && families.size() == 1)
      diagnostics.add({family.where, 0, 0}, "sweep",
                      "nothing is swept; give over: {key: [a, b]} or zip: {key: [a, b], ...}");
    add_cases(family, diagnostics, cases);
  }
  std::map<std::string, int> used;
  for (SweepCase& c : cases)
    if (c.name.empty())
      c.name = "case";
  for (SweepCase& c : cases)
    if (const int again = used[c.name]++; again > 0)
      c.name += fmt::format("-{}", again + 1);
  return cases;
}

} // namespace cascade::app
