#include "app/plan/remedy.hpp"

#include "core/talk/errors.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <sstream>
#include <string_view>
#include <tuple>

namespace cascade::app {
namespace {

using Json = nlohmann::ordered_json;

/// Keys that say what is measured, not how much of it, or that do not change the need.
bool says_what(const std::string& key) {
  constexpr std::array<std::string_view, 4> keys{"run.seed", "run.group_size", "field.embedding_dimension",
                                                 "fit.window"};
  return std::find(keys.begin(), keys.end(), key) != keys.end() || key.starts_with("check.");
}

bool is_list(const Json& value) {
  return value.is_array() && value.size() > 1 &&
         std::all_of(value.begin(), value.end(), [](const Json& v) { return v.is_number(); });
}

/// Every whole number and list of numbers with its dotted key.
void collect(const Json& node, const std::string& path, std::vector<std::pair<std::string, Json>>& found) {
  for (const auto& [name, value] : node.items()) {
    std::string key = path;
    if (!key.empty())
      key += '.';
    key += name;
    if (value.is_object())
      collect(value, key, found);
    else if ((value.is_number_integer() || is_list(value)) && !says_what(key))
      found.emplace_back(key, value);
  }
}

/// The next smaller value; null: there is none.
std::optional<Json> smaller(const Json& value) {
  if (value.is_number_integer())
    return value.get<std::int64_t>() > 1 ? std::optional<Json>(value.get<std::int64_t>() / 2) : std::nullopt;
  if (value.size() < 2)
    return std::nullopt;
  Json shorter = value;
  shorter.erase(static_cast<std::size_t>(std::max_element(value.begin(), value.end()) - value.begin()));
  return shorter;
}

/// Plans the input with one key changed.
class Trials {
public:
  Trials(const InputSource& resolved, std::int64_t before, const Machine& machine, const PeakOf& peak_of)
      : source_(resolved), before_(before), available_(machine.bytes_per_rank()), peak_of_(peak_of) {
    collect(Json::parse(source_.input_text), "", keys_);
  }

  std::vector<Remedy> all() const {
    std::vector<Remedy> list;
    for (const auto& [key, value] : keys_)
      if (const std::optional<Remedy> found = along(key, value))
        list.push_back(*found);
    std::stable_sort(list.begin(), list.end(), [](const Remedy& a, const Remedy& b) {
      return a.fits && b.fits ? a.share > b.share
                              : std::tuple(!a.fits, a.bytes_per_rank) < std::tuple(!b.fits, b.bytes_per_rank);
    });
    return list;
  }

private:
  /// Null where the value is not allowed.
  std::optional<Remedy> with(const std::string& key, const Json& first, const Json& value) const {
    InputSource source = source_;
    source.settings = {{key, value.dump(), ""}};
    try {
      const std::int64_t peak = peak_of_(parse_input(std::move(source)));
      const double share = value.is_array() ? static_cast<double>(value.size()) / static_cast<double>(first.size())
                                            : value.get<double>() / first.get<double>();
      return Remedy{key, first.dump(), value.dump(), peak, peak <= available_, share};
    } catch (const core::Error&) {
      return std::nullopt;
    }
  }

  /// The mildest value that fits, or else the one that needs least; null where the key changes nothing much.
  std::optional<Remedy> along(const std::string& key, const Json& first) const {
    std::optional<Remedy> best;
    Json last = first;
    for (std::optional<Json> value = smaller(first); value && !(best && best->fits); value = smaller(*value)) {
      const std::optional<Remedy> tried = with(key, first, *value);
      if (tried && 20.0 * static_cast<double>(tried->bytes_per_rank) > 19.0 * static_cast<double>(before_) && !best)
        return std::nullopt;
      if (tried && (!best || tried->bytes_per_rank < best->bytes_per_rank || tried->fits))
        best = tried;
      if (!(best && best->fits))
        last = *value;
    }
    return best && best->fits && !first.is_array() ? refined(*best, first, last.get<std::int64_t>()) : best;
  }

  /// Between a value that fits and one that does not, to the number; large ones are sizes of grids, better halved.
  Remedy refined(Remedy good, const Json& first, std::int64_t bad) const {
    constexpr std::int64_t small = 128;
    std::int64_t low = std::stoll(good.value);
    while (bad <= small && bad - low > 1) {
      const std::int64_t middle = low + (bad - low) / 2;
      const std::optional<Remedy> tried = with(good.key, first, middle);
      if (tried && tried->fits) {
        good = *tried;
        low = middle;
      } else {
        bad = middle;
      }
    }
    return good;
  }

  InputSource source_; ///< every key with its value
  std::int64_t before_, available_;
  const PeakOf& peak_of_;
  std::vector<std::pair<std::string, Json>> keys_;
};

} // namespace

std::vector<Remedy> remedies(const InputSource& resolved, std::int64_t before, const Machine& machine,
                             const PeakOf& peak_of) {
  return Trials(resolved, before, machine, peak_of).all();
}

std::string position_of(const InputSource& source, const std::string& key) {
  for (const core::Setting& s : source.settings)
    if (s.key == key)
      return "--set " + key;
  core::Diagnostics ignored;
  const core::ConfigNode root = core::parse_config(source.input_text, source.input_file, ignored);
  const core::ConfigNode* node = &root;
  std::istringstream parts(key);
  for (std::string part; std::getline(parts, part, '.');) {
    const core::ConfigEntry* entry = node->find(part);
    if (entry == nullptr)
      return source.input_file;
    node = &entry->value;
  }
  return node->position.text();
}

} // namespace cascade::app
