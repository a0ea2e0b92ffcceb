// Estimators of intrinsic dimension: closed forms, and the benchmark sets.

#include "analysis/dimension/estimators.hpp"
#include "analysis/neighbours/space_blocks.hpp"
#include "solvers/manifold/cloud.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <string>

using namespace cascade;
using analysis::DimensionEstimate;
using analysis::Neighbours;
using core::Communicator;

namespace {

/// Points whose j-th neighbour is at j^(1/d): as many within r as r^d.
Neighbours regular_neighbours(std::int64_t points, std::int64_t k, double d) {
  Neighbours near;
  near.k = k;
  for (std::int64_t i = 0; i < points; ++i)
    for (std::int64_t j = 1; j <= k; ++j) {
      near.distance.push_back(std::pow(static_cast<double>(j), 1 / d));
      near.index.push_back(j);
    }
  return near;
}

std::vector<int> cyclic_parts(std::int64_t points, int count) {
  std::vector<int> parts;
  for (std::int64_t i = 0; i < points; ++i)
    parts.push_back(static_cast<int>(i % count));
  return parts;
}

struct Estimated {
  DimensionEstimate fit, likelihood, mle, correlation;
};

Estimated estimate(const std::string& name, std::int64_t n, std::uint64_t seed) {
  solvers::ManifoldParameters p;
  p.manifold = name;
  p.points = n;
  const Communicator self = Communicator::self();
  const core::PointCloud cloud = solvers::make_cloud(p, seed, {n, 0, 0, false}, self);
  const Neighbours near = analysis::nearest(cloud, cloud, 20, true, self);
  const std::vector<int> parts = analysis::space_blocks(cloud, 5);
  return {analysis::two_nn(near, parts), analysis::two_nn_ml(near, parts), analysis::levina_bickel(near, 20, parts),
          analysis::correlation_dimension(cloud, near, parts, self)};
}

} // namespace

TEST_CASE("ratios that lie on the law give its d exactly", "[dimension]") {
  constexpr std::int64_t n = 400;
  for (const double d : {1.0, 2.5, 10.0}) {
    Neighbours near;
    near.k = 2;
    double sum = 0;
    for (std::int64_t i = 0; i < n; ++i) { // F(mu_i) = (i+1)/n; the last is left out with the largest tenth
      const double rest = i + 1 < n ? 1 - static_cast<double>(i + 1) / n : 0.5 / n;
      near.distance.insert(near.distance.end(), {1.0, std::pow(rest, -1 / d)});
      near.index.insert(near.index.end(), {0, 0});
      sum += -std::log(rest) / d;
    }
    const std::vector<int> parts = cyclic_parts(n, 8);
    CHECK(analysis::two_nn(near, parts).value == Approx(d).epsilon(1e-12));
    CHECK(analysis::two_nn_ml(near, parts).value == Approx((n - 1) / sum).epsilon(1e-12));
    CHECK(analysis::gride(near, 1, parts).value == Approx(n / sum).epsilon(1e-9)); // mu = T_2/T_1: the same likelihood
  }
}

TEST_CASE("Levina and Bickel's sum in closed form", "[dimension]") {
  for (const std::int64_t k : {3, 10, 20}) {
    double logs = 0;
    for (std::int64_t j = 1; j < k; ++j)
      logs += std::log(static_cast<double>(k) / static_cast<double>(j));
    const Neighbours near = regular_neighbours(100, 20, 4);
    const DimensionEstimate e = analysis::levina_bickel(near, k, cyclic_parts(100, 5));
    CHECK(e.value == Approx(4 * static_cast<double>(k - 1) / logs).epsilon(1e-12));
    CHECK(e.standard_error == Approx(0).margin(1e-12));
    CHECK(e.scale == Approx(std::pow(static_cast<double>(k), 0.25)));
  }
  // d(x) = ln 2/ln(T_2k/T_k): exact here
  const auto local = analysis::local_dimension(regular_neighbours(50, 20, 4), 10);
  CHECK(local[0] == Approx(4));
  CHECK(local[2] == Approx(4));
}

