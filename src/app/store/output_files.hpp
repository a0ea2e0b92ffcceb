#pragma once
// The files of a result: written late, complete only when report.json is there.

#include "app/report/report.hpp"
#include "core/grid/grid_sample.hpp"
#include "core/ranks/communicator.hpp"

#include <filesystem>
#include <string>

namespace cascade::app {

struct OutputOptions {
  bool write_field = false; ///< field.h5 and field.xmf beside the report
  std::string log;          ///< text of run.log
  std::string generator{};  ///< that made the field
  std::string input{};      ///< text of input.yaml: the input that a bare data file stood for; empty: the user has it
};

/// Writes report.json, report.md, results.h5, run.log, an input that was made, the field if asked, and the checksums of
/// all of them, into a directory held by an OutputDirectory. Every file is first finished and synced under a temporary
/// name; only then do they take the places of an older result's (result_switch.hpp), report.json last: its presence
/// says that the result is complete, and a full disk leaves an older result as it was. A slice of the field goes into
/// results.h5. `field` may be null (equally on all ranks). Collective; throws the same error on every rank.
void write_outputs(const Report& report, const core::GridSample* field, const std::filesystem::path& directory,
                   const core::Communicator& communicator, const OutputOptions& options);

} // namespace cascade::app
