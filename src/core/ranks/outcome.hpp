#pragma once
// How a job ends: all ranks with one code, or all of them aborted; never some waiting for others.

#include "core/ranks/communicator.hpp"
#include "core/talk/errors.hpp"

#include <functional>
#include <string>

namespace cascade::core {

/// What became of one rank's work, and after settle() of the job's.
struct Outcome {
  ExitCode code = ExitCode::complete;
  std::string message; ///< what went wrong; empty when nothing did
};

/// Runs `work` and turns an exception into an outcome: core::Error keeps its code, an error of the file
/// system is refused (3: permission, name) or a failure (4) of its path, everything else is internal. Local.
Outcome attempt(const std::function<ExitCode()>& work);

/// Makes the outcomes of all ranks one: that of the lowest rank that failed, else the largest code. A rank that failed
/// while the others are still busy (they may be waiting for it inside a collective call) gives them `patience` seconds,
/// then prints its message with its rank and aborts the job with its code. `guard` must be a duplicate used for nothing
/// else. Collective.
Outcome settle(const Communicator& guard, const Outcome& mine, double patience = 5);

/// "complete", "bad input or command line", ...: the meaning of an exit code.
const char* meaning(ExitCode code);

} // namespace cascade::core
