// Settings by name: their order, what does not apply, and the words for people.
#include "analysis/measurement/labels.hpp"
#include "support/fp_traps.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace cascade::analysis;

TEST_CASE("A label is found by its name and kind, and is not there where it does not apply", "[labels]") {
  const cascade::test::FpTrapsOff off; // NaN on purpose
  const Labels labels{{"kind", "odd"}, {"lag", std::int64_t{3}}, {"width", 0.5}, {"empty", ""}, {"none", std::nan("")}};
  CHECK(labels.text("kind") == "odd");
  CHECK(labels.number("lag") == 3.0);
  CHECK(labels.number("width") == 0.5);
  CHECK(labels.text("lag").empty());
  CHECK_FALSE(labels.number("kind"));
  for (const char* name : {"empty", "none", "absent"}) {
    CHECK(labels.text(name).empty());
    CHECK_FALSE(labels.number(name));
  }
}

TEST_CASE("A label that is set again keeps its place; a new one comes last", "[labels]") {
  Labels labels{{"a", "x"}, {"b", 1.0}};
  labels.set("a", std::int64_t{7}).set("c", "z");
  std::string names;
  for (const Label& label : labels)
    names += label.name;
  CHECK(names == "abc");
  CHECK(labels.number("a") == 7.0);
}

TEST_CASE("Words name what applies; a measurement may say them better", "[labels]") {
  CHECK(Labels({{"kind", "odd"}, {"time_lag", std::int64_t{3}}, {"width", 0.25}, {"none", ""}}).words() ==
        "odd, time lag 3, width 0.25");
  CHECK(first_labels().words().empty());
  CHECK(component_labels("transverse").words() == "transverse");
  CHECK(set_labels("active").words() == "active");
  CHECK(loss_labels("adaptive", "active", 1, 2.5).words() ==
        "adaptive partition, active set, loss power 2.5, degree 1");
  CHECK(loss_labels("uniform", "volume", 0, 4).words() == "uniform partition, whole volume, loss power 4, degree 0");
}

TEST_CASE("The six settings of the first results keep their order", "[labels]") {
  std::string names;
  for (const Label& label : loss_labels("uniform", "volume", 0, 4))
    names += label.name + " ";
  CHECK(names == "partition average degree loss_power component set ");
}
