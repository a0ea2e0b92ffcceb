// Points with weights.

#include "core/points/point_cloud.hpp"

#include <catch2/catch.hpp>

using namespace cascade;

TEST_CASE("Points at one place become one, with the weight of all") {
  core::PointCloud cloud{2, {0, 1, 2, 3, 0, 1, 4, 5, 0, 1, 2, 3}, {1, 2, 3, 4, 5, 6}, {1, 2, 4, 8, 16, 32}};
  core::PointCloud plain{2, cloud.points, cloud.target};
  CHECK(core::drop_duplicates(cloud) == 3);
  CHECK(cloud.points == std::vector<double>{0, 1, 2, 3, 4, 5});
  CHECK(cloud.target == std::vector<double>{1, 2, 4});
  CHECK(cloud.weights == std::vector<double>{21, 34, 8});
  CHECK(core::drop_duplicates(plain) == 3);
  CHECK(plain.weights.empty());
  CHECK(plain.weight(1) == 1);
  const std::int64_t rows[] = {2, 0};
  CHECK(cloud.subset(rows).weights == std::vector<double>{8, 21});
}
