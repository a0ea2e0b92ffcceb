#include "core/grid/domain.hpp"
#include "core/grid/field.hpp"
#include "core/talk/errors.hpp"

#include <catch2/catch.hpp>

#include <limits>
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
    k.push_back(d.wavenumber(2, i));
  CHECK(k == std::vector<Index>{0, 1, 2, 3, -2, -1});
  CHECK(Domain(3, 7).wavenumber(0, 3) == 3);
  CHECK(Domain(3, 7).wavenumber(0, 4) == -3);
}

TEST_CASE("A box has points, length and periodicity of each axis") {
  const Domain d(Axes{{20, 1.0, false}, {18, 0.5}});
  CHECK(d.dimensions() == 2);
  CHECK(d.shape() == Index3{1, 20, 18});
  CHECK(d.spectral_shape() == Index3{1, 20, 10});
  CHECK(d.total_points() == 360);
  CHECK(d.spacing(1) == 0.05);
  CHECK(d.longest() == 1.0);
  CHECK(d.length(0) == 1.0); // not there: one point that is its own neighbour
  CHECK(d.periodic(0));
  CHECK_FALSE(d.periodic(1));
  CHECK(d.periodic(2));
  CHECK(d.wavenumber(1, 11) == -9);
  CHECK_FALSE(d.cube());
  CHECK(Domain(3, 8) == Domain(Axes{{8}, {8, 1.0}, {8, 1.0, true}}));
  CHECK(Domain(3, 8) != Domain(Axes{{8}, {8, 2.0}, {8}}));
  CHECK(Domain(3, 8).cube());
  CHECK(Domain(1, 8).spacing() == 0.125);
}

TEST_CASE("What needs a cube or a periodic box names the axis that is none") {
  const Domain channel(Axes{{64, 4.0}, {32, 2.0, false}, {32, 2.0}});
  CHECK_THROWS_WITH(channel.points(), Catch::Contains("axis z has 64 points on a length of 4, axis x 32 on 2"));
  CHECK_THROWS_WITH(channel.spacing(), Catch::Contains("axis z"));
  CHECK_THROWS_WITH(channel.require_cube("a tree"), Catch::StartsWith("a tree needs a cube"));
  CHECK_THROWS_WITH(channel.require_periodic("a spectrum"), Catch::Contains("axis y is not periodic"));
  CHECK_THROWS_WITH(Domain(Axes{{8}, {8, 2.0}}).points(), Catch::Contains("axis y has 8 points on a length of 1"));
  CHECK_NOTHROW(Domain(Axes{{8, 2.0}, {8, 2.0}}).require_cube("a tree"));
  try {
    channel.require_periodic("a spectrum");
  } catch (const Error& error) {
    CHECK(error.code() == ExitCode::bad_input);
  }
  CHECK_THROWS_WITH(Domain(Axes{{8}, {0}}), Catch::Contains("axis x"));
  CHECK_THROWS_WITH(Domain(Axes{{8, -1.0}, {4}}), Catch::Contains("length of axis y must be positive"));
  CHECK_THROWS_AS(Domain(Axes{{8, std::numeric_limits<double>::infinity()}}), Error);
  CHECK_THROWS_AS(Domain(Axes{}), Error);
  CHECK_THROWS_AS(Domain(Axes(4, GridAxis{2})), Error);
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
  std::vector<Domain> domains{Domain(Axes{{24}, {20}, {18}}), Domain(Axes{{7}, {5}, {3}}), Domain(Axes{{2}, {31}, {4}}),
                              Domain(Axes{{31}, {2}, {4}}),   Domain(Axes{{31}, {29}}),    Domain(Axes{{3}, {64}})};
  for (const int dimensions : {1, 2, 3})
    for (const Index n : {1, 4, 6, 7})
      domains.emplace_back(dimensions, n);
  for (const Domain& domain : domains)
    for (const int ranks : {1, 2, 3, 5, 8, 16, 30}) {
      const Decomposition d(domain, ranks);
      CHECK(d.ranks() == ranks);
      Index real = 0, spectral = 0;
      for (int r = 0; r < ranks; ++r) {
        const Box box = d.real_box(r);
        real += box.size();
        spectral += d.spectral_box(r).size();
        for (int s = 0; s < r; ++s) {
          CHECK(box.intersect(d.real_box(s)).empty());
          CHECK(d.spectral_box(r).intersect(d.spectral_box(s)).empty());
        }
        CHECK((box.empty() || box.extent(2) == domain.points(2)));
        for (Index i = box.begin[0]; i < box.end[0] && !box.empty(); ++i)
          for (Index j = box.begin[1]; j < box.end[1]; ++j)
            CHECK(d.line_owner(i, j) == r);
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
  const Domain slab(Axes{{4}, {64}, {64}}); // as many ranks as four planes cannot feed
  for (int r = 0; r < 16; ++r)
    CHECK_FALSE(Decomposition(slab, 16).real_box(r).empty());
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
