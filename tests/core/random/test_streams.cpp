// Streams of random numbers are named where they are used: nothing but this test keeps two of them apart.

#include "support/source_dir.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

namespace {

struct Text {
  std::string file, content;
};

/// Every source of the program; tests may draw from whatever stream they like.
std::vector<Text> program_sources() {
  std::vector<Text> all;
  for (const char* folder : {"src", "solvers", "analysis"})
    for (const auto& entry : std::filesystem::recursive_directory_iterator(cascade::test::source_dir() / folder)) {
      if (entry.path().extension() != ".cpp" && entry.path().extension() != ".hpp")
        continue;
      std::ifstream stream(entry.path());
      std::ostringstream text;
      text << stream.rdbuf();
      const std::regex comments_and_types("//[^\n]*|struct (Stream|DrawPurpose) ");
      all.push_back({entry.path().string(), std::regex_replace(text.str(), comments_and_types, "")});
    }
  return all;
}

/// Files that define a constant of `type`, by its number.
std::map<int, std::vector<std::string>> defined(const std::vector<Text>& sources, const std::string& type) {
  const std::regex definition("\\b" + type + "\\s+\\w+\\s*\\{\\s*(\\d+)\\s*\\}");
  std::map<int, std::vector<std::string>> users;
  for (const Text& t : sources)
    for (auto it = std::sregex_iterator(t.content.begin(), t.content.end(), definition); it != std::sregex_iterator();
         ++it)
      users[std::stoi((*it)[1])].push_back(t.file);
  return users;
}

void check_all_differ(const std::vector<Text>& sources, const std::string& type, std::size_t at_least) {
  const auto users = defined(sources, type);
  CHECK(users.size() >= at_least);
  for (const auto& [number, files] : users) {
    CAPTURE(type, number, files);
    CHECK(files.size() == 1);
  }
}

} // namespace

TEST_CASE("No number is given to two streams, nor to two kinds of draws", "[random]") {
  const auto sources = program_sources();
  check_all_differ(sources, "Stream", 8);
  check_all_differ(sources, "DrawPurpose", 4);
  // A stream without a name, or a number that cannot be read here, would go unseen.
  const std::regex unnamed(R"(\b(Stream|DrawPurpose)(\s*[({]|\s+\w+\s*(=|\(|\{(?!\s*\d+\s*\}))))");
  for (const Text& t : sources) {
    std::smatch found;
    CAPTURE(t.file);
    const bool bad = std::regex_search(t.content, found, unnamed);
    CAPTURE(bad ? found.str() : "");
    CHECK_FALSE(bad);
  }
}

TEST_CASE("Two uses of one number are seen", "[random]") {
  const std::vector<Text> sources = {{"a", "constexpr core::Stream phases{10};"},
                                     {"b", "inline constexpr Stream other{ 10 };"},
                                     {"c", "constexpr DrawPurpose mine{10};"}};
  CHECK(defined(sources, "Stream").at(10) == std::vector<std::string>{"a", "b"});
  CHECK(defined(sources, "DrawPurpose").at(10) == std::vector<std::string>{"c"});
}
