#include "analysis/losses/loss_table.hpp"
#include "core/talk/errors.hpp"

#include <catch2/catch.hpp>

using namespace cascade;
using analysis::LossColumns;
using analysis::read_loss_table;

namespace {

std::string refusal(const std::string& text, const LossColumns& columns) {
  try {
    read_loss_table("t.csv", text, columns);
  } catch (const core::Error& error) {
    CHECK(error.code() == core::ExitCode::bad_input);
    return error.what();
  }
  return "";
}

const LossColumns plain{"loss", "n", "", false, {}, 0};

} // namespace

TEST_CASE("loss table: quotes, CRLF, byte-order mark, filters, outliers") {
  const std::string text =
      "\xef\xbb\xbfname,n,c,loss\r\n\"a, b\",10,600,3.5\r\n\"say \"\"x\"\"\",20,1200,3\r\nz,30,x,nan\r\ny,40,2400,2.5";
  LossColumns columns{"loss", "n", "c", true, {{"n", {}, {}, {}}}, 0};
  columns.filters = {{"name", "z", {}, {}}};
  CHECK(refusal(text, columns).find("t.csv:4: loss: 'nan'") != std::string::npos);
  columns.filters = {{"n", {}, {}, 25.0}};
  const auto table = read_loss_table("t.csv", text, columns);
  CHECK(table.x == std::vector<double>{10, 20});
  CHECK(table.z == std::vector<double>{10, 10}); // C/(6 N)
  CHECK(table.loss == std::vector<double>{3.5, 3});
  CHECK(table.line == std::vector<int>{2, 3});
  columns.drop_highest = 1;
  CHECK(read_loss_table("t.csv", text, columns).loss == std::vector<double>{3});
  columns.filters = {{"n", "1e1", {}, {}}}; // numbers compare as numbers
  columns.drop_highest = 0;
  CHECK(read_loss_table("t.csv", text, columns).size() == 1);
}

TEST_CASE("loss table: a cut between rows of one loss is said") {
  const std::vector<double> loss{3, 2, 3, 4, 3, 1};
  CHECK(lower_rows(loss, 0).kept.size() == 6);
  CHECK(lower_rows(loss, 1).kept == std::vector<std::size_t>{0, 1, 2, 4, 5});
  CHECK(lower_rows(loss, 1).cut.empty());
  for (const int count : {2, 3}) {
    CHECK(lower_rows(loss, count).left_out == count);
    CHECK(lower_rows(loss, count).cut.find("some of 3 rows of one loss, 3,") != std::string::npos);
  }
  CHECK(lower_rows(loss, 3).kept == std::vector<std::size_t>{0, 1, 5}); // those further down go first
  CHECK(lower_rows(loss, 4).cut.empty());
  CHECK(lower_rows(loss, 9).kept.empty());
}

TEST_CASE("loss table: what is refused, and where") {
  CHECK(refusal("", plain).find("t.csv:1: empty") != std::string::npos);
  CHECK(refusal("n,los\n1,2\n", plain).find("t.csv:1: no column 'loss'; there are: n, los") != std::string::npos);
  CHECK(refusal("n,loss,loss\n1,2,3\n", plain).find("stands 2 times") != std::string::npos);
  CHECK(refusal("n,loss\n1,2\n2,abc\n", plain).find("t.csv:3: loss: 'abc' is not a finite number") !=
        std::string::npos);
  CHECK(refusal("n,loss\n1,\n", plain).find("t.csv:2: loss: an empty cell") != std::string::npos);
  CHECK(refusal("n,loss\n1,inf\n", plain).find("t.csv:2: loss: 'inf'") != std::string::npos);
  CHECK(refusal("n,loss\n1,-2\n", plain).find("t.csv:2: loss: -2 is not above zero") != std::string::npos);
  CHECK(refusal("n,loss\n0,2\n", plain).find("t.csv:2: n: 0 is not above zero") != std::string::npos);
  CHECK(refusal("n,loss\n1,2,3\n", plain).find("t.csv:2: 3 cells, the header has 2") != std::string::npos);
  CHECK(refusal("n,loss\n1,\"2\n", plain).find("t.csv:2: a quote is opened") != std::string::npos);
  const std::string both = refusal("n,loss\nx,2\n1,y\n", plain); // all problems at once
  CHECK(both.find("t.csv:2: n") != std::string::npos);
  CHECK(both.find("t.csv:3: loss") != std::string::npos);
}

TEST_CASE("loss table: separators, comments, line ends, odd numbers") {
  const std::vector<double> x{1e25, 2.5e-3}, loss{3, 2};
  for (const std::string& text :
       {std::string("n,loss\n1e25,3\n2.5e-3,2\n"), std::string("n;loss\n1e25;3\n2.5e-3;2\n"),
        std::string("n\tloss\n1e25\t3\n2.5e-3\t2\n"), std::string("n,loss\r1e25,3\r2.5e-3,2"),
        std::string("# by hand, 2; 3\n\n n , loss\n#half way\n 1E+25 , +3\n\n\"2.5e-3\" ,2\n\n"),
        std::string("\"a, b\";n;loss\r\n;1e25;3\r\n\"x;y\";0.0025; \"2\" \r\n")}) {
    const auto table = read_loss_table("t.csv", text, plain);
    CHECK(table.x == x);
    CHECK(table.loss == loss);
  }
  CHECK(read_loss_table("t.csv", "# one\n# two\nn,loss\n\n1,2\n", plain).line == std::vector<int>{5});
  CHECK(refusal("n,loss\n1,\"2\"5\n", plain).find("t.csv:2: text behind the closing quote of '2'") !=
        std::string::npos);
  CHECK(refusal(std::string("n\0,\0", 4), plain).find("not plain text") != std::string::npos);
  CHECK(refusal("n;loss\n1;2,5\n", plain).find("t.csv:2: loss: '2,5' is not a finite number") != std::string::npos);
  CHECK(refusal("n,loss\n1e400,+-2\n", plain).find("t.csv:2: n: '1e400'") != std::string::npos);
  CHECK(refusal("n,loss\n1,+-2\n", plain).find("t.csv:2: loss: '+-2'") != std::string::npos);
  CHECK(refusal("# nothing\n", plain).find("t.csv:1: empty") != std::string::npos);
}
