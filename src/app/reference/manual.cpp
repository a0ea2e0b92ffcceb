#include "app/reference/manual.hpp"

#include "app/reference/keys.hpp"
#include "app/scaling/study.hpp"
#include "app/tasks.hpp"
#include "core/talk/build_info.hpp"

#include <fmt/format.h>

#include <string_view>

namespace cascade::app {

namespace {

/// Text as roff takes it literally: no escapes, no requests at the beginning of a line, ASCII signs that print as
/// themselves.
std::string roff(std::string_view text) {
  std::string out;
  bool line_begins = true;
  for (const char c : text) {
    if (line_begins && (c == '.' || c == '\''))
      out += "\\&";
    line_begins = c == '\n';
    switch (c) {
    case '\\':
      out += "\\e";
      break;
    case '-':
      out += "\\-";
      break;
    case '^':
      out += "\\(ha";
      break;
    case '~':
      out += "\\(ti";
      break;
    case '`':
      out += "\\(ga";
      break;
    case '\'':
      out += "\\(aq";
      break;
    case '"': // the macros' own quotes
      out += "\\(dq";
      break;
    default:
      out += c;
    }
  }
  return out;
}

std::string heading(const std::string& text) {
  return fmt::format(".SH \"{}\"\n", roff(text));
}

std::string subheading(const std::string& text) {
  return fmt::format(".SS \"{}\"\n", roff(text));
}

/// The text below a heading: between the two stands no macro.
std::string paragraph(const std::string& text) {
  return roff(text) + "\n";
}

/// A tagged paragraph: what it is about in bold, its kind in italics, then the text.
std::string entry(const std::string& name, const std::string& kind, const std::string& text) {
  return fmt::format(".TP\n\\fB{}\\fR{}\n{}\n", roff(name), kind.empty() ? "" : " \\fI" + roff(kind) + "\\fR",
                     roff(text));
}

/// With the full stop that summaries may lack.
std::string sentence(const std::string& text) {
  return text.ends_with('.') ? text : text + ".";
}

/// Lines as they stand.
std::string verbatim(const std::string& text) {
  return ".nf\n" + roff(text) + (text.ends_with('\n') ? "" : "\n") + ".fi\n";
}

std::string options() {
  std::string out = heading("OPTIONS");
  for (const OptionDescription& option : option_descriptions())
    out += entry(option.name, option.value, sentence(option.help));
  return out;
}

std::string key_entry(const core::KeyDescription& key) {
  std::string facts = key.type;
  facts += key.unit.empty() ? "" : ", in " + key.unit;
  facts += key.default_value.empty() ? "; required" : "; default " + key.default_value;
  facts += key.allowed.empty() ? "" : "; allowed: " + key.allowed;
  return entry(key.path, "", facts + ".") + ".br\n" + roff(sentence(key.help)) + "\n";
}

std::string keys_text(const Keys& keys) {
  std::string out;
  for (const core::KeyDescription& key : keys)
    out += key.section ? subheading(key.path) + paragraph(key.help) : key_entry(key);
  return out;
}

std::string input_keys() {
  std::string out = heading("INPUT");
  out +=
      paragraph("An input file is one YAML document of sections; only field.generator must be there (and study, where "
                "task is scaling_law). Any key can be set on the command line by its dotted name. The same tables are "
                "printed by cascade --describe.");
  const Keys common = common_keys();
  out += keys_text(common);
  for (const solvers::GeneratorEntry& each : solvers::catalogue()) {
    Keys keys = generator_keys(each);
    keys.front().path = "field, generator " + each.name;
    keys.front().help = sentence(each.summary);
    out += keys_text(keys);
  }
  for (const Task& task : other_tasks()) {
    std::string title = task.heading;
    std::erase(title, '`');
    out += heading("INPUT: " + title) + keys_text(keys_of(task));
  }
  return out;
}

std::string names() {
  std::string out = heading("GENERATORS, TASKS, STUDIES");
  for (const solvers::GeneratorEntry& each : solvers::catalogue())
    out += entry(each.name, "generator", sentence(each.summary));
  for (const Task& task : tasks())
    out += entry(task.name, "task", sentence(task.summary));
  for (const StudyEntry& study : studies())
    out += entry(study.name, "study", sentence(study.summary));
  return out;
}

std::string files() {
  std::string out = heading("FILES");
  out += entry("results/NAME/report.json", "",
               "Every number and sentence; written last: where it is, the result is complete.");
  out += entry("results/NAME/report.md, results.h5, run.log", "",
               "The same to read, every curve, and what the terminal showed.");
  out += entry("results/NAME/checksums.sha256", "", "SHA-256 of these files, for sha256sum -c.");
  out += entry("PREFIX/share/cascade/inputs/", "",
               "The inputs that came with the program; cascade NAME runs them from anywhere.");
  return out + heading("ENVIRONMENT") +
         entry("CASCADE_INPUTS", "", "A folder of inputs in place of those that came with the program.");
}

} // namespace

std::string manual_page() {
  std::string out = ".\\\" Made by `cascade --man` from the tables the program reads its input with; do not edit.\n";
  out += fmt::format(".TH CASCADE 1 \"\" \"cascade {}\" \"User Commands\"\n", core::build_info().version);
  out += heading("NAME");
  out += "cascade \\- measure whether fits of rough fields gain with their number of pieces as 4h/d says\n";
  out += heading("SYNOPSIS");
  out += ".B cascade\n.I FILE\n.RI [ options ]\n.br\n.B mpirun \\-n\n.I RANKS\n.B cascade\n.I FILE\n.RI [ options "
         "]\n.br\n";
  out += ".B cascade \\-\\-merge\n.I DIR...\n.br\n.B cascade \\-\\-describe\n.RI [ KEY ]\n";
  out += heading("DESCRIPTION");
  out += paragraph(
      "cascade makes fields of known fractal dimension d and roughness h, measures their structure functions, "
      "dimensions and the error exponents of piecewise fits, and judges them against theory. FILE is an input in "
      "YAML: a path, or the name of one of the inputs that came with the program, with or without .yaml; a "
      "file of that name in the working directory comes first.");
  out += options() + input_keys() + names() + files();
  out += heading("EXIT STATUS") + verbatim(exit_codes_text());
  out += heading("EXAMPLES") + verbatim(example_text());
  return out + heading("SEE ALSO") + ".BR mpirun (1);\n" +
         roff("cascade-report --help, cascade-compare --help: pages and comparisons of results.\n");
}

} // namespace cascade::app
