#include "core/input/reference_writer.hpp"

#include "core/input/scalar.hpp"

#include <fmt/format.h>

namespace cascade::core {

namespace {

template <class T, class Show>
std::string show_list(const std::vector<T>& values, const Show& show) {
  std::vector<std::string> words;
  for (const T& value : values)
    words.push_back(show(value));
  return fmt::format("[{}]", fmt::join(words, ", "));
}

std::string join(const std::vector<std::string>& words) {
  return fmt::format("{}", fmt::join(words, ", "));
}

/// A bar would end the cell of a markdown table.
std::string escape(const std::string& text) {
  std::string out;
  for (const char c : text)
    out += c == '|' ? std::string("\\|") : std::string(1, c);
  return out;
}

std::string or_dash(const std::string& text) {
  return text.empty() ? "-" : escape(text);
}

} // namespace

void ReferenceWriter::add(const char* key, std::string type, std::string default_value, std::string allowed,
                          const KeyHelp& help) {
  const std::string unit = help.unit == "1" ? "" : help.unit;
  keys_.push_back(
      {path_of(key), false, std::move(type), std::move(default_value), std::move(allowed), unit, help.text});
}

void ReferenceWriter::real(const char* key, double& value, Range1 allowed, const KeyHelp& help) {
  add(key, "real", format_real(value), format_range(allowed), help);
}

void ReferenceWriter::real(const char* key, std::optional<double>& value, Range1 allowed, const KeyHelp& help) {
  add(key, "real", value ? format_real(*value) : "unset", format_range(allowed), help);
}

void ReferenceWriter::integer(const char* key, std::int64_t& value, Range1 allowed, const KeyHelp& help) {
  add(key, "integer", fmt::format("{}", value), format_range(allowed), help);
}

void ReferenceWriter::integer(const char* key, std::optional<std::int64_t>& value, Range1 allowed,
                              const KeyHelp& help) {
  add(key, "integer", value ? fmt::format("{}", *value) : "unset", format_range(allowed), help);
}

void ReferenceWriter::boolean(const char* key, bool& value, const KeyHelp& help) {
  add(key, "boolean", value ? "true" : "false", "true, false", help);
}

void ReferenceWriter::text(const char* key, std::string& value, const KeyHelp& help) {
  add(key, "text", value.empty() ? "unset" : value, "", help);
}

void ReferenceWriter::choice(const char* key, std::string& value, const std::vector<std::string>& allowed,
                             const KeyHelp& help) {
  add(key, "word", value, join(allowed), help);
}

void ReferenceWriter::reals(const char* key, std::vector<double>& value, Range1 allowed, const KeyHelp& help) {
  add(key, "list of reals", show_list(value, format_real), format_range(allowed), help);
}

void ReferenceWriter::integers(const char* key, std::vector<std::int64_t>& value, Range1 allowed, const KeyHelp& help) {
  add(key, "list of integers", show_list(value, [](std::int64_t i) { return fmt::format("{}", i); }),
      format_range(allowed), help);
}

void ReferenceWriter::choices(const char* key, std::vector<std::string>& value, const std::vector<std::string>& allowed,
                              const KeyHelp& help) {
  add(key, "list of words", show_list(value, [](const std::string& s) { return s; }), join(allowed), help);
}

void ReferenceWriter::texts(const char* key, std::vector<std::string>& value, const KeyHelp& help) {
  add(key, "text or list of texts", value.empty() ? "unset" : join(value), "", help);
}

void ReferenceWriter::axis_reals(const char* key, std::vector<double>&, Range1 allowed, const KeyHelp& help) {
  add(key, "real, or list with one an axis", "unset", format_range(allowed), help);
}

void ReferenceWriter::axis_integers(const char* key, std::vector<std::int64_t>&, Range1 allowed, const KeyHelp& help) {
  add(key, "integer, or list with one an axis", "unset", format_range(allowed), help);
}

void ReferenceWriter::axis_booleans(const char* key, std::vector<bool>&, const KeyHelp& help) {
  add(key, "boolean, or list with one an axis", "unset", "true, false", help);
}

void ReferenceWriter::settings(const char* key, std::vector<Setting>&, const KeyHelp& help) {
  add(key, "section", "{}", "any dotted key of the input: its value", help);
}

void ReferenceWriter::enter(const std::string& path, const std::string& type, const std::string& help) {
  keys_.push_back({path, true, type, "", "", "", help});
  outer_.push_back(prefix_);
  prefix_ = path;
}

void ReferenceWriter::begin(const char* key, bool&, const std::string& help) {
  enter(path_of(key), "section", help);
}

void ReferenceWriter::end() {
  prefix_ = outer_.back();
  outer_.pop_back();
}

std::size_t ReferenceWriter::begin_list(const char* key, std::size_t, const std::string& help) {
  enter(path_of(key) + "[]", "list of sections", help);
  return 1; // one item stands for all
}

void ReferenceWriter::begin_item(std::size_t) {}
void ReferenceWriter::end_item() {}
void ReferenceWriter::end_list() {
  end();
}

std::string to_markdown(const std::vector<KeyDescription>& keys) {
  std::string out;
  bool table = false;
  for (const KeyDescription& key : keys) {
    if (key.section) {
      out += fmt::format("\n### `{}`\n\n{}\n", key.path, key.help);
      table = false;
      continue;
    }
    if (!table)
      out += "\n| key | type | default | allowed | unit | meaning |\n|---|---|---|---|---|---|\n";
    table = true;
    out += fmt::format("| `{}` | {} | {} | {} | {} | {} |\n", key.path, key.type,
                       key.default_value.empty() ? "required" : "`" + key.default_value + "`", or_dash(key.allowed),
                       or_dash(key.unit), escape(key.help));
  }
  return out;
}

std::string to_plain_text(const std::vector<KeyDescription>& keys) {
  std::string out;
  for (const KeyDescription& key : keys) {
    if (key.section) {
      out += fmt::format("{}:  {}\n", key.path, key.help);
      continue;
    }
    const std::string unit = key.unit.empty() ? "" : ", in " + key.unit;
    const std::string allowed = key.allowed.empty() ? "" : "; allowed: " + key.allowed;
    const std::string fallback = key.default_value.empty() ? "required" : "default " + key.default_value;
    out += fmt::format("  {}\n      {}{}; {}{}\n      {}\n", key.path, key.type, unit, fallback, allowed, key.help);
  }
  return out;
}

} // namespace cascade::core
