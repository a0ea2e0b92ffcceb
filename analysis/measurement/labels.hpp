#pragma once
// Which of many like results one is: the settings it was measured at, by name.

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace cascade::analysis {

/// One setting. An empty text and NaN say that it does not apply (null in JSON), which is not the same as a label that
/// is not there.
struct Label {
  std::string name;
  std::variant<std::string, std::int64_t, double> value;

  bool applies() const;
};

/// Settings of a result in the order in which they were named: the object `settings` of report.json, attributes of its
/// group in results.h5, and, through words(), its setting in report.md. Writers go through the list; none knows a name.
class Labels {
public:
  Labels() = default;
  Labels(std::initializer_list<Label> labels) : labels_(labels) {}

  /// Gives a label its value: in its place, or after all others.
  Labels& set(const std::string& name, std::variant<std::string, std::int64_t, double> value);
  /// Words for people, where "name value" of each label would not read well.
  Labels& say(std::string words);

  /// "" and nullopt where the label is not there, does not apply, or is of the other kind.
  std::string text(const std::string& name) const;
  std::optional<double> number(const std::string& name) const;

  /// As said; otherwise every label that applies: texts as they are, numbers after their names. "longitudinal, degree
  /// 1".
  std::string words() const;

  std::vector<Label>::const_iterator begin() const { return labels_.begin(); }
  std::vector<Label>::const_iterator end() const { return labels_.end(); }

private:
  std::vector<Label> labels_;
  std::string words_;
};

/// The six settings that every result of report.json had from the start, none of which applies yet: partition, average,
/// degree, loss_power, component, set. A measurement that came later names its own instead.
Labels first_labels();

/// Of a structure function of a vector's component ("" for a scalar), and of a counted set.
Labels component_labels(const std::string& component);
Labels set_labels(const std::string& set);
/// Of the loss of a piecewise fit: mean of |f - f_N|^q over the whole volume or the active set ("volume" | "active")
/// for polynomials of a degree on a "uniform", an "adaptive" or the "oracle"'s partition.
Labels loss_labels(const std::string& partition, const std::string& average, int degree, double loss_power);

} // namespace cascade::analysis
