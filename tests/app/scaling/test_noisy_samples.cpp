#include "app/scaling/noisy_samples.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <string>

using namespace cascade;
using namespace cascade::app;

namespace {

Report study_of(std::uint64_t seed) {
  NoisySamplesStudy study;
  study.samples = 2048;
  study.fields = 16;
  study.repeats = 4;
  study.signal_to_noise = {1};
  const std::vector<double> band{0.05, 0.1};
  const auto self = core::Communicator::self();
  core::Progress progress(core::Progress::Style::silent);
  Report report;
  study.run({seed, band, self, progress}, report);
  return report;
}

/// A point of a result's curve.
double at(const Report& report, const std::string& id, double x) {
  const auto r =
      std::find_if(report.results.begin(), report.results.end(), [&](const auto& j) { return j.result.id == id; });
  REQUIRE(r != report.results.end());
  const auto found = std::find(r->result.curve.x.begin(), r->result.curve.x.end(), x);
  REQUIRE(found != r->result.curve.x.end());
  return r->result.curve.y[static_cast<std::size_t>(found - r->result.curve.x.begin())];
}

} // namespace

TEST_CASE("noisy samples: no experiment has the noise of another seed's", "[scaling]") {
  // The scatter of the fits between repeats is the noise's alone: with the same noise, it is the same for any field.
  const double thinned = at(study_of(1), "noisy/variance/exponent_in_samples", 2048);
  for (const std::uint64_t seed : {1, 1001, 2001, 3001}) {
    INFO(seed);
    CHECK(std::abs(thinned / at(study_of(seed), "noisy/variance/exponent_in_pieces", 4) - 1) > 1e-6);
  }
}
