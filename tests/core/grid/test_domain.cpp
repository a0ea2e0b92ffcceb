#include "core/grid/domain.hpp"
#include "core/grid/field.hpp"
#include "core/talk/errors.hpp"

#include <catch2/catch.hpp>

#include <vector>

using namespace cascade::core;

TEST_CASE("The domain refuses what cannot be counted") {
  CHECK_THROWS_AS(Domain(4, 8), Error);
  CHECK_THROWS_AS(Domain(0, 8), Error);
  CHECK_THROWS_AS(Domain(2, 0), Error);
  CHECK_THROWS_AS(Domain(3, Index{1} << 21), Error); // 2^63 points
  CHECK_THROWS_AS(Domain(2, Index{1} << 32), Error);
  CHECK(Domain(3, 4096).total_points() == Index{1} << 36);
}

TEST_CASE("Shapes and wavenumbers") {
  const Domain d(2, 6);
  CHECK(d.shape() == Index3{1, 6, 6});
  CHECK(d.spectral_shape() == Index3{1, 6, 4});
  CHECK(d.first_axis() == 1);
  std::vector<Index> k;
  for (Index i = 0; i < 6; ++i)
    k.push_back(d.wavenumber(i));
  CHECK(k == std::vector<Index>{0, 1, 2, 3, -2, -1});
}

TEST_CASE("Ranges split everything, evenly") {
  for (const Index n : {0, 1, 5, 16, 97})
    for (const Index parts : {1, 2, 3, 7, 20}) {
      Index next = 0;
      for (Index p = 0; p < parts; ++p) {
        const Range r = split_range(n, parts, p);
        CHECK(r.begin == next);
        for (Index i = r.begin; i < r.end; ++i)
          CHECK(part_of(n, parts, i) == p);
        CHECK((r.end - r.begin == n / parts || r.end - r.begin == n / parts + 1));
        next = r.end;
      }
      CHECK(next == n);
    }
}

TEST_CASE("The boxes of all ranks tile real and spectral space") {
  for (const int dimensions : {1, 2, 3})
    for (const Index n : {1, 4, 6, 7})
      for (const int ranks : {1, 2, 3, 5, 8, 16, 30}) {
        const Domain domain(dimensions, n);
        const Decomposition d(domain, ranks);
        CHECK(d.ranks() == ranks);
        Index real = 0, spectral = 0;
        for (int r = 0; r < ranks; ++r) {
          real += d.real_box(r).size();
          spectral += d.spectral_box(r).size();
          for (int s = 0; s < r; ++s) {
            CHECK(d.real_box(r).intersect(d.real_box(s)).empty());
            CHECK(d.spectral_box(r).intersect(d.spectral_box(s)).empty());
          }
          CHECK((d.real_box(r).empty() || d.real_box(r).extent(2) == n));
        }
        CHECK(real == domain.total_points());
        const Index3 s = domain.spectral_shape();
        CHECK(spectral == s[0] * s[1] * s[2]);
      }
}

TEST_CASE("Slabs up to as many ranks as planes, pencils beyond") {
  CHECK(Decomposition(Domain(3, 16), 16).columns() == 1);
  const Decomposition pencils(Domain(3, 16), 64);
  CHECK(pencils.columns() > 1);
  for (int r = 0; r < 64; ++r)
    CHECK_FALSE(pencils.real_box(r).empty());
}

TEST_CASE("Fields hold their box, one component after the other") {
  const Decomposition d(Domain(3, 6), 4);
  RealField f(d, 3, 2);
  for (int c = 0; c < 2; ++c)
    for (std::size_t i = 0; i < f.component(c).size(); ++i)
      f.component(c)[i] = 1000.0 * c + static_cast<double>(i);
  CHECK(f.component(0).size() == static_cast<std::size_t>(d.real_box(3).size()));
  CHECK(f.line(1, 0, 2)[3] == 1000.0 + 2 * 6 + 3);
  CHECK(reinterpret_cast<std::uintptr_t>(f.component(0).data()) % 64 == 0);
  const RealField copy = f.clone();
  CHECK(copy.component(1).data() != f.component(1).data());
  CHECK(std::equal(copy.component(1).begin(), copy.component(1).end(), f.component(1).begin()));
  const SpectralField s(d, 0, 3);
  CHECK(s.component(2).size() == static_cast<std::size_t>(d.spectral_box(0).size()));
}
