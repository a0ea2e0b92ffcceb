#include "app/session/command_line.hpp"

#include "core/input/suggest.hpp"
#include "core/talk/errors.hpp"
#include "core/talk/shown.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>

namespace cascade::app {

namespace {

constexpr const char* exit_codes =
    R"(  0 complete    1 internal failure    2 bad input    3 refused: output exists or is not writable
  4 input/output failure    5 numerical failure    6 complete, but a check is out of tolerance
  75 stopped early; what was finished is kept: --resume
)";
constexpr const char* example =
    R"(  mpirun -n 4 cascade inputs/beta_d2.8.yaml --set field.dimension=2.5 --output results/d2.5
)";
constexpr const char* table_study = "compute_optimal"; ///< whose section the flags of tables fill
const std::vector<std::string> colours{"auto", "always", "never"}, shells{"bash"};

/// Flags that stand for a key of the study that reads a bare table of training runs.
struct TableFlag {
  const char* name;
  const char* value;
  const char* help;
};
constexpr std::array<TableFlag, 9> table_flags{{
    {"loss", "COLUMN", "Table of training runs: the column of the losses"},
    {"params", "COLUMN", "The column of the parameters N (none: there is none; so for all columns)"},
    {"tokens", "COLUMN", "The column of the training tokens D"},
    {"compute", "COLUMN", "The column of the training compute C, FLOP"},
    {"unique", "COLUMN", "The column of the unique tokens, where data are repeated"},
    {"group", "COLUMN", "The column of what runs differ in beside size and tokens"},
    {"run", "COLUMN", "The column that says which rows are of one run"},
    {"gpu", "NAME", "What compute is priced in, e.g. H100"},
    {"price", "MONEY", "Of a GPU hour"},
}};

[[noreturn]] void refuse(const std::string& message) {
  throw core::Error(core::ExitCode::bad_input, "command line: " + message + "; see cascade --help");
}

core::Setting split_setting(const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0)
    refuse(fmt::format("--set {}: expected key.path=value, e.g. --set field.points=128", core::shown(text)));
  const std::string key = text.substr(0, equals);
  return {key, text.substr(equals + 1), "--set " + core::shown(key)};
}

/// "2/3".
Part read_part(const std::string& text) {
  const auto refuse_part = [&] {
    refuse(fmt::format("--part {}: expected i/n with 1 <= i <= n, such as --part 1/3", core::shown(text)));
  };
  Part part{0, 0};
  const char* const end = text.data() + text.size();
  const auto index = std::from_chars(text.data(), end, part.index);
  if (index.ec != std::errc() || index.ptr == end || *index.ptr != '/')
    refuse_part();
  const auto count = std::from_chars(index.ptr + 1, end, part.count);
  if (count.ec != std::errc() || count.ptr != end || part.index < 1 || part.index > part.count)
    refuse_part();
  return part;
}

/// What CLI11 puts into the variables before it becomes a CommandLine.
struct Raw {
  CommandLine line;
  std::vector<std::string> files, settings, describe, targets;
  std::array<std::string, table_flags.size()> of_table;
  std::string output, part, shell;
  bool version = false, list = false, markdown = false, manual = false;
};

/// --merge and --part leave little else to say.
void check_modes(const CLI::App& app, const Raw& raw) {
  const CommandLine& line = raw.line;
  if (app.count("--merge") > 0)
    for (const char* other : {"FILE", "--set", "--output", "--resume", "--part", "--dry-run", "--check"})
      if (app.count(other) > 0)
        refuse(fmt::format("--merge takes the input from the folders it is given; leave {} out", other));
  for (const std::string& folder : line.merge)
    if (folder.empty())
      refuse("--merge: expected folders");
  if (line.part && line.force)
    refuse("--part and --force: parts share a folder, and one must not remove another's work; remove it by hand, or "
           "choose another --output");
  if (line.resume && line.force)
    refuse("--resume and --force: one continues what is there, the other starts anew");
}