TEST_CASE("the likelihood of gride has its maximum where its density says", "[dimension]") {
  // all mu alike, m = 2: 1/d + L/(1 - e^(-dL)) - 3 L = 0, with t = dL: 1/t + 1/(1 - e^-t) = 3, t = .60582
  Neighbours near;
  near.k = 4;
  for (int i = 0; i < 50; ++i) {
    near.distance.insert(near.distance.end(), {0.9, 1.0, 1.5, std::exp(0.3)});
    near.index.insert(near.index.end(), {0, 0, 0, 0});
  }
  double t = 0.6;
  for (int step = 0; step < 50; ++step)
    t -= (1 / t + 1 / (1 - std::exp(-t)) - 3) / (-1 / (t * t) - std::exp(-t) / std::pow(1 - std::exp(-t), 2));
  CHECK(analysis::gride(near, 2, cyclic_parts(50, 5)).value == Approx(t / 0.3).epsilon(1e-9));
}

TEST_CASE("benchmark sets: as another implementation of the same formulas has them", "[dimension][slow]") {
  // scikit-dimension 3752f80, n = 2500, means over five seeds: TwoNN fit, MLE k = 20, correlation integral 10/20
  struct Row {
    const char* name;
    double fit, mle, correlation;
  };
  constexpr Row table[] = {{"M1", 9.40, 8.98, 8.82},      {"M2", 2.90, 2.85, 2.86},      {"M3", 3.78, 3.76, 3.56},
                           {"M4", 3.91, 3.94, 3.75},      {"M6", 5.96, 6.38, 5.95},      {"M8", 13.55, 13.51, 11.42},
                           {"M5a", 1.02, 1.00, 1.00},     {"M5b", 2.02, 2.59, 2.84},     {"M7", 1.97, 1.95, 1.95},
                           {"M9", 15.64, 14.46, 13.59},   {"M10a", 9.06, 8.71, 8.59},    {"M10b", 13.93, 13.22, 12.67},
                           {"M10c", 18.32, 17.15, 16.29}, {"M10d", 40.63, 35.61, 31.61}, {"M11", 2.01, 1.96, 1.97},
                           {"M12", 16.91, 15.48, 12.73},  {"M13a", 1.96, 1.95, 1.94},    {"M13b", 1.00, 1.55, 4.39},
                           {"Mbeta", 6.61, 5.83, 3.52},   {"Mn1", 14.27, 13.56, 12.51},  {"Mn2", 18.31, 16.94, 15.31},
                           {"Mp1", 3.01, 2.85, 2.17},     {"Mp2", 5.37, 4.74, 2.77},     {"Mp3", 7.30, 5.87, 3.08}};
  constexpr int seeds = 3;
  for (const Row& row : table) {
    std::vector<Estimated> all;
    for (std::uint64_t seed = 1; seed <= seeds; ++seed)
      all.push_back(estimate(row.name, 2500, seed));
    const auto check = [&](const char* what, double known, DimensionEstimate Estimated::*which) {
      double mean = 0, error = 0, scatter = 0;
      for (const Estimated& e : all) {
        mean += (e.*which).value / seeds;
        error += (e.*which).standard_error / seeds;
      }
      for (const Estimated& e : all)
        scatter += std::pow((e.*which).value - mean, 2) / (seeds - 1);
      const double of_mean = std::max(error, std::sqrt(scatter)) / std::sqrt(seeds);
      INFO(row.name << ", " << what << ": " << mean << " +- " << of_mean << ", known " << known);
      CHECK(std::abs(mean - known) < std::max(0.15, 3 * of_mean));
    };
    check("TwoNN", row.fit, &Estimated::fit);
    check("MLE", row.mle, &Estimated::mle);
    check("correlation", row.correlation, &Estimated::correlation);
    // chance alone: the jackknife is of the size of d/sqrt(n)
    CHECK(all[0].likelihood.standard_error < 4 * all[0].likelihood.value / 50);
    CHECK(all[0].likelihood.standard_error > 0.25 * all[0].likelihood.value / 50);
  }
}

TEST_CASE("estimates have the same bits at any number of ranks", "[dimension][mpi]") {
  const Communicator world = Communicator::world(), self = Communicator::self();
  solvers::ManifoldParameters p;
  p.manifold = "M8"; // D = 72: by blocks
  const auto run = [&](const Communicator& c) {
    const core::PointCloud cloud = solvers::make_cloud(p, 2, {600, 0, 0, false}, c);
    const Neighbours near = analysis::nearest(cloud, cloud, 20, true, c);
    const auto parts = analysis::space_blocks(cloud, 4);
    return std::vector<double>{analysis::two_nn(near, parts).value, analysis::gride(near, 4, parts).value,
                               analysis::correlation_dimension(cloud, near, parts, c).standard_error};
  };
  CHECK(run(world) == run(self));
}
