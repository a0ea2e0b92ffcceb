#pragma once
// What a task is: an input that it knows for its own, and the job that follows from it.

#include "app/input/input.hpp"
#include "app/session/session.hpp"
#include "core/input/parameters.hpp"
#include "core/talk/errors.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace cascade::app {

/// An input, read and checked. All calls are collective, and throw the same core::Error on every rank.
class Job {
public:
  virtual ~Job() = default;
  /// --dry-run: what would be done, and what it would cost; nothing is written.
  virtual std::string plan(const Session& session) const = 0;
  /// All of it, or with --part a share, to the last file. session.results becomes the folder once there are results.
  virtual core::ExitCode run(Session& session) const = 0;
  /// What is left of a run that is asked to end: a literal, the end of a sentence.
  virtual const char* when_stopped() const { return "what was finished is kept: --resume continues"; }
  /// A section of the input reference, for who wants to know what else such an input may say (--describe).
  virtual std::string topic() const = 0;
  /// --merge DIR...: the report of a run whose parts are all in those folders, written into the first. Throws
  /// core::Error(bad_input) with what is missing and what makes it.
  virtual core::ExitCode merge(Session& session) const {
    throw core::Error(core::ExitCode::bad_input, session.line.merge.front() + ": such a run is never in parts");
  }
};

/// A line of the table of tasks (app/tasks.cpp).
struct Task {
  std::string name;     ///< value of the key `task`
  std::string summary;  ///< what it does, for --list
  std::string heading;  ///< of its keys in the input reference
  std::string document; ///< what is said there before the keys
  /// Whether the input is one of this task: asked in the order of the table. Local, no disk.
  bool (*asked)(const Input&);
  /// Throws core::Error(bad_input) with everything wrong. Local; the same on every rank.
  std::unique_ptr<Job> (*read)(const Input&, const Session&);
  /// The keys of its inputs that the last task's have not; of the last task all (of the generator only its name).
  void (*declare)(core::ParameterVisitor&);
  /// The input of a run that keeps its parts in this folder, for --merge; null: the task has no parts. Local, one rank.
  std::optional<InputSource> (*kept)(const std::filesystem::path& folder) = nullptr;
};

} // namespace cascade::app