void declare(CLI::App& app, Raw& raw) {
  app.add_option("FILE", raw.files,
                 "Input file (YAML), the name of a shipped one, or data: a field, a table of training runs")
      ->type_name("");
  app.add_option("--set", raw.settings, "Set an input key, over the file; may be repeated; lists as [a, b]")
      ->type_name("KEY.PATH=VALUE")
      ->allow_extra_args(false);
  app.add_option("--output", raw.output, "Folder for the results [output.directory/run.name]")->type_name("DIR");
  app.add_flag("--force", raw.line.force, "Overwrite existing results");
  app.add_flag("--resume", raw.line.resume, "Continue a run that ended early in the same output folder");
  app.add_option("--part", raw.part, "Measure part i of n only (1/3, 2/3, 3/3; may run at the same time), then --merge")
      ->type_name("i/n");
  app.add_option("--merge", raw.line.merge, "Make the report of the parts in these folders, in the first of them")
      ->type_name("DIR")
      ->expected(1, 1 << 20);
  app.add_flag("--dry-run", raw.line.dry_run, "Check everything and print the plan; write nothing");
  app.add_flag("--check", raw.line.check, "Run the input's check: block, a shrunken version with known answers");
  app.add_option("--describe", raw.describe, "Explain an input key, section or generator; without KEY all of them")
      ->type_name("[KEY]")
      ->expected(0, 1);
  app.add_flag("--markdown", raw.markdown, "With --describe: the whole reference as docs/input-reference.md");
  app.add_flag("--list", raw.list, "List generators, tasks, studies and the inputs at hand");
  for (std::size_t i = 0; i < table_flags.size(); ++i)
    app.add_option(std::string("--") + table_flags[i].name, raw.of_table[i], table_flags[i].help)
        ->type_name(table_flags[i].value);
  app.add_option("--target", raw.targets, "What to answer for: a compute, N=7e9,D=2e12 or loss=2; may be repeated")
      ->type_name("TARGET")
      ->allow_extra_args(false);
  app.add_flag("--quiet", raw.line.quiet, "Print errors only");
  app.add_option("--color", raw.line.colour, "Colours and progress bar: auto, always, never [auto]")->type_name("WHEN");
  app.add_flag("--man", raw.manual, "Print the manual page, for man -l -");
  app.add_option("--completion", raw.shell, "Print completions for a shell: bash")->type_name("SHELL");
  app.add_flag("--version", raw.version, "Print version, commit and libraries");
}

/// As YAML text of one string, whatever is in it.
std::string quoted_text(const std::string& text) {
  std::string out = "'";
  for (const char c : text)
    out += c == '\'' ? "''" : std::string(1, c);
  return out + "'";
}

/// The flags of tables as the settings that they stand for.
void add_table_settings(const CLI::App& app, Raw& raw) {
  const auto add = [&](const std::string& key, const std::string& value, const std::string& flag) {
    raw.line.settings.push_back({std::string(table_study) + "." + key, value, flag});
  };
  for (std::size_t i = 0; i < table_flags.size(); ++i) {
    const std::string name = table_flags[i].name, flag = "--" + name;
    if (app.count(flag) == 0)
      continue;
    if (raw.of_table[i].empty())
      refuse(flag + ": expected " + (name == "price" ? "a number" : "a name"));
    add(name, name == "price" ? raw.of_table[i] : quoted_text(raw.of_table[i]), flag);
  }
  if (!raw.targets.empty())
    add("target", quoted_text(fmt::format("{}", fmt::join(raw.targets, "; "))), "--target");
}

