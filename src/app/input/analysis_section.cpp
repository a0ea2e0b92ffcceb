#include "app/input/analysis_section.hpp"

#include <algorithm>

namespace cascade::app {

using analysis::Asked;
using analysis::View;

namespace {

/// Its section is at the top of the input.
bool stands_alone(const analysis::MeasurementEntry& entry) {
  return entry.rule == Asked::always || entry.rule == Asked::serving;
}

} // namespace

AnalysisSection::AnalysisSection() {
  for (const analysis::MeasurementEntry& entry : analysis::measurements()) {
    const auto made = entry.make(nullptr);
    made->asked = true;
    all_.push_back({&entry, made});
  }
}

std::shared_ptr<analysis::Measurement> AnalysisSection::declare_one(core::ParameterVisitor& v,
                                                                    const ChosenMeasurement& one, bool& present) const {
  const auto copy = one.entry->make(one.keys.get());
  present = true; // writers leave it alone
  v.begin(one.entry->name.c_str(), present, one.entry->summary);
  v.boolean("enabled", copy->asked, {"1", "run this stage"});
  copy->declare(v);
  v.end();
  return copy;
}

void AnalysisSection::declare(core::ParameterVisitor& v) {
  bool some = true;
  v.begin("analysis", some,
          "What is measured. Without this section every stage runs; with it, the stages it names (`spectrum: {}`).");
  for (ChosenMeasurement& one : all_) {
    if (stands_alone(*one.entry))
      continue;
    bool named = true;
    const auto read = declare_one(v, one, named);
    read->asked = read->asked && (named || (!some && one.entry->rule == Asked::alone));
    one.keys = read;
  }
  v.end();
  for (ChosenMeasurement& one : all_) {
    bool named = true;
    if (stands_alone(*one.entry))
      one.keys = declare_one(v, one, named);
  }
}

bool AnalysisSection::any_asked() const {
  return std::any_of(all_.begin(), all_.end(),
                     [](const ChosenMeasurement& one) { return one->asked && one.entry->rule != Asked::serving; });
}

std::vector<ChosenMeasurement> AnalysisSection::measured_on(const analysis::Subject& subject,
                                                            const core::Decomposition* grid) const {
  const View view = grid != nullptr ? View::grid : View::points;
  std::vector<ChosenMeasurement> list;
  if (!any_asked() || (view == View::points && !subject.sampled()))
    return list;
  for (const ChosenMeasurement& one : all_)
    if ((one->asked || one->owed(subject, view)) && !one->cost(subject, grid).empty())
      list.push_back(one);
  return list;
}

void AnalysisSection::validate(const analysis::Subject& subject, core::Problems& problems) const {
  for (const ChosenMeasurement& one : all_)
    one->validate(subject, problems);
}

void AnalysisSection::choose(const analysis::SamplingWish& wish, const analysis::Subject& subject,
                             analysis::Sampling& choice) const {
  for (const ChosenMeasurement& one : all_)
    one->choose(wish, subject, choice);
}

theory::ExpectedLosses AnalysisSection::losses() const {
  theory::ExpectedLosses all;
  for (const ChosenMeasurement& one : all_) {
    const theory::ExpectedLosses more = one->losses();
    all.highest_degree = std::max(all.highest_degree, more.highest_degree);
    for (const double q : more.powers)
      if (std::find(all.powers.begin(), all.powers.end(), q) == all.powers.end())
        all.powers.push_back(q);
  }
  return all;
}

std::vector<double> AnalysisSection::moments() const {
  std::vector<double> orders;
  for (const ChosenMeasurement& one : all_)
    if (one->asked)
      for (const double order : one->moments())
        if (std::find(orders.begin(), orders.end(), order) == orders.end())
          orders.push_back(order);
  return orders;
}

std::vector<std::string> AnalysisSection::silent() const {
  std::vector<std::string> names;
  for (const ChosenMeasurement& one : all_)
    if (one.entry->rule == Asked::when_named && !one->asked)
      names.push_back("/" + one.entry->name);
    else if (!stands_alone(*one.entry))
      for (const std::string& key : one->silent_keys())
        names.push_back("/" + one.entry->name + "/" + key);
  return names;
}

} // namespace cascade::app
