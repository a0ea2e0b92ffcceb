// Arrays in files: any part of any order, and what is refused. Whole files: tests/app/test_own_field.py.

#include "core/arrays/array_file.hpp"
#include "core/arrays/npy_array.hpp"
#include "core/arrays/strided_array.hpp"
#include "core/arrays/table_array.hpp"
#include "core/random/random.hpp"
#include "core/talk/errors.hpp"
#include "tests/core/scratch.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <cstring>
#include <fstream>
#include <limits>

using namespace cascade;
using core::Index;

namespace {

/// Numbers 0, 1, 2, ... in memory.
class Counting final : public core::ByteSource {
public:
  void read(std::int64_t offset, std::span<std::byte> to) override {
    for (std::size_t i = 0; i < to.size(); i += sizeof(double)) {
      const auto number = static_cast<double>((offset + static_cast<std::int64_t>(i)) / 8);
      std::memcpy(to.data() + i, &number, sizeof number);
    }
  }
};

std::string npy_text(const std::string& dictionary) {
  const std::string padded = dictionary + "\n";
  return std::string("\x93NUMPY\x01") + '\0' + static_cast<char>(padded.size()) + '\0' + padded;
}

} // namespace

TEST_CASE("Any part of an array comes in row-major order") {
  const core::CounterRng rng(7, core::Stream{91});
  std::uint64_t next = 0;
  const auto below = [&](Index n) {
    const core::Block bits = rng.block(next++);
    return static_cast<Index>(core::uniform(bits[0], bits[1]) * static_cast<double>(n));
  };
  Counting bytes;
  for (int trial = 0; trial < 300; ++trial) {
    const auto rank = static_cast<std::size_t>(1 + below(4));
    std::vector<Index> shape, begin, count, step;
    for (std::size_t a = 0; a < rank; ++a) {
      shape.push_back(1 + below(6));
      begin.push_back(below(shape[a]));
      step.push_back(1 + below(3));
      count.push_back(1 + below((shape[a] - begin[a] + step[a] - 1) / step[a]));
      if (below(2) == 0) { // whole axes make long runs
        begin[a] = 0;
        step[a] = 1;
        count[a] = shape[a];
      }
    }
    std::vector<double> expected{0};
    for (std::size_t a = 0; a < rank; ++a) {
      std::vector<double> longer;
      for (const double prefix : expected)
        for (Index i = 0; i < count[a]; ++i)
          longer.push_back(prefix * static_cast<double>(shape[a]) + static_cast<double>(begin[a] + i * step[a]));
      expected = longer;
    }
    std::vector<double> found;
    core::read_strided(bytes, 0, {8, false}, shape, {begin, count, step},
                       [&](Index first, std::span<const double> values) {
                         CHECK(first == static_cast<Index>(found.size()));
                         found.insert(found.end(), values.begin(), values.end());
                       });
    CHECK(found == expected);
  }
}

TEST_CASE("Headers of NumPy's arrays") {
  const auto good =
      core::npy_header(npy_text("{'descr': '<f4', 'fortran_order': True, 'shape': (3, 4, 5), }"), "a.npy");
  CHECK(good.shape == std::vector<Index>{5, 4, 3});
  CHECK((good.fortran && good.format.size == 4 && !good.format.big));
  CHECK(core::npy_header(npy_text("{\"shape\":(7,),\"fortran_order\":False,\"descr\":\">f8\"}"), "a").format.big);
  for (const auto& [dictionary, words] :
       {std::pair{"{'descr': '|O', 'fortran_order': False, 'shape': (3,), }", "pickled"},
        std::pair{"{'descr': '<c16', 'fortran_order': False, 'shape': (3,)}", "complex"},
        std::pair{"{'descr': '<i8', 'fortran_order': False, 'shape': (3,)}", "integers"},
        std::pair{"{'descr': [('a', '<f8')], 'shape': (3,)}", "structured"},
        std::pair{"{'descr': '<f8', 'fortran_order': False}", "shape"}, std::pair{"{}", "descr"}})
    CHECK_THROWS_WITH(core::npy_header(npy_text(dictionary), "a.npy"), Catch::Contains(words));
  CHECK_THROWS_WITH(core::npy_header("no array at all", "a.npy"), Catch::Contains("does not begin like one"));
  CHECK_THROWS_AS(core::npy_header(npy_text("{'descr': '<f8', 'shape': (3,)}").substr(0, 30), "a.npy"), core::Error);
}

