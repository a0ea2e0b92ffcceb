#pragma once
// What a study of scaling laws is, and the table of all of them.

#include "app/report/report.hpp"
#include "core/input/parameters.hpp"
#include "core/ranks/communicator.hpp"
#include "core/ranks/memory_part.hpp"
#include "core/talk/progress.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace cascade::app {

/// What a study works with beside its own keys.
struct StudyRun {
  std::uint64_t seed = 1;
  const std::vector<double>& band; ///< {lowest, highest} exponent whose smallness is to be explained
  const core::Communicator& ranks;
  core::Progress& progress;
};

/// One value of the key `study`; its section of that name has its keys, which are its members.
class Study {
public:
  virtual ~Study() = default;
  /// Goes through every key of the section.
  virtual void declare(core::ParameterVisitor& v) = 0;
  /// What is wrong between keys that are each fine alone.
  virtual void validate(core::Problems&) const {}
  /// Reads the files that the section names, relative to the input file's folder; before plan() and run(). Collective;
  /// throws the same core::Error on every rank.
  virtual void load(const std::string& /*input_file*/, const core::Communicator&) {}
  /// What run() takes beside the program, and what load() took, on the rank that needs most. Local; after load().
  virtual core::MemoryParts memory() const = 0;
  /// One line for --dry-run. Local.
  virtual std::string plan() const = 0;
  /// Lines that a person must see before the answer: what was guessed, and how to say otherwise. Local; after load().
  virtual std::string preface() const { return ""; }
  /// Fills results, verdict, warnings and page of the report. Collective; the same on every rank.
  virtual void run(const StudyRun& run, Report& report) const = 0;
};

struct StudyEntry {
  std::string name;    ///< value of `study` and name of its section
  std::string summary; ///< after "Study NAME: "
  std::unique_ptr<Study> (*make)();
};

/// All studies, in the order of the input reference.
const std::vector<StudyEntry>& studies();

} // namespace cascade::app
