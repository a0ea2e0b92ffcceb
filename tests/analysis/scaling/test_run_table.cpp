// Reading a table of runs: names, numbers as people write them, refusals.

#include "analysis/scaling/column_unit.hpp"
#include "core/talk/errors.hpp"
#include "tests/analysis/scaling/run_tables.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <algorithm>

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

TEST_CASE("run table: remarks in another script, and words that runs may differ in", "[run_table]") {
  const RunTable t = read("N (\u53c2\u6570),D\uff08\u6807\u8bb0\uff09,loss\n1e9,2e10,3\n2e9,2e10,2.9\n");
  CHECK(t.columns[RunRole::params] == "N (\u53c2\u6570)");
  CHECK(t.columns[RunRole::tokens] == "D\uff08\u6807\u8bb0\uff09");
  CHECK(read("params,tokens,lr_schedule,loss\n1e9,1e10,wsd,3\n2e9,1e10,wsd,3\n1e9,1e10,cosine,3\n")
            .columns[RunRole::group] == "lr_schedule");
  TableComplaints complaints{"t.csv", {}};
  const TextTable words =
      read_text_table("params,tokens,kind,loss\n1e9,1e10,a,3\n2e9,1e10,a,3\n1e9,2e10,b,3\n", complaints);
  const std::vector<std::string> notes = guess_columns(words, {}, complaints).notes;
  CHECK(std::any_of(notes.begin(), notes.end(), [](const std::string& note) {
    return holds(note, "columns of words that are not used: kind") && holds(note, "--group");
  }));
}

TEST_CASE("run table: units in the names of columns", "[run_table]") {
  const auto factor = [](const std::string& name) { return unit_of_column(name).factor; };
  CHECK(unit_of_column("model size (B)").base == "model size");
  for (const char* billions : {"model size (B)", "tokens_B", "tokens [billions]", "params in billions", "n_params_bn",
                               "total GFLOPs", "totalgflops", "FLOPs (1e9)", "flops (x10^9)"})
    CHECK(factor(billions) == 1e9);
  CHECK(factor("FLOPs (1e18)") == 1e18);
  CHECK(factor("train EFLOPs") == 1e18);
  CHECK(factor("compute (PF-days)") == 8.64e19);
  CHECK(factor("compute (petaflop/s-days)") == 8.64e19);
  for (const char* none : {"training_flops", "n", "n_t", "params (trainable)", "loss (nats)", "tokens", "d_model", ""})
    CHECK(factor(none) == 1);
  const RunTable t = read("Params (M),Tokens (billions),FLOPs (1e18),Final val loss (nats)\n"
                          "500,10,30,3\n1000,10,60,2.9\n1.4B,10,84,2.8\n");
  CHECK(t.params == std::vector<double>{5e8, 1e9, 1.4e9}); // a cell with a suffix has its own unit
  CHECK(t.tokens[0] == 1e10);
  CHECK(t.compute[1] == 6e19);
  CHECK(t.columns[RunRole::loss] == "Final val loss (nats)");
  CHECK(holds(refusal("params (M),tokens,loss\n5e8,1e10,3\n1e9,1e10,2.9\n"), "are they written whole?"));
}

