#include "analysis/losses/loss_tables.hpp"

#include <fstream>

namespace cascade::test {

std::string source_file(const std::string& path) {
  std::ifstream stream(std::string(CASCADE_SOURCE_DIR) + "/" + path);
  std::ostringstream all;
  all << stream.rdbuf();
  return all.str();
}

} // namespace cascade::test
