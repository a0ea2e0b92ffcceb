#include "app/scaling/table_file.hpp"

#include "core/talk/errors.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace cascade::app {
namespace {

constexpr std::uintmax_t largest_table = std::uintmax_t{1} << 28;

} // namespace

core::MemoryParts text_memory(std::uintmax_t size) {
  constexpr double copies = 2;
  return {{"text of the table", copies * static_cast<double>(size)}};
}

std::string read_table(const std::string& file, const std::string& key, const core::Communicator& communicator,
                       const std::function<void(const core::MemoryParts&)>& require) {
  std::string text;
  communicator.agree([&] {
    if (communicator.rank() != 0)
      return;
    const auto refuse = [&](const std::string& why) {
      throw core::Error(core::ExitCode::bad_input, fmt::format("{}: {}", file, why));
    };
    std::error_code error;
    if (!std::filesystem::exists(file, error))
      refuse(fmt::format("no such file ({} is relative to the folder of the input file)", key));
    if (!std::filesystem::is_regular_file(file, error))
      refuse("is not a regular file");
    if (std::filesystem::file_size(file, error) > largest_table)
      refuse(fmt::format("larger than {} bytes", largest_table));
    require(text_memory(std::filesystem::file_size(file, error)));
    std::ifstream stream(file, std::ios::binary);
    text.assign(std::istreambuf_iterator<char>(stream), {});
    if (!stream || text.empty())
      refuse("cannot be read, or is empty");
  });
  return communicator.broadcast(text, 0);
}

} // namespace cascade::app
