#include "analysis/losses/loss_tables.hpp"

#include "support/source_dir.hpp"

#include <fstream>

namespace cascade::test {

std::string source_file(const std::string& path) {
  std::ifstream stream(cascade::test::source_dir() / path);
  std::ostringstream all;
  all << stream.rdbuf();
  return all.str();
}

} // namespace cascade::test