/// CLI11's complaint in one line, with a suggestion for a mistyped option.
std::string explain(const CLI::App& app, const CLI::ParseError& error) {
  std::vector<std::string> options;
  for (const CLI::Option* option : app.get_options())
    for (const std::string& name : option->get_lnames())
      options.push_back("--" + name);
  const std::vector<std::string> extra = app.remaining();
  for (const std::string& word : extra)
    if (word.starts_with("-"))
      return fmt::format("unknown option {}", core::shown(word)) +
             core::suggestion(word.substr(0, word.find('=')), options);
  return core::shown(error.what(), 1000);
}

std::optional<Question> question_of(const CLI::App& app, const Raw& raw) {
  using Kind = Question::Kind;
  if (raw.version)
    return Question{Kind::version, ""};
  if (raw.list)
    return Question{Kind::list, ""};
  if (raw.markdown)
    return Question{Kind::reference, ""};
  if (raw.manual)
    return Question{Kind::manual, ""};
  if (app.count("--completion") > 0)
    return Question{Kind::completion, raw.shell};
  if (app.count("--describe") > 0)
    return Question{Kind::describe, raw.describe.empty() ? "" : raw.describe.front()};
  return std::nullopt;
}

/// CLI11's parser, which writes into `raw`.
std::unique_ptr<CLI::App> parser_of(Raw& raw) {
  auto app = std::make_unique<CLI::App>(
      "cascade: fields of known fractal dimension d and roughness h; their structure functions, dimensions and the\n"
      "error exponents of piecewise fits, measured and judged against theory",
      "cascade");
  app->footer(fmt::format("Exit codes:\n{}\nExample:\n{}", exit_codes, example));
  declare(*app, raw);
  return app;
}

} // namespace

CommandLine parse_command_line(int argc, const char* const* argv) {
  Raw raw;
  const std::unique_ptr<CLI::App> parser = parser_of(raw);
  CLI::App& app = *parser;
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    raw.line.question = Question{Question::Kind::help, ""};
    return raw.line;
  } catch (const CLI::ParseError& error) {
    refuse(explain(app, error));
  }
  if (std::find(colours.begin(), colours.end(), raw.line.colour) == colours.end())
    refuse(fmt::format("--color {}: allowed: {}", core::shown(raw.line.colour), fmt::join(colours, ", ")));
  if (app.count("--output") > 0) {
    if (raw.output.empty())
      refuse("--output: expected a folder");
    raw.line.output = raw.output;
  }
  for (const std::string& setting : raw.settings)
    raw.line.settings.push_back(split_setting(setting));
  add_table_settings(app, raw);
  raw.line.question = question_of(app, raw);
  if (raw.line.question)
    return raw.line;
  if (app.count("--part") > 0)
    raw.line.part = read_part(raw.part);
  check_modes(app, raw);
  if (!raw.line.merge.empty())
    return raw.line;
  if (raw.files.empty())
    refuse("no input file; for example: cascade inputs/beta_d2.8.yaml");
  if (raw.files.size() > 1)
    refuse(fmt::format("one input file at a time, got {}",
                       core::shown(fmt::format("{}", fmt::join(raw.files, ", ")), 400)));
  raw.line.file = raw.files.front();
  if (raw.line.file.empty())
    refuse("the input file's name is empty");
  return raw.line;
}

std::string help_text() {
  Raw raw;
  return parser_of(raw)->help();
}

std::vector<OptionDescription> option_descriptions() {
  Raw raw;
  const std::unique_ptr<CLI::App> parser = parser_of(raw);
  std::vector<OptionDescription> out;
  for (const CLI::Option* option : parser->get_options()) {
    if (option->get_lnames().empty()) // FILE
      continue;
    OptionDescription one{"--" + option->get_lnames().front(), option->get_type_name(), option->get_description(), {}};
    if (option->get_items_expected_max() == 0)
      one.value.clear();
    if (one.name == "--color")
      one.allowed = colours;
    if (one.name == "--completion")
      one.allowed = shells;
    out.push_back(one);
  }
  return out;
}

std::string exit_codes_text() {
  return exit_codes;
}

std::string example_text() {
  return example;
}

} // namespace cascade::app
