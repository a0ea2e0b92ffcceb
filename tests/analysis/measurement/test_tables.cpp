// Sets of tables: through bytes and back, merged, and nothing else taken for tables.

#include "analysis/measurement/tables.hpp"
#include "support/same_bits.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace cascade;
using analysis::BlockTable;
using analysis::TableSet;
using analysis::View;

namespace {

TableSet some() {
  const BlockTable first{{1, 2}, {{0.1, 1e300}, {-0.0, 5e-324}}, {{1, 2}, {3, std::nan("")}}, {7, 8}};
  const BlockTable empty{{}, {{}, {}}, {{}, {}}, {}};
  return {{"grid/spectrum", {{"energy", first}, {"error", first}}}, {"grid/approximation", {{"loss/0/2", empty}}}};
}

} // namespace

TEST_CASE("Tables survive the way through bytes; nothing else is taken for tables", "[tables]") {
  const TableSet tables = some();
  const std::string bytes = analysis::to_bytes(tables);
  const TableSet again = analysis::from_bytes(bytes);
  REQUIRE(again.size() == tables.size());
  for (const auto& [key, group] : tables)
    for (const auto& [name, table] : group) {
      CAPTURE(key, name);
      const BlockTable& copy = analysis::table_of(again.at(key), name);
      CHECK(test::same_bits(copy.x, table.x));
      CHECK(test::same_bits(copy.count, table.count));
      REQUIRE(copy.blocks() == table.blocks());
      for (std::size_t b = 0; b < table.blocks(); ++b) {
        CHECK(test::same_bits(copy.sum[b], table.sum[b]));
        CHECK(test::same_bits(copy.weight[b], table.weight[b]));
      }
    }
  CHECK(analysis::to_bytes(again) == bytes);
  CHECK(analysis::from_bytes(analysis::to_bytes({})).empty());
  CHECK_THROWS_AS(analysis::from_bytes(std::string_view(bytes).substr(0, bytes.size() - 1)), std::invalid_argument);
  CHECK_THROWS_AS(analysis::from_bytes("3\nkey name 99999999999 1\n"), std::invalid_argument);
  CHECK_THROWS_AS(analysis::from_bytes("1\nname 1 1\n"), std::invalid_argument);
}

TEST_CASE("Tables are found by view, measurement and name", "[tables]") {
  const TableSet tables = some();
  const auto& group = analysis::tables_of(tables, View::grid, "spectrum");
  CHECK(analysis::find_table(group, "energy") == &tables.at("grid/spectrum").at("energy"));
  CHECK(analysis::find_table(group, "no/such") == nullptr);
  CHECK_THROWS_AS(analysis::table_of(group, "no/such"), std::logic_error);
  CHECK(analysis::tables_of(tables, View::points, "spectrum").empty());
  CHECK(analysis::table_name("zeta", "", "2") == "zeta/2");
  CHECK(analysis::table_name("uniform", "0", "2", "volume") == "uniform/0/2/volume");
}

TEST_CASE("Units merge block after block", "[tables]") {
  TableSet total;
  for (const double value : {1.0, 2.0, 3.0})
    analysis::merge(total, {{"grid/a", {{"t", BlockTable{{1}, {{value}}, {{1}}, {5}}}}}});
  const BlockTable& table = total.at("grid/a").at("t");
  REQUIRE(table.blocks() == 3);
  CHECK(table.sum[2][0] == 3);
  CHECK(table.count[0] == 15);
  CHECK(table.mean()[0] == 2);
}
