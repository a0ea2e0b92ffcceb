#include "app/session/session.hpp"

#include <unistd.h>

namespace cascade::app {

std::string results_directory(const Session& session, const RunSection& run, const OutputSection& output) {
  return session.line.output.value_or(output.directory + "/" + run.name);
}

OutputClaim claim_of(const CommandLine& line) {
  OutputClaim claim;
  claim.force = line.force;
  if (!line.merge.empty())
    claim.mode = OutputClaim::Mode::merge;
  else if (line.part)
    claim.mode = OutputClaim::Mode::part;
  else if (line.resume)
    claim.mode = OutputClaim::Mode::resume;
  claim.part = line.part.value_or(Part{});
  return claim;
}

core::Progress progress_of(const Session& session) {
  using Style = core::Progress::Style;
  if (session.line.quiet || session.ranks.rank() != 0)
    return core::Progress(Style::silent);
  const bool bar = core::terminal_style(session.line.colour, session.terminal).bar;
  return core::Progress(bar ? Style::bar : Style::lines, session.terminal.columns);
}

std::string host_name() {
  char host[256] = {};
  gethostname(host, sizeof host - 1);
  return host;
}

void sign(Report& report, const InputSource& source, const RunSection& run, const std::string& config_json,
          const Session& session) {
  RunSummary& out = report.run;
  out.name = run.name;
  out.input_file = source.input_file;
  out.input_text = source.input_text;
  out.config_json = config_json;
  out.seed = static_cast<std::uint64_t>(run.seed);
  out.ranks = session.ranks.size();
  out.host = session.ranks.broadcast(host_name(), 0);
  out.started = session.ranks.broadcast(session.started, 0);
  out.wall_seconds = session.watch.seconds();
}

} // namespace cascade::app
