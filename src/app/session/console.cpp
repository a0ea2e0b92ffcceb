#include "app/session/console.hpp"

#include "core/talk/build_info.hpp"
#include "core/talk/shown.hpp"
#include "core/talk/terminal.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <iostream>

namespace cascade::app {
namespace {

namespace fs = std::filesystem;

/// The command that makes report.html: installed, or as it lies beside the program (build, or installed elsewhere).
std::string page_maker() {
  const char* path = std::getenv("PATH");
  std::istringstream folders(path == nullptr ? "" : path);
  for (std::string folder; std::getline(folders, folder, ':');)
    if (::access((fs::path(folder) / "cascade-report").c_str(), X_OK) == 0)
      return "cascade-report";
  constexpr const char* script = "postprocess/report.py";
  std::error_code ignored;
  const fs::path here = fs::current_path(ignored);
  const fs::path program = fs::read_symlink("/proc/self/exe", ignored).parent_path();
  for (const char* root : {"../share/cascade", "../.."})
    if (const fs::path file = (program / root / script).lexically_normal(); fs::exists(file, ignored)) {
      const fs::path near = file.lexically_proximate(here);
      return core::shell_word((near.native().size() < file.native().size() ? near : file).string());
    }
  return script;
}

} // namespace

core::ExitCode answer(const std::string& text, const Session& session) {
  session.ranks.agree([&] {
    std::cout.clear(); // what progress could not say is no matter, but why is asked here
    errno = 0;
    if (session.ranks.rank() == 0 && !(std::cout << text << std::flush) && errno != EPIPE) // a reader that left
      throw core::Error(core::ExitCode::io_failure, "standard output cannot be written");
  });
  return core::ExitCode::complete;
}

std::string heading(const Session& session) {
  const core::BuildInfo build = core::build_info();
  const int ranks = session.ranks.size();
  std::string changed;
  for (const core::Setting& s : session.input.settings)
    changed += " --set " + core::shell_word(s.key + "=" + s.value);
  std::string made;
  if (session.input.made())
    made = "The input made for it, kept as input.yaml beside the results:\n" + session.input.input_text;
  return core::plain(fmt::format("cascade {} ({})\n{}{}{}, {} {} on host {}, {}\n{}", build.version, build.git(),
                                 core::shown(session.input.input_file, 400), core::shown(changed, 400),
                                 session.input.checking ? " --check" : "", ranks, ranks == 1 ? "rank" : "ranks",
                                 host_name(), session.started, made));
}

void greet(const Session& session) {
  if (session.ranks.rank() == 0 && !session.line.quiet)
    std::cout << heading(session) << std::flush;
}

std::string summary(const Report& report, bool colour, int columns) {
  // it may name what others wrote: columns, files, cases
  const std::string verdict = core::wrapped(core::plain(report.verdict), columns);
  std::string out = "\n" + (colour ? "\x1b[1m" + verdict + "\x1b[0m" : verdict) + "\n";
  for (const Check& check : report.checks) {
    const std::string word = check.passed ? "passed" : "FAILED";
    const std::string shown = colour ? (check.passed ? "\x1b[32m" : "\x1b[31m") + word + "\x1b[0m" : word;
    out += fmt::format("check {}: {} measured {:.5g}, expected {:.5g} +- {:.2g}\n", shown, core::plain(check.id),
                       check.measured, check.expected, check.tolerance);
  }
  for (const std::string& warning : report.warnings)
    out += core::wrapped("warning: " + core::plain(warning), columns, 2) + "\n";
  return out;
}

std::string run_log(const Session& session, const core::Progress& progress, const Report& report) {
  return heading(session) + progress.log() + summary(report, false);
}

std::string next_steps(const Report& report, const Session& session) {
  const char* called = std::getenv("CASCADE_CALLED_AS"); // by a script that makes the page itself
  const bool page_follows = called != nullptr && *called != '\0';
  const std::string program = page_follows ? called : "cascade";
  std::string out = "\n";
  if (!page_follows)
    out += fmt::format("page:   {} {}\n", page_maker(), core::shell_word(session.results));
  // What comes from a file is the same under any seed: more of what it holds instead.
  const bool of_a_file = session.topic == "file";
  const std::string key = of_a_file ? "analysis.increment_pdf.enabled" : "run.seed",
                    value = of_a_file ? "true" : std::to_string(report.run.seed + 1);
  InputSource other = session.input;
  std::erase_if(other.settings, [&](const core::Setting& s) { return s.key == key; });
  other.settings.push_back({key, value, ""});
  out += fmt::format("next:   {}\n",
                     other.command("", session.results + (of_a_file ? "-increments" : "-seed" + value), program));
  out += fmt::format("        {} --describe {}\n", program, session.topic);
  return core::plain(out);
}

core::ExitCode say(const Report& report, const Session& session) {
  if (!session.line.quiet)
    answer(
        summary(report, core::terminal_style(session.line.colour, session.terminal).colour, session.terminal.columns) +
            next_steps(report, session),
        session);
  return static_cast<core::ExitCode>(report.exit_code);
}

int conclude(const core::Outcome& outcome, const Session& session) {
  const int code = static_cast<int>(outcome.code);
  if (session.ranks.rank() != 0)
    return code;
  if (!outcome.message.empty()) {
    std::cout << std::flush;
    std::cerr << core::printable(outcome.message) << "\ncascade: exit code " << code << ": "
              << core::meaning(outcome.code) << std::endl;
  } else if (!session.line.quiet && !session.results.empty()) {
    std::cout << "cascade: exit code " << code << ": " << core::meaning(outcome.code) << "; results in "
              << session.results << std::endl;
  }
  return code;
}

} // namespace cascade::app
