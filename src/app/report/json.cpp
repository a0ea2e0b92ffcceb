// report.json: the interface other programs read. Names may be added, never changed (docs/report.md).
#include "app/report/report.hpp"
#include "app/report/result_json.hpp"
#include "core/talk/build_info.hpp"

namespace cascade::app {

namespace {

using Json = nlohmann::ordered_json;

/// The name of the page's object; that of scaling laws is older.
const char* page_key(const std::string& task) {
  return task == "scaling_law" ? "scaling" : "page";
}

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
           {"answer", to_json(report.answer)},
           {"exit_code", report.exit_code},
           {"hypotheses", list(report.hypotheses, hypothesis)},
           {"checks", list(report.checks, check)},
           {"warnings", report.warnings},
           {"theory", theory(report.theory)},
           {"results", list(report.results, [](const Judged& j) { return to_json(j); })},
           {"missed", list(report.missed,
                           [](const analysis::Missed& m) {
                             return Json{{"id", m.id}, {"why", m.why}};
                           })},
           {"timing", timing},
           {"run", run(report.run)}};
  if (report.task != "field") {
    out["task"] = report.task;
    out.erase("theory");
  }
  if (!report.page.empty())
    out[page_key(report.task)] = to_json(report.page);
  return out;
}

namespace {

Hypothesis read_hypothesis(const Json& json) {
  Hypothesis h;
  h.id = json.at("id").get<std::string>();
  h.labels = labels_from_json(json.at("settings"));
  h.predicted = json_to_number(json.at("predicted"));
  h.measured = json_to_number(json.at("measured"));
  h.standard_error = json_to_number(json.at("standard_error"));
  h.z = json_to_number(json.at("z"));
  h.verdict = verdict_from_json(json.at("verdict"));
  h.sentence = json.at("sentence").get<std::string>();
  h.group = json.at("group").get<std::vector<std::string>>();
  h.group_verdict = verdict_from_json(json.at("group_verdict"));
  h.method = json.at("method").get<std::string>();
  h.result = json.at("result").get<std::string>();
  return h;
}

Check read_check(const Json& json) {
  return {json.at("id").get<std::string>(), json_to_number(json.at("measured")), json_to_number(json.at("expected")),
          json_to_number(json.at("tolerance")), json.at("passed").get<bool>()};
}

RunSummary read_run(const Json& json) {
  const Json& config = json.at("config");
  return {json.at("name").get<std::string>(),
          json.at("input").get<std::string>(),
          json.at("input_text").get<std::string>(),
          config.is_string() ? config.get<std::string>() : config.dump(),
          json.at("seed").get<std::uint64_t>(),
          json.at("ranks").get<int>(),
          json.at("host").get<std::string>(),
          json.at("started").get<std::string>(),
          json_to_number(json.at("wall_seconds")),
          json.at("peak_bytes_per_rank").get<std::int64_t>(),
          json.at("field_bytes_per_rank").get<std::int64_t>()};
}

TheorySummary read_theory(const Json& json) {
  TheorySummary t{json.at("embedding_dimension").get<int>(),
                  json_to_number(json.at("dimension")),
                  json_to_number(json.at("hurst")),
                  json.at("source").get<std::string>(),
                  json.at("reference").get<std::string>(),
                  {},
                  {}};
  for (const Json& zeta : json.at("zeta")) {
    t.orders.push_back(json_to_number(zeta.at("order")));
    t.zeta.push_back(json_to_number(zeta.at("value")));
  }
  return t;
}

} // namespace

Report report_from_json(const nlohmann::ordered_json& json) {
  Report report;
  report.verdict = json.at("verdict").get<std::string>();
  if (const auto answer = json.find("answer"); answer != json.end()) // reports from before it have none
    report.answer = plain_answer_from_json(*answer);
  report.exit_code = json.at("exit_code").get<int>();
  report.run = read_run(json.at("run"));
  for (const auto& [stage, seconds] : json.at("timing").items())
    report.timing.emplace_back(stage, json_to_number(seconds));
  if (json.contains("theory"))
    report.theory = read_theory(json.at("theory"));
  for (const Json& result : json.at("results"))
    report.results.push_back(judged_from_json(result));
  for (const Json& hypothesis : json.at("hypotheses"))
    report.hypotheses.push_back(read_hypothesis(hypothesis));
  for (const Json& check : json.at("checks"))
    report.checks.push_back(read_check(check));
  report.warnings = json.at("warnings").get<std::vector<std::string>>();
  for (const Json& missed : json.value("missed", Json::array()))
    report.missed.push_back({missed.at("id"), missed.at("why")});
  report.task = json.value("task", report.task);
  if (const auto page = json.find(page_key(report.task)); page != json.end())
    report.page = page_from_json(*page);
  return report;
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
