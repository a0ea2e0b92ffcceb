// report.json: the interface other programs read. Names may be added, never changed (docs/report.md).
#include "app/report/report.hpp"
#include "app/report/result_json.hpp"
#include "core/talk/build_info.hpp"

namespace cascade::app {

namespace {

using Json = nlohmann::ordered_json;

Json hypothesis(const Hypothesis& h) {
  return {{"id", h.id},
          {"settings", to_json(h.labels)},
          {"predicted", json_number(h.predicted)},
          {"measured", json_number(h.measured)},
          {"standard_error", json_number(h.standard_error)},
          {"z", json_number(h.z)},
          {"verdict", to_text(h.verdict)},
          {"sentence", h.sentence},
          {"group", h.group},
          {"group_verdict", to_text(h.group_verdict)},
          {"method", h.method},
          {"result", h.result}};
}

Json check(const Check& c) {
  return {{"id", c.id},
          {"measured", json_number(c.measured)},
          {"expected", json_number(c.expected)},
          {"tolerance", json_number(c.tolerance)},
          {"passed", c.passed}};
}

Json run(const RunSummary& r) {
  const core::BuildInfo build = core::build_info();
  Json libraries = Json::object();
  for (const auto& [name, version] : build.libraries)
    libraries[name] = version;
  Json config = Json::parse(r.config_json, nullptr, /*allow_exceptions=*/false);
  if (config.is_discarded())
    config = r.config_json;
  return {{"name", r.name},
          {"input", r.input_file},
          {"config", config},
          {"seed", r.seed},
          {"ranks", r.ranks},
          {"version", build.version},
          {"git", build.git()},
          {"compiler", build.compiler},
          {"libraries", libraries},
          {"host", r.host},
          {"started", r.started},
          {"wall_seconds", json_number(r.wall_seconds)},
          {"peak_bytes_per_rank", r.peak_bytes_per_rank},
          {"field_bytes_per_rank", r.field_bytes_per_rank},
          {"input_text", r.input_text}};
}

Json theory(const TheorySummary& t) {
  Json zeta = Json::array();
  for (std::size_t i = 0; i < t.orders.size() && i < t.zeta.size(); ++i)
    zeta.push_back({{"order", json_number(t.orders[i])}, {"value", json_number(t.zeta[i])}});
  return {{"embedding_dimension", t.embedding_dimension},
          {"dimension", json_number(t.dimension)},
          {"hurst", json_number(t.hurst)},
          {"source", t.source},
          {"reference", t.reference},
          {"zeta", zeta}};
}

template <class T, class Convert>
Json list(const std::vector<T>& items, Convert convert) {
  Json array = Json::array();
  for (const T& item : items)
    array.push_back(convert(item));
  return array;
}

bool flat(const Json& value) {
  for (const Json& item : value)
    if (item.is_structured())
      return false;
  return true;
}

/// Like dump(2), but arrays without structure inside stay on one line: a curve is 9 lines, not 900.
void print(const Json& value, const std::string& indent, std::string& out) {
  if (!value.is_structured() || value.empty() || (value.is_array() && flat(value))) {
    out += value.dump(-1, ' ', false, Json::error_handler_t::replace);
    return;
  }
  const std::string deeper = indent + "  ";
  const char* separator = "\n";
  out += value.is_object() ? "{" : "[";
  for (const auto& [key, item] : value.items()) {
    out += separator + deeper;
    separator = ",\n";
    if (value.is_object())
      out += Json(key).dump(-1, ' ', false, Json::error_handler_t::replace) + ": ";
    print(item, deeper, out);
  }
  out += "\n" + indent + (value.is_object() ? "}" : "]");
}

} // namespace

nlohmann::ordered_json to_json(const Report& report) {
  Json timing = Json::object();
  for (const auto& [stage, seconds] : report.timing)
    timing[stage] = json_number(seconds);
  Json out{{"schema", "cascade-report/1"},
           {"verdict", report.verdict},
           {"exit_code", report.exit_code},
           {"hypotheses", list(report.hypotheses, hypothesis)},
           {"checks", list(report.checks, check)},
           {"warnings", report.warnings},
           {"theory", theory(report.theory)},
           {"results", list(report.results, [](const Judged& j) { return to_json(j); })},
           {"timing", timing},
           {"run", run(report.run)}};
  if (report.task != "field") {
    out["task"] = report.task;
    out.erase("theory");
  }
  if (!report.extra_json.empty())
    out["scaling"] = Json::parse(report.extra_json);
  return out;
}

std::string json_text(const nlohmann::ordered_json& object) {
  std::string text;
  print(object, "", text);
  return text + "\n";
}

std::string to_json_text(const Report& report) {
  return json_text(to_json(report));
}

} // namespace cascade::app
