#pragma once
// Published tables of runs as the program reads them.

#include "analysis/scaling/laws/law_fit.hpp"
#include "tests/analysis/losses/loss_tables.hpp"

#include <cmath>
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

inline analysis::RunTable rows_where(const analysis::RunTable& t, const std::function<bool(std::size_t)>& kept) {
  std::vector<std::size_t> rows;
  for (std::size_t i = 0; i < t.size(); ++i)
    if (kept(i))
      rows.push_back(i);
  return t.subset(rows);
}

/// The number of that name that a fit is quoted by.
inline double number_of_fit(const analysis::LawData& data, const analysis::LawFit& fit, const std::string& name) {
  const auto law = analysis::scaling_law_of(fit.law).make();
  const std::vector<analysis::Jet> at(fit.at.begin(), fit.at.end());
  for (const analysis::LawNumber& number : law->numbers(at, data))
    if (number.name == name)
      return number.value.v;
  throw std::out_of_range(name);
}

} // namespace cascade::test
