#pragma once
// Whether a plan fits into memory, and what to change where it does not.

#include "app/plan/plan.hpp"
#include "app/plan/remedy.hpp"
#include "core/talk/errors.hpp"

#include <string>

namespace cascade::app {

/// More memory would be needed than the ranks have: with more of them it may fit.
class DoesNotFit : public core::Error {
public:
  explicit DoesNotFit(const std::string& message) : core::Error(core::ExitCode::bad_input, message) {}
};

/// Its peak is within what the machine has for a rank.
bool fits(const RunPlan& plan);

/// Throws where the plan does not fit: core::Error where run.group_size makes the groups too small, DoesNotFit else.
/// The message has the step that needs most and its largest parts, and the keys that would make it fit, each alone,
/// with the largest values that do; found by planning the input with them. Local; the same on every rank.
void require_fit(const RunConfig& config, const RunPlan& plan);

/// What a task without steps holds: the program, and these parts.
struct Need {
  core::MemoryParts parts;
  std::string advice; ///< what to do where it is too much, a clause
};

/// Bytes a rank, the program included.
std::int64_t peak_bytes(const Need& need, const Machine& machine);

/// Throws DoesNotFit, "SUBJECT needs ... are available ...; ADVICE", where it is too much. Local.
void require_room(const std::string& subject, const Need& need, const Machine& machine);

/// The advice that remedies give.
std::string advice_of(const std::vector<Remedy>& list);

/// The parts as the lines of a plan, peak first. Local.
std::string to_text(const Need& need, const Machine& machine);

} // namespace cascade::app