TEST_CASE("run table: names of other people", "[run_table]") {
  const RunTable wandb = read("Name,train/loss,eval/loss,n_params,tokens_seen,_step,train/tokens_per_second\n"
                              "a,2.8,3,1e9,1e10,1,5e5\nb,2.7,2.9,2e9,1e10,2,6e5\n");
  CHECK(wandb.columns[RunRole::loss] == "eval/loss");
  CHECK(wandb.columns[RunRole::tokens] == "tokens_seen");
  CHECK(read("params,tokens,eval/nll\n1e9,1e10,3\n1e9,2e10,2.9\n").columns[RunRole::loss] == "eval/nll");
  const RunTable sd = read("params,tokens,val_loss_std,val_loss,aux_loss\n1e9,1e10,.01,3,1\n1e9,2e10,.01,2.9,2\n");
  CHECK(sd.columns[RunRole::loss] == "val_loss");
  CHECK(sd.columns[RunRole::sd] == "val_loss_std");
  CHECK(read("total_params,active_params,tokens,loss\n4e9,1e9,1e10,3\n8e9,2e9,1e10,2.9\n").params[0] == 1e9);
  // a name for each size makes no groups; a name that sizes share does
  CHECK(read("Model,params,tokens,loss\ns,1e9,1e10,3\ns,1e9,2e10,2.9\nl,2e9,1e10,2.9\nl,2e9,2e10,2.8\n").group.empty());
  CHECK(read("model,params,tokens,loss\nx,1e9,1e10,3\nx,2e9,2e10,2.9\ny,1e9,1e10,2.9\ny,2e9,2e10,2.8\n").group.size() ==
        4);
  TableComplaints none{"t.csv", {}};
  const ColumnGuess guess =
      guess_columns(read_text_table("params,lr,step,loss,mystery\n1e9,1,1,3,7\n2e9,2,2,2.9,8\n", none), {}, none);
  const std::string notes = fmt::format("{}", fmt::join(guess.notes, "\n"));
  CHECK(holds(notes, "the law is one of N alone"));
  CHECK(holds(notes, "not used: lr, step, mystery"));
  CHECK(holds(notes, "--run"));
}

TEST_CASE("run table: titles above the header are passed over", "[run_table]") {
  for (const char* titles :
       {"Scaling study 2025\n(all runs)\n", "Scaling study 2025,,\n,,\nall,,\n", "# ours\n\nA title\n"}) {
    const RunTable t = read(titles + std::string("params,tokens,loss\n1e9,1e10,3\n1e9,2e10,2.9\n"));
    CHECK(t.size() == 2);
  }
  TableComplaints complaints{"t.csv", {}};
  for (const char* none : {",n,loss\n0,1,2\n", "a,b\n1,2\nx,y\n3,4\n", "1 2\n3 4\n", "a b c\n1 2 3\n", "only\n1\n"})
    CHECK(read_text_table(none, complaints).titles == 0);
}

TEST_CASE("run table: a mistake in every row is said once", "[run_table]") {
  std::string comma = "params;tokens;loss\n", points = comma, percent = "params,tokens,loss\n";
  for (int i = 0; i < 30; ++i) {
    comma += fmt::format("1e9;{}e10;3,{:02}\n", i + 1, i);
    points += fmt::format("{}.000.000;1e10;3\n", i + 1);
    percent += fmt::format("1e9,{}e10,{}%\n", i + 1, i + 1);
  }
  for (const auto& [text, said] : {std::pair(comma, "decimal comma"), std::pair(points, "points for separators"),
                                   std::pair(percent, "percentage")}) {
    const std::string all = refusal(text);
    CHECK(holds(all, said));
    CHECK(holds(all, "29 more such cells"));
    CHECK(std::count(all.begin(), all.end(), '\n') == 0);
  }
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
  CHECK(holds(refusal("params,tokens,loss\n0.04,1.2,3\n7,140,2\n"), "in millions or billions?"));
  CHECK(holds(refusal("params,tokens,flops,loss\n1e9,1e10,60,3\n2e9,1e10,120,2\n"), "is it FLOP?"));
  const std::string decays = "params,tokens,cosine_tokens,loss\n1e9,1e10,1e10,3\n1e9,5e9,1e10,3.2\n";
  CHECK(holds(refusal(decays), "before the end of their decay"));
  RunReading told;
  told.allow_unfinished = true;
  CHECK(refusal(decays, told).empty());
  CHECK(holds(refusal(decays), "--set compute_optimal.allow_unfinished=true"));
  const std::string checkpoints = "params,tokens,step,max_steps,loss\n1e9,1e10,100,100,3\n1e9,5e9,50,100,3.2\n";
  CHECK(holds(refusal(checkpoints), "1 of 2 rows stop before the end of their decay (max_steps)"));
  // finished runs of two batch sizes, and a length in steps without steps done, which says nothing of tokens
  CHECK(refusal("params,tokens,step,max_steps,loss\n1e9,1e10,100,100,3\n1e9,1e10,50,50,3.2\n").empty());
  CHECK(refusal("params,tokens,max_steps,loss\n1e9,1e10,100,3\n1e9,1e10,50,3.2\n").empty());
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
