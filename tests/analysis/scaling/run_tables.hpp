#pragma once
// Published tables of runs as the program reads them.

#include "analysis/scaling/laws/law_fit.hpp"
#include "tests/analysis/losses/loss_tables.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <initializer_list>
#include <string>

namespace cascade::test {

inline analysis::RunTable runs(const std::string& file, const analysis::RunReading& more = {},
                               const analysis::RunColumns& asked = {}) {
  analysis::TableComplaints complaints{file, {}};
  const analysis::TextTable text = analysis::read_text_table(source_file("inputs/data/" + file), complaints);
  analysis::RunReading reading = more;
  reading.columns = analysis::guess_columns(text, asked, complaints).columns;
  complaints.throw_if_any();
  return read_run_table(file, text, reading);
}

/// Models of Hoffmann et al. without so many of the highest losses, five in the published fit.
inline analysis::RunTable hoffmann(int dropped = 5) {
  analysis::RunReading reading;
  reading.drop_highest = dropped;
  return runs("chinchilla_epoch_svg_extracted.csv", reading);
}

inline analysis::RunTable rows_where(const analysis::RunTable& t, const std::function<bool(std::size_t)>& kept) {
  std::vector<std::size_t> rows;
  for (std::size_t i = 0; i < t.size(); ++i)
    if (kept(i))
      rows.push_back(i);
  return t.subset(rows);
}

/// The number of that name that a fit is quoted by; "A" is the exponential of log A where the law is quoted by that.
inline double number_of_fit(const analysis::LawData& data, const analysis::LawFit& fit, const std::string& name) {
  const auto law = analysis::scaling_law_of(fit.law).make();
  const std::vector<analysis::Jet> at(fit.at.begin(), fit.at.end());
  for (const analysis::LawNumber& number : law->numbers(at, data)) {
    if (number.name == name)
      return number.value.v;
    if (number.name == "log " + name)
      return std::exp(number.value.v);
  }
  throw std::out_of_range(name);
}

/// What another program found: a number by name, its value, and how close ours must be, relative to it.
struct ReferenceNumber {
  const char* name;
  double value, relative;
};

inline void check_numbers(const analysis::LawData& data, const analysis::LawFit& fit,
                          std::initializer_list<ReferenceNumber> wanted) {
  for (const ReferenceNumber& number : wanted) {
    CAPTURE(fit.law, number.name);
    CHECK(number_of_fit(data, fit, number.name) == Approx(number.value).epsilon(number.relative).margin(0));
  }
}

/// E + A/N^alpha + B/D^beta as a fit has it.
inline analysis::LossParameters two_resources_of(const analysis::LawData& data, const analysis::LawFit& fit) {
  const auto number = [&](const char* name) { return number_of_fit(data, fit, name); };
  const double alpha = number("alpha"), beta = fit.law == "tied" ? alpha : number("beta");
  return {number("A"), alpha, number("E"), number("B"), beta};
}

} // namespace cascade::test