TEST_CASE("Tables of numbers") {
  const auto self = core::Communicator::self();
  const test::Scratch scratch(self);
  const auto read = [&](const std::string& text, core::ArrayWish wish) {
    wish.path = scratch.path() / "t.csv";
    std::ofstream(wish.path) << text;
    const auto file = core::open_array(wish);
    std::vector<double> values;
    file->read({{0}, {file->header().shape[0]}, {1}},
               [&](Index, std::span<const double> piece) { values.insert(values.end(), piece.begin(), piece.end()); });
    return values;
  };
  CHECK(read("1\n2.5\n\n# no number\n+3e-1\n", {}) == std::vector<double>{1, 2.5, 0.3});
  core::ArrayWish wish;
  wish.column = "u";
  CHECK(read("t;\"u\"\r\n1;4\r\n2;5\r\n", wish) == std::vector<double>{4, 5});
  wish.column = "2";
  wish.missing_codes = {"-999"};
  const std::vector<double> holes = read("1 7\n2 -999\n3 nan\n", wish);
  CHECK((holes[0] == 7 && std::isnan(holes[1]) && std::isnan(holes[2])));
  CHECK(read("1,2\n3,4\n", {}) == std::vector<double>{2, 4}); // places and numbers
  CHECK_THROWS_WITH(read("1,2,5\n3,4,6\n", {}), Catch::Contains("3 columns"));
  CHECK_THROWS_WITH(read("1\nx\n", {}), Catch::Contains("t.csv:2: 'x' is no number"));
}

TEST_CASE("Columns of a table beside one another") {
  const auto self = core::Communicator::self();
  const test::Scratch scratch(self);
  core::ArrayWish wish;
  wish.path = scratch.path() / "t.csv";
  const auto read = [&](const std::string& text, const std::vector<std::string>& columns) {
    std::ofstream(wish.path) << text;
    wish.columns = columns;
    const auto file = core::open_array(wish);
    std::vector<double> values;
    file->read({{0, 0}, file->header().shape, {1, 1}},
               [&](Index, std::span<const double> piece) { values.insert(values.end(), piece.begin(), piece.end()); });
    return values;
  };
  const std::string words = "u,word,v\n1,\"one, \"\"and\"\" only\",2\n3,\"two\nlines\",4\n";
  CHECK(read(words, {"u", "v"}) == std::vector<double>{1, 2, 3, 4});
  CHECK(read(words, {"v", "u"}) == std::vector<double>{2, 1, 4, 3});
  CHECK(core::table_columns(wish) == std::vector<std::string>{"u", "word", "v"});
  CHECK(core::open_array(wish)->header().shape == std::vector<Index>{2, 2});
  std::vector<double> corner;
  core::open_array(wish)->read({{1, 0}, {1, 1}, {1, 1}},
                               [&](Index, std::span<const double> v) { corner.assign(v.begin(), v.end()); });
  CHECK(corner == std::vector<double>{4});
  CHECK_THROWS_WITH(read(words, {"word"}), Catch::Contains("t.csv:2: word: 'one") && Catch::Contains("`columns`"));
  CHECK_THROWS_WITH(read(words + "5,\"never\n6,x,7\n", {"u"}), Catch::Contains("t.csv:5: a quote is not closed"));
  CHECK_THROWS_WITH(read("u,v\n1,2\n3\n", {"u"}), Catch::Contains("t.csv:3: 1 cells"));
  CHECK_THROWS_WITH(read("u,v\n", {"u"}), Catch::Contains("no numbers"));
  CHECK(read("# made today\n# a b\n1 2\n3 4\n", {"b"}) == std::vector<double>{2, 4}); // numpy.savetxt
  CHECK(read("# a b c\n1 2\n3 4\n", {"2"}) == std::vector<double>{2, 4});
}

TEST_CASE("Numbers of every type are doubles") {
  const auto decoded = [](core::NumberFormat format, std::vector<unsigned char> bytes) {
    std::vector<double> out(bytes.size() / static_cast<std::size_t>(format.size));
    core::decode(format, std::as_bytes(std::span(bytes)), out);
    return out;
  };
  using Kind = core::NumberKind;
  // 1, -2, the largest 65504, the smallest 2^-24, infinity (IEEE 754 binary16)
  CHECK(decoded({2, false, Kind::floating}, {0, 0x3c, 0, 0xc0, 0xff, 0x7b, 1, 0, 0, 0x7c}) ==
        std::vector<double>{1, -2, 65504, std::ldexp(1.0, -24), std::numeric_limits<double>::infinity()});
  CHECK(decoded({2, true, Kind::floating}, {0x3c, 0}) == std::vector<double>{1});
  CHECK(std::isnan(decoded({2, false, Kind::floating}, {1, 0x7c})[0]));
  CHECK(decoded({1, false, Kind::whole}, {0xff, 5}) == std::vector<double>{-1, 5});
  CHECK(decoded({1, false, Kind::natural}, {0xff, 5}) == std::vector<double>{255, 5});
  CHECK(decoded({2, true, Kind::whole}, {0xff, 0xfe}) == std::vector<double>{-2});
  CHECK(decoded({4, false, Kind::natural}, {0, 0, 0, 0x80}) == std::vector<double>{2147483648.0});
  CHECK(decoded({8, false, Kind::whole}, {0xfd, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}) == std::vector<double>{-3});
  const auto integers =
      core::npy_header(npy_text("{'descr': '<i4', 'fortran_order': False, 'shape': (3, 4)}"), "a", true);
  CHECK((integers.format.kind == Kind::whole && integers.format.size == 4));
  CHECK_THROWS_WITH(core::npy_header(npy_text("{'descr': '<U4', 'fortran_order': False, 'shape': (3,)}"), "a", true),
                    Catch::Contains("text"));
}
