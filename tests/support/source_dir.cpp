#include "support/source_dir.hpp"

namespace cascade::test {

std::filesystem::path source_dir() {
  return CASCADE_SOURCE_DIR;
}

} // namespace cascade::test
