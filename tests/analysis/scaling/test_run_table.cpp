// Reading a table of runs: names, numbers as people write them, refusals.

#include "core/talk/errors.hpp"
#include "tests/analysis/scaling/run_tables.hpp"

#include <catch2/catch.hpp>

using namespace cascade;
using namespace cascade::analysis;

namespace {

RunTable read(const std::string& text, const RunColumns& asked = {}, RunReading reading = {}) {
  TableComplaints complaints{"t.csv", {}};
  const TextTable cells = read_text_table(text, complaints);
  reading.columns = guess_columns(cells, asked, complaints).columns;
  complaints.throw_if_any();
  return read_run_table("t.csv", cells, reading);
}

std::string refusal(const std::string& text, const RunReading& reading = {}) {
  try {
    read(text, {}, reading);
  } catch (const core::Error& error) {
    CHECK(error.code() == core::ExitCode::bad_input);
    return error.what();
  }
  return "";
}

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

} // namespace

TEST_CASE("run table: numbers as people write them", "[run_table]") {
  CHECK(written_number("1.4B")->value == 1.4e9);
  CHECK(written_number("300M")->value == 3e8);
  CHECK(written_number("2.5e9")->value == 2.5e9);
  CHECK(written_number("1,400,000")->value == 1.4e6);
  CHECK(written_number("12 k")->value == 12e3);
  CHECK(written_number("5%")->percent);
  for (const char* bad : {"", "abc", "1,40,000", "B", "1.4X", "1e", "nan"})
    CHECK_FALSE(written_number(bad));
}

TEST_CASE("run table: columns by their names", "[run_table]") {
  const RunTable a = read("Model Size,Training FLOP,train_loss,val loss\n1B,6e19,9,3\n2B,6e19,9,2.9\n");
  CHECK(a.columns[RunRole::loss] == "val loss");
  CHECK(a.params[0] == 1e9);
  CHECK(a.tokens[0] == Approx(1e10));
  CHECK(a.compute[0] == 6e19); // "training flop" is no gigaflop
  CHECK(read("n,d,total_gflops,loss\n1e9,1e10,6e10,3\n1e9,2e10,12e10,2.9\n").compute[0] == 6e19);
  const RunTable gadre = test::runs("gadre2024_openlm_losses.csv");
  CHECK(gadre.columns[RunRole::loss] == "loss_c4_val");
  CHECK(gadre.columns[RunRole::params] == "params");
  CHECK(gadre.columns[RunRole::group] == "dataset");
  const RunTable repeated = test::runs("muennighoff2023_datablations.csv");
  CHECK(repeated.columns[RunRole::unique] == "unique_tokens");
}

TEST_CASE("run table: what cannot be right is refused", "[run_table]") {
  const std::string head = "params,tokens,loss\n1e9,1e10,3\n";
  CHECK(holds(refusal("params,tokens,quality\n1,2,3\n"), "params, tokens, quality"));
  CHECK(holds(refusal("n,params,loss\n1e9,2e9,3\n1e9,3e9,3\n"), "n, params"));
  CHECK(holds(refusal(head + "1.4B,1e10,3\n300,1e10,3\n"), "mixed units"));
  CHECK(holds(refusal(head + "1e9,1e10,35%\n"), "percentage"));
  CHECK(holds(refusal(head + "1e9,1e10,\"2,351\"\n"), "comma"));
  CHECK(holds(refusal(head + "1e9,-1,2\n"), "not above zero"));
  CHECK(holds(refusal("a,loss\n1,2\n2,3\n"), "resource"));
  const std::string decays = "params,tokens,cosine_tokens,loss\n1e9,1e10,1e10,3\n1e9,5e9,1e10,3.2\n";
  CHECK(holds(refusal(decays), "before the end of their decay"));
  RunReading told;
  told.allow_unfinished = true;
  CHECK(refusal(decays, told).empty());
}

TEST_CASE("run table: seeds and copies", "[run_table]") {
  const RunTable all = test::runs("muennighoff2023_datablations.csv");
  CHECK(repeated_runs(all).places == 17);
  CHECK(repeated_runs(all).sd == Approx(0.0069634).margin(1e-6)); // one of them has a seed that went wrong
  const RepeatedRuns seeds = repeated_runs(
      test::rows_where(all, [&](std::size_t i) { return all.unique[i] != 1.9e9 || all.tokens[i] != 8.4e10; }));
  CHECK(seeds.places == 16);
  CHECK(seeds.sd == Approx(0.0038015).margin(1e-6));
  CHECK(read("n,d,loss\n1e9,1e10,3\n1e9,1e10,3\n1e9,2e10,2.9\n").repeated == std::vector<int>{3});
}
