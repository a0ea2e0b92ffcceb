// Words of others in report.md are never HTML.
#include "app/report/plain_markdown.hpp"
#include "tests/app/sample_report.hpp"

#include <catch2/catch.hpp>

using namespace cascade;
using app::without_tags;

TEST_CASE("what would be HTML is text, and comparisons stay as they are") {
  CHECK(without_tags("a <script>alert(1)</script> b") == "a \\<script>alert(1)\\</script> b");
  CHECK(without_tags("<!-- x --> <?php <http://x>") == "\\<!-- x --> \\<?php \\<http://x>");
  CHECK(without_tags("p < 0.05, x <= y, a<1, <") == "p < 0.05, x <= y, a<1, <");
  CHECK(without_tags("\x1b[31m\n|") == "\\x1b[31m\n|");
  CHECK(without_tags("\\<b>") == "\\\\\\<b>");
}

TEST_CASE("a name in report.md is never a tag") {
  app::Report report = test::sample_report();
  report.run.name = report.verdict = report.run.input_file = "<script>alert(1)</script>";
  report.warnings = {"column '<img src=x>'"};
  report.results.front().result.title = "<b>|";
  const std::string text = app::to_markdown(report);
  for (std::size_t at = 0; (at = text.find('<', at)) != std::string::npos; ++at)
    CHECK((at > 0 && text[at - 1] == '\\'));
}
