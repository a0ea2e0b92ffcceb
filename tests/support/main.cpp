// The main of every test executable: MPI, floating-point traps, fixed order and seed, one voice.
//
// On several ranks only rank 0 prints Catch's report; a failure on any other rank is printed there and then, with its
// rank, so that it is seen even when the ranks part company and the test ends by its time limit.

#define CATCH_CONFIG_RUNNER
#define CATCH_CONFIG_NOSTDOUT
#include "core/ranks/communicator.hpp"
#include "support/fp_traps.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <iostream>
#include <streambuf>

namespace {

int this_rank = 0; // Catch's hooks below are free functions and listeners made by Catch: they can be told no other way

std::ostream& silence() {
  struct Nothing : std::streambuf {
    int overflow(int c) override { return c; }
  };
  static Nothing buffer;
  static std::ostream stream(&buffer);
  return stream;
}

/// Speaks for the ranks whose report is silenced.
struct OtherRanks : Catch::TestEventListenerBase {
  using TestEventListenerBase::TestEventListenerBase;

  void testCaseStarting(const Catch::TestCaseInfo& info) override { name_ = info.name; }

  bool assertionEnded(const Catch::AssertionStats& stats) override {
    const Catch::AssertionResult& result = stats.assertionResult;
    if (this_rank > 0 && !result.isOk()) {
      std::cerr << "[rank " << this_rank << "] " << name_ << "\n  " << result.getSourceInfo()
                << ": FAILED: " << result.getExpression() << "  with  " << result.getExpandedExpression() << " "
                << result.getMessage() << std::endl;
    }
    return false; // keep no copies
  }

private:
  std::string name_;
};
CATCH_REGISTER_LISTENER(OtherRanks)

} // namespace

namespace Catch {
std::ostream& cout() {
  return this_rank == 0 ? std::cout : silence();
}
std::ostream& cerr() {
  return this_rank == 0 ? std::cerr : silence();
}
std::ostream& clog() {
  return this_rank == 0 ? std::clog : silence();
}
} // namespace Catch

int main(int argc, char** argv) {
  const cascade::core::Environment environment(argc, argv);
  const auto world = cascade::core::Communicator::world();
  this_rank = world.rank();

  Catch::Session session;
  session.configData().rngSeed = 1;
  session.configData().runOrder = Catch::RunTests::InDeclarationOrder;
  if (world.size() > 1)
    session.configData().useColour = Catch::UseColour::No; // a launcher's pseudo-terminal looks like a terminal
  if (const int bad_usage = session.applyCommandLine(argc, argv))
    return bad_usage;

  int failures = 0;
  {
    const cascade::test::FpTrapsOn traps;
    failures = session.run();
  }
  std::array<std::int64_t, 1> worst{failures};
  world.max(worst); // one rank's failure is everybody's
  if (failures == 0 && worst[0] != 0)
    Catch::cout() << "FAILED: passed on this rank, not on every rank\n";
  return worst[0] == 0 ? 0 : 1;
}
