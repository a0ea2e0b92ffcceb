#include "core/ranks/outcome.hpp"

#include <catch2/catch.hpp>

using namespace cascade::core;

TEST_CASE("exceptions become outcomes: the user's errors keep their code, others are internal", "[outcome]") {
  CHECK(attempt([] { return ExitCode::check_failed; }).code == ExitCode::check_failed);
  CHECK(attempt([] { return ExitCode::complete; }).message.empty());
  const Outcome refused = attempt([]() -> ExitCode { throw Error(ExitCode::refused, "there already"); });
  CHECK(refused.code == ExitCode::refused);
  CHECK(refused.message == "there already");
  CHECK(attempt([]() -> ExitCode { throw std::bad_alloc(); }).message.find("out of memory") == 0);
  const Outcome internal = attempt([]() -> ExitCode { throw std::logic_error("odd"); });
  CHECK(internal.code == ExitCode::internal_failure);
  CHECK(internal.message == "internal failure: odd");
}

TEST_CASE("every exit code has a meaning and stays below 126", "[outcome]") {
  for (const ExitCode code :
       {ExitCode::complete, ExitCode::internal_failure, ExitCode::bad_input, ExitCode::refused, ExitCode::io_failure,
        ExitCode::numerical_failure, ExitCode::check_failed, ExitCode::stopped}) {
    CHECK(std::string(meaning(code)) != "unknown");
    CHECK(static_cast<int>(code) < 126);
  }
}

TEST_CASE("one outcome for all ranks: the lowest rank that failed speaks", "[outcome][mpi]") {
  const Communicator guard = Communicator::world();
  const int rank = guard.rank(), last = guard.size() - 1;
  const Outcome fine = settle(guard, {ExitCode::complete, ""});
  CHECK(fine.code == ExitCode::complete);
  CHECK(fine.message.empty());
  // Codes without a message are results, not failures: the largest wins.
  const Outcome judged = settle(guard, {rank == last ? ExitCode::check_failed : ExitCode::complete, ""});
  CHECK(judged.code == ExitCode::check_failed);
  CHECK(judged.message.empty());
  // All ranks failed, each in its own way (with patience: nobody is aborted).
  const Outcome all =
      settle(guard, {rank == 0 ? ExitCode::bad_input : ExitCode::io_failure, "rank " + std::to_string(rank)}, 60);
  CHECK(all.code == ExitCode::bad_input);
  CHECK(all.message == "rank 0");
  // Only the last rank failed; the others had come to the end.
  const Outcome one = settle(guard, rank == last ? Outcome{ExitCode::refused, "no"} : Outcome{}, 60);
  CHECK(one.code == ExitCode::refused);
  CHECK(one.message == "no");
}
