#include "app/scaling/optimum/bare_table.hpp"

#include "analysis/scaling/run_columns.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <filesystem>

namespace cascade::app {

bool is_run_table(const std::string& head, bool asked) {
  return asked ? analysis::has_named_columns(head) : analysis::looks_like_runs(head);
}

std::string note_on_series(const std::string& head) {
  return analysis::has_named_columns(head)
             ? "read as a series: none of its columns has the name of a loss, of a size, of tokens or of compute; "
               "--loss COLUMN makes it a table of training runs; points, a row each, are for `task: learning` with "
               "`data: "
               "{generator: file, path: ...}`"
             : "";
}

std::string input_of_run_table(const std::string& file) {
  const std::string name = nlohmann::json(std::filesystem::path(file).filename().string())
                               .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  return fmt::format("# made for {0}\ntask: scaling_law\nstudy: compute_optimal\ncompute_optimal:\n  file: {0}\n",
                     name);
}

} // namespace cascade::app
