#pragma once
// A run with `task: scaling_law`, from the checked text to the last file.

#include "analysis/losses/loss_table.hpp"
#include "app/report/report.hpp"
#include "app/scaling/config.hpp"
#include "app/scaling/page.hpp"
#include "app/session/task.hpp"
#include "core/ranks/communicator.hpp"
#include "core/talk/progress.hpp"

#include <string>

namespace cascade::app {

/// The line of the table of tasks: inputs with `task: scaling_law`. They have no parts.
Task scaling_task();

/// The loss table of the input, from its text. Throws core::Error(bad_input) with file and line. Local.
analysis::LossTable loss_table_of(const ScalingConfig& config, const std::string& text);

/// The studies, one file each. A study fills results, verdict and warnings of the report, and the page. Collective; the
/// same on every rank.
void study_pedestal(const ScalingConfig& config, Report& report, ScalingPage& page);
void study_losses(const ScalingConfig& config, const analysis::LossTable& table, const core::Communicator& communicator,
                  core::Progress& progress, Report& report, ScalingPage& page);
void study_methods(const ScalingConfig& config, const core::Communicator& communicator, core::Progress& progress,
                   Report& report, ScalingPage& page);
void study_noisy_samples(const ScalingConfig& config, const core::Communicator& communicator, core::Progress& progress,
                         Report& report, ScalingPage& page);

} // namespace cascade::app
