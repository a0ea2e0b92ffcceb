#include "core/input/json_writer.hpp"

#include "core/input/config_tree.hpp"
#include "core/input/scalar.hpp"

#include <nlohmann/json.hpp>

namespace cascade::core {

using Json = nlohmann::ordered_json;

namespace {

/// A value as written, in JSON. Numbers become numbers (1/3 too), all other words text.
Json to_json(const ConfigNode& node) {
  Json out;
  if (node.kind == ConfigNode::Kind::list) {
    out = Json::array();
    for (const ConfigNode& item : node.items)
      out.push_back(to_json(item));
  } else if (node.kind == ConfigNode::Kind::mapping) {
    out = Json::object();
    for (const ConfigEntry& entry : node.entries)
      out[entry.key] = to_json(entry.value);
  } else if (node.kind == ConfigNode::Kind::scalar) {
    const Parsed<std::int64_t> integer = parse_integer(node.text);
    const Parsed<double> real = parse_real(node.text);
    if (node.quoted)
      out = node.text;
    else if (std::holds_alternative<std::int64_t>(integer))
      out = std::get<std::int64_t>(integer);
    else if (std::holds_alternative<double>(real))
      out = std::get<double>(real);
    else if (node.text == "true" || node.text == "false")
      out = node.text == "true";
    else
      out = node.text;
  }
  return out;
}

} // namespace

/// The path from the root object to the section being written.
struct JsonWriter::State {
  Json root = Json::object();
  std::vector<Json::json_pointer> path{Json::json_pointer()};
  Json& here() { return root[path.back()]; }
};

JsonWriter::JsonWriter() : state_(std::make_unique<State>()) {}
JsonWriter::~JsonWriter() = default;

const Json& JsonWriter::json() const {
  return state_->root;
}

template <class T>
void JsonWriter::put(const char* key, const T& value) {
  state_->here()[key] = value;
}

void JsonWriter::real(const char* key, double& value, Range1, const KeyHelp&) {
  put(key, value);
}

void JsonWriter::real(const char* key, std::optional<double>& value, Range1, const KeyHelp&) {
  put(key, value ? Json(*value) : Json());
}

void JsonWriter::integer(const char* key, std::int64_t& value, Range1, const KeyHelp&) {
  put(key, value);
}

void JsonWriter::integer(const char* key, std::optional<std::int64_t>& value, Range1, const KeyHelp&) {
  put(key, value ? Json(*value) : Json());
}

void JsonWriter::boolean(const char* key, bool& value, const KeyHelp&) {
  put(key, value);
}

void JsonWriter::text(const char* key, std::string& value, const KeyHelp&) {
  put(key, value);
}

void JsonWriter::choice(const char* key, std::string& value, const std::vector<std::string>&, const KeyHelp&) {
  put(key, value);
}

void JsonWriter::reals(const char* key, std::vector<double>& value, Range1, const KeyHelp&) {
  put(key, value);
}

void JsonWriter::integers(const char* key, std::vector<std::int64_t>& value, Range1, const KeyHelp&) {
  put(key, value);
}

void JsonWriter::choices(const char* key, std::vector<std::string>& value, const std::vector<std::string>&,
                         const KeyHelp&) {
  put(key, value);
}

void JsonWriter::texts(const char* key, std::vector<std::string>& value, const KeyHelp&) {
  put(key, value);
}

void JsonWriter::axis_reals(const char* key, std::vector<double>& value, Range1, const KeyHelp&) {
  put(key, value);
}

void JsonWriter::axis_integers(const char* key, std::vector<std::int64_t>& value, Range1, const KeyHelp&) {
  put(key, value);
}

void JsonWriter::axis_booleans(const char* key, std::vector<bool>& value, const KeyHelp&) {
  put(key, value);
}

void JsonWriter::settings(const char* key, std::vector<Setting>& value, const KeyHelp&) {
  Json out = Json::object();
  for (const Setting& setting : value) {
    ConfigNode root;
    Diagnostics ignored; // a value that cannot be read never got this far
    assign(root, {"value", setting.value, ""}, ignored);
    if (const ConfigEntry* entry = root.find("value"))
      out[setting.key] = to_json(entry->value);
  }
  put(key, out);
}

void JsonWriter::begin(const char* key, bool&, const std::string&) {
  put(key, Json::object());
  state_->path.push_back(state_->path.back() / key);
}

void JsonWriter::end() {
  state_->path.pop_back();
}

std::size_t JsonWriter::begin_list(const char* key, std::size_t size, const std::string&) {
  put(key, Json::array());
  state_->path.push_back(state_->path.back() / key);
  return size;
}

void JsonWriter::begin_item(std::size_t index) {
  state_->here().push_back(Json::object());
  state_->path.push_back(state_->path.back() / index);
}

void JsonWriter::end_item() {
  end();
}

void JsonWriter::end_list() {
  end();
}

} // namespace cascade::core
