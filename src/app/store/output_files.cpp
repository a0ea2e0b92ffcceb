#include "app/store/output_files.hpp"

#include "app/report/hdf5.hpp"
#include "app/report/slice.hpp"
#include "app/store/output_directory.hpp"
#include "core/files/field_file.hpp"
#include "core/files/safe_file.hpp"
#include "core/talk/build_info.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <optional>
#include <string_view>
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

/// After this no file of an older result is left that the new one does not replace.
void remove_old(const fs::path& directory, const char* name) {
  const fs::path file = directory / name;
  if (::unlink(file.c_str()) != 0 && errno != ENOENT)
    core::throw_system_error("unlink", file, errno);
}

void publish(const fs::path& directory, std::vector<core::TemporaryFile>& staged) {
  remove_old(directory, completion_marker);
  core::sync_directory(directory);
  for (const char* name : result_files) {
    bool replaced = false;
    for (const core::TemporaryFile& file : staged)
      replaced = replaced || file.target().filename() == name;
    if (!replaced)
      remove_old(directory, name);
  }
  for (core::TemporaryFile& file : staged) // report.json is the last of them
    file.publish();
}

core::FieldInfo field_info(const Report& report) {
  const core::BuildInfo build = core::build_info();
  core::FieldInfo info;
  info.generator = report.run.name;
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
  std::optional<Slice> slice;
  std::vector<core::TemporaryFile> staged;
  if (field != nullptr) {
    slice = field_slice(*field, communicator);
    if (options.write_field) {
      core::FieldInfo info = field_info(report);
      info.time = field->time;
      staged = core::stage_field(field->field, communicator, directory, info);
    }
  }
  communicator.agree([&] {
    if (communicator.rank() != 0)
      return;
    const std::vector<char> curves = results_image(report, slice);
    staged.push_back(stage(directory / "results.h5", {curves.data(), curves.size()}));
    staged.push_back(stage(directory / "report.md", to_markdown(report)));
    staged.push_back(stage(directory / "run.log", options.log));
    staged.push_back(stage(directory / completion_marker, to_json_text(report)));
    publish(directory, staged);
  });
}

} // namespace cascade::app
