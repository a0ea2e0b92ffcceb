#include "app/campaign/config.hpp"

#include "core/input/json_writer.hpp"
#include "core/input/yaml_reader.hpp"
#include "core/talk/errors.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <limits>
#include <map>

namespace cascade::app {
namespace {

using core::ConfigNode;

bool for_the_campaign(const std::string& key) {
  return key == "sweep" || key.starts_with("sweep.") || key == "check" || key.starts_with("check.") || key == "task";
}

/// `sweep: [...]` is short for `sweep: {families: [...]}`.
void spell_out(ConfigNode& root) {
  core::ConfigEntry* sweep = root.find("sweep");
  if (sweep == nullptr || sweep->value.kind != ConfigNode::Kind::list)
    return;
  ConfigNode families = std::move(sweep->value);
  sweep->value = ConfigNode{ConfigNode::Kind::mapping, {}, false, families.position, {}, {}};
  sweep->value.entries.push_back({"families", families.position, std::move(families)});
}

/// A dotted key, or a section the cases have: in `sweep` itself it is misplaced.
bool is_key_of_a_case(const std::string& key, const ConfigNode& root) {
  return key.find('.') != std::string::npos || (key != "sweep" && root.find(key) != nullptr);
}

/// What belongs to the campaign as a whole: `run`, `sweep`, `check`, `output`.
Campaign read_campaign(const ConfigNode& root, const std::string& file, core::Diagnostics& diagnostics) {
  ConfigNode own = root;
  std::erase_if(own.entries, [](const core::ConfigEntry& e) {
    return e.key != "run" && e.key != "sweep" && e.key != "check" && e.key != "output";
  });
  Campaign campaign;
  campaign.run.name = default_name(file);
  core::YamlReader reader(own, diagnostics);
  campaign.declare(reader);
  campaign.sweep.single.where = reader.where("sweep").text();
  campaign.seed_position = reader.where("run.seed").text();
  for (std::size_t i = 0; i < campaign.sweep.families.size(); ++i)
    campaign.sweep.families[i].where = reader.where(fmt::format("sweep.families[{}]", i)).text();
  if (const core::ConfigEntry* sweep = own.find("sweep"))
    for (const core::ConfigEntry& entry : sweep->value.entries)
      if (is_key_of_a_case(entry.key, root))
        reader.explain("sweep." + entry.key,
                       fmt::format("what is swept stands under `over`, keys of one case for all "
                                   "under `set`: sweep: {{over: {{{}: [...]}}}}",
                                   entry.key.find('.') == std::string::npos ? entry.key + ".KEY" : entry.key));
  reader.finish();
  core::Problems problems;
  campaign.run.validate(problems);
  campaign.check.validate(problems);
  campaign.output.validate(problems);
  reader.report(problems);
  return campaign;
}

/// Messages of all cases, each once, with the cases it was heard from (all of them needs no word).
class Complaints {
public:
  explicit Complaints(std::size_t cases) : cases_(cases) {}
  void add(const std::string& name, const core::Diagnostics& diagnostics) {
    for (const std::string& line : diagnostics.lines()) {
      if (heard_[line].empty())
        order_.push_back(line);
      heard_[line].push_back(name);
    }
  }
  void throw_if_any() const {
    constexpr std::size_t most = 100;
    std::string text;
    for (std::size_t i = 0; i < std::min(order_.size(), most); ++i) {
      const std::vector<std::string>& names = heard_.at(order_[i]);
      text += (i == 0 ? "" : "\n") + order_[i];
      if (names.size() < cases_ || cases_ == 1)
        text += fmt::format(" (case {}{})", names.front(),
                            names.size() == 1 ? "" : fmt::format(" and {} more", names.size() - 1));
    }
    if (order_.size() > most)
      text += fmt::format("\n... and {} more", order_.size() - most);
    if (!order_.empty())
      throw core::Error(core::ExitCode::bad_input, text);
  }

private:
  std::size_t cases_;
  std::map<std::string, std::vector<std::string>> heard_;
  std::vector<std::string> order_;
};

/// The tree of one case: the base, the family's keys, the swept ones, its name and seed, then --set.
ConfigNode tree_of(const ConfigNode& base, const Campaign& campaign, const SweepCase& sweep, std::size_t number,
                   const std::vector<core::Setting>& settings, core::Diagnostics& diagnostics) {
  ConfigNode tree = base;
  apply_settings(tree, sweep.set, false, diagnostics);
  apply_settings(tree, sweep.values, false, diagnostics);
  apply_settings(tree, settings, true, diagnostics);
  core::assign(tree, {"run.name", "'" + sweep.name + "'", campaign.sweep.single.where}, diagnostics);
  const auto names_seed = [](const core::Setting& s) { return s.key == "run.seed"; };
  const bool own_seed = std::any_of(sweep.set.begin(), sweep.set.end(), names_seed) ||
                        std::any_of(sweep.values.begin(), sweep.values.end(), names_seed);
  if (campaign.sweep.seeds == "independent" && !own_seed) {
    std::int64_t seed = 0;
    if (__builtin_add_overflow(campaign.run.seed, static_cast<std::int64_t>(number), &seed))
      diagnostics.add({campaign.seed_position, 0, 0}, "run.seed",
                      fmt::format("{} is too large for one seed a case, counting up from it; allowed: at most {}, or "
                                  "sweep.seeds: same",
                                  campaign.run.seed, std::numeric_limits<std::int64_t>::max() - most_cases));
    else
      core::assign(tree, {"run.seed", fmt::format("{}", seed), campaign.sweep.single.where}, diagnostics);
  }
  return tree;
}

/// A configuration without what tells equal cases apart: their names, and seeds nobody chose.
std::string essence(const CampaignCase& c, bool chosen_seed) {
  nlohmann::ordered_json json = nlohmann::ordered_json::parse(c.json);
  json["run"].erase("name");
  if (!chosen_seed)
    json["run"].erase("seed");
  return json.dump();
}

void refuse_equal_cases(const Campaign& campaign) {
  std::map<std::string, std::string> seen;
  for (const CampaignCase& c : campaign.cases) {
    bool chosen_seed = false;
    std::string where = campaign.sweep.single.where;
    for (const auto* list : {&c.sweep.set, &c.sweep.values})
      for (const core::Setting& s : *list) {
        chosen_seed = chosen_seed || s.key == "run.seed";
        where = s.where;
      }
    const auto [first, fresh] = seen.try_emplace(essence(c, chosen_seed), c.sweep.name);
    if (!fresh)
      throw core::Error(core::ExitCode::bad_input,
                        fmt::format("{}: sweep: case {} is equal to case {}; a case must differ from all others in a "
                                    "key other than its name (to repeat one, sweep run.seed)",
                                    where, c.sweep.name, first->second));
  }
}

Campaign load(const ConfigNode& root, const std::string& file, const std::vector<core::Setting>& settings) {
  core::Diagnostics diagnostics;
  Campaign campaign = read_campaign(root, file, diagnostics);
  diagnostics.throw_if_any();
  const std::vector<SweepCase> sweep = expand(campaign.sweep, diagnostics);
  diagnostics.throw_if_any();
  ConfigNode base = root;
  for (const char* key : {"sweep", "check", "task"})
    remove_key(base, key);
  Complaints complaints(sweep.size());
  for (std::size_t i = 0; i < sweep.size(); ++i) {
    core::Diagnostics mine;
    const ConfigNode tree = tree_of(base, campaign, sweep[i], i, settings, mine);
    CampaignCase made{sweep[i], read_config(tree, file, mine), ""};
    if (mine.empty())
      made.json = made.config.json();
    complaints.add(sweep[i].name, mine);
    campaign.cases.push_back(std::move(made));
  }
  complaints.throw_if_any();
  refuse_equal_cases(campaign);
  return campaign;
}

} // namespace

void Campaign::declare(core::ParameterVisitor& v) {
  run.declare(v);
  sweep.declare(v);
  check.declare(v);
  output.declare(v);
}

std::string Campaign::json() const {
  Campaign head;
  head.run = run;
  head.sweep = sweep;
  head.check = check;
  head.output = output;
  core::JsonWriter writer;
  head.declare(writer);
  return writer.json().dump(2);
}

Campaign load_campaign(const Input& input) {
  std::vector<core::Setting> own, others; // --set: of the campaign, or of every case
  for (const core::Setting& s : input.settings)
    (for_the_campaign(s.key) ? own : others).push_back(s);
  Campaign campaign = read_checked(input, [&](ConfigNode tree, core::Diagnostics& diagnostics) {
    spell_out(tree); // first the input's, so that --set sweep.group_size finds it, then a --set sweep=[...]
    apply_settings(tree, own, true, diagnostics);
    spell_out(tree);
    for (const core::Setting& s : others) // run.seed, run.name and output are the campaign's too
      if (s.key.starts_with("run.") || s.key.starts_with("output."))
        core::assign(tree, {s.key, s.value, "--set " + s.key}, diagnostics);
    diagnostics.throw_if_any();
    return load(tree, input.input_file, others);
  });
  for (CampaignCase& c : campaign.cases) {
    c.config.input_file = input.input_file;
    c.config.input_text = input.input_text;
  }
  return campaign;
}

} // namespace cascade::app
