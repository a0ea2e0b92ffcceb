#include "core/talk/progress.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <sstream>

using namespace cascade::core;

namespace {

/// A clock the test turns by hand.
struct Clock {
  double now = 100;
  Progress::Clock read() {
    return [this] { return now; };
  }
};

} // namespace

TEST_CASE("lines: one when a stage ends, one per interval in between, with the time left", "[progress]") {
  std::ostringstream out;
  Clock clock;
  Progress progress(Progress::Style::lines, out, clock.read(), 10);
  {
    auto stage = progress.begin("fill", 100);
    for (int i = 0; i < 40; ++i) { // 40 units in 40 s
      clock.now += 1;
      stage.advance(1);
    }
    CHECK(out.str().find("fill") != std::string::npos);
    const std::string text = out.str();
    CHECK(std::count(text.begin(), text.end(), '\n') == 4);
    CHECK(out.str().find("40% after 40 s, about 1 min 00 s left") != std::string::npos); // 60 units at 1 unit/s
  }
  REQUIRE(progress.timing().size() == 1);
  CHECK(progress.timing()[0].first == "fill");
  CHECK(progress.timing()[0].second == Approx(40));
  CHECK(out.str().find('\r') == std::string::npos);
  CHECK(out.str().find('\x1b') == std::string::npos);
}

TEST_CASE("a bar redraws itself, is cleared before text, and shows the part done", "[progress]") {
  std::ostringstream out;
  Clock clock;
  Progress progress(Progress::Style::bar, out, clock.read());
  auto stage = progress.begin("spectrum", 4);
  clock.now += 1;
  stage.advance(2);
  CHECK(out.str().find("[###############...............]  50%  1.0 s left") != std::string::npos);
  const std::size_t before = out.str().size();
  clock.now += 0.01; // too soon for the eye
  stage.advance(1);
  CHECK(out.str().size() == before);
  progress.message("hello");
  CHECK(out.str().substr(before) == "\r\x1b[Khello\n");
  stage.finish();
  stage.finish(); // a second end says nothing
  CHECK(progress.timing().size() == 1);
}

TEST_CASE("silent progress prints nothing but keeps time and log", "[progress]") {
  std::ostringstream out;
  Clock clock;
  Progress progress(Progress::Style::silent, out, clock.read());
  for (int i = 0; i < 2; ++i) {
    auto stage = progress.begin("fits", 1);
    clock.now += 2;
    stage.advance();
  }
  CHECK(out.str().empty());
  REQUIRE(progress.timing().size() == 1); // the same name twice is summed
  CHECK(progress.timing()[0].second == Approx(4));
  CHECK(progress.log().find("fits") != std::string::npos);
}

TEST_CASE("a stage repeated for every realisation does not flood the log", "[progress]") {
  std::ostringstream out;
  Clock clock;
  Progress progress(Progress::Style::lines, out, clock.read(), 10);
  for (int i = 0; i < 45; ++i) { // 45 s in all
    auto stage = progress.begin("field", 1);
    clock.now += 1;
    stage.advance();
  }
  const std::string text = out.str();
  CHECK(std::count(text.begin(), text.end(), '\n') == 5); // the first, then one every 10 s
  CHECK(progress.timing()[0].second == Approx(45));
}

TEST_CASE("a stage that outlives the beginning of the next neither counts nor ends it", "[progress]") {
  std::ostringstream out;
  Clock clock;
  Progress progress(Progress::Style::silent, out, clock.read());
  auto first = progress.begin("one", 10);
  clock.now += 1;
  auto second = progress.begin("two", 10);
  clock.now += 5;
  first.advance(10);
  first.finish();
  clock.now += 5;
  second.finish();
  REQUIRE(progress.timing().size() == 2);
  CHECK(progress.timing()[0].second == Approx(1));
  CHECK(progress.timing()[1].second == Approx(10));
}

TEST_CASE("durations read like a person's", "[progress]") {
  CHECK(format_duration(0.31) == "0.3 s");
  CHECK(format_duration(12.4) == "12 s");
  CHECK(format_duration(59.7) == "1 min 00 s");
  CHECK(format_duration(185) == "3 min 05 s");
  CHECK(format_duration(7620) == "2 h 07 min");
}

TEST_CASE("a bar stays within the terminal, whatever is left to be said", "[progress]") {
  for (const int columns : {20, 40, 60, 80, 200}) {
    std::ostringstream out;
    Clock clock;
    Progress progress(Progress::Style::bar, out, clock.read(), 10, columns);
    auto stage = progress.begin("a stage of a name that is longer than any other", 1000);
    clock.now += 100;
    stage.advance(25);
    const std::string text = out.str();
    const std::string last = text.substr(text.rfind("\x1b[K") + 3);
    CHECK(last.find("1 h 05 min left") != std::string::npos);
    CHECK(static_cast<int>(last.size()) < columns + (columns == 20 ? 20 : 0)); // the time left is said in any case
    CHECK((last.find('[') != std::string::npos) == (columns >= 60));
  }
}
