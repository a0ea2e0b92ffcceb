#include "app/session/console.hpp"

#include "core/talk/shown.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <iostream>

namespace cascade::app {

core::ExitCode answer(const std::string& text, const Session& session) {
  session.ranks.agree([&] {
    std::cout.clear(); // what progress could not say is no matter, but why is asked here
    errno = 0;
    if (session.ranks.rank() == 0 && !(std::cout << text << std::flush) && errno != EPIPE) // a reader that left
      throw core::Error(core::ExitCode::io_failure, "standard output cannot be written");
  });
  return core::ExitCode::complete;
}

std::string summary(const Report& report, bool colour) {
  const std::string verdict = core::plain(report.verdict); // it may name what others wrote: columns, files, cases
  std::string out = "\n" + (colour ? "\x1b[1m" + verdict + "\x1b[0m" : verdict) + "\n";
  for (const Check& check : report.checks) {
    const std::string word = check.passed ? "passed" : "FAILED";
    const std::string shown = colour ? (check.passed ? "\x1b[32m" : "\x1b[31m") + word + "\x1b[0m" : word;
    out += fmt::format("check {}: {} measured {:.5g}, expected {:.5g} +- {:.2g}\n", shown, core::plain(check.id),
                       check.measured, check.expected, check.tolerance);
  }
  for (const std::string& warning : report.warnings)
    out += "warning: " + core::plain(warning) + "\n";
  return out;
}

core::ExitCode say(const Report& report, const Session& session) {
  if (!session.line.quiet)
    answer(summary(report, core::terminal_style(session.line.colour).colour), session);
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
