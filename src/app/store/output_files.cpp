#include "app/store/output_files.hpp"

#include "app/report/hdf5.hpp"
#include "app/report/lag_xdmf.hpp"
#include "app/report/slice.hpp"
#include "app/store/output_directory.hpp"
#include "app/store/result_switch.hpp"
#include "core/files/field_file.hpp"
#include "core/files/safe_file.hpp"
#include "core/files/sha256.hpp"
#include "core/ranks/stop_signals.hpp"
#include "core/talk/build_info.hpp"

#include <fmt/format.h>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cascade::app {

namespace {

namespace fs = std::filesystem;

constexpr const char* completion_marker = result_files.front();

core::TemporaryFile stage(const fs::path& target, std::string_view bytes) {
  core::TemporaryFile file(target);
  file.write(bytes);
  file.sync();
  return file;
}

std::string checksum_line(const core::TemporaryFile& file) {
  return core::checksum_line(core::sha256_of_file(file.path()), file.target().filename().string());
}

core::FieldInfo field_info(const Report& report, const std::string& generator) {
  const core::BuildInfo build = core::build_info();
  core::FieldInfo info;
  info.generator = generator;
  info.theory = fmt::format("D = {}, d = {:g}, h = {:.17g}; {}", report.theory.embedding_dimension,
                            report.theory.dimension, report.theory.hurst, report.theory.reference);
  info.seed = report.run.seed;
  info.config = report.run.config_json;
  info.version = fmt::format("cascade {} (git {})", build.version, build.git());
  return info;
}

} // namespace

void write_outputs(const Report& report, const core::GridSample* field, const fs::path& directory,
                   const core::Communicator& communicator, const OutputOptions& options) {
  const core::StopSignals::Holding all_is_measured; // a large field takes longer than a stop may
  std::optional<Slice> slice;
  std::vector<core::TemporaryFile> staged;
  if (field != nullptr) {
    if (field->field.domain().dimensions() > 1)
      slice = field_slice(*field, communicator);
    if (options.write_field) {
      core::FieldInfo info = field_info(report, options.generator);
      info.time = field->time;
      staged = core::stage_field(field->field, communicator, directory, info);
    }
  }
  communicator.agree([&] {
    if (communicator.rank() != 0)
      return;
    const std::vector<char> curves = results_image(report, slice);
    staged.push_back(stage(directory / "results.h5", {curves.data(), curves.size()}));
    if (const std::string lags = lag_xdmf(report.datasets); !lags.empty())
      staged.push_back(stage(directory / lag_header_name, lags));
    staged.push_back(stage(directory / "report.md", to_markdown(report)));
    staged.push_back(stage(directory / "run.log", options.log));
    if (!options.input.empty())
      staged.push_back(stage(directory / "input.yaml", options.input));
    core::TemporaryFile last = stage(directory / completion_marker, to_json_text(report));
    std::string sums;
    for (const core::TemporaryFile& file : staged)
      sums += checksum_line(file);
    staged.push_back(stage(directory / core::checksum_file_name, sums + checksum_line(last)));
    staged.push_back(std::move(last));
    switch_result(directory, staged);
  });
}

} // namespace cascade::app
