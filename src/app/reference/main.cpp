// Answers questions of the command line as `cascade` does, without MPI: builds make the manual page and the completion
// with it, also where MPI does not start.

#include "app/reference/reference.hpp"
#include "core/talk/errors.hpp"

#include <cstdio>
#include <string>

using namespace cascade;

int main(int argc, char** argv) {
  try {
    const app::CommandLine line = app::parse_command_line(argc, argv);
    const std::string text = line.question ? app::reply(*line.question) : "";
    return !text.empty() && std::fputs(text.c_str(), stdout) >= 0 && std::fflush(stdout) == 0 ? 0 : 1;
  } catch (const core::Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return static_cast<int>(error.code());
  }
}
