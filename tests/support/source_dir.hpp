#pragma once
// Where the checkout is that the tests were compiled from.

#include <filesystem>

namespace cascade::test {

std::filesystem::path source_dir();

} // namespace cascade::test
