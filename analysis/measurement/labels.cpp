#include "analysis/measurement/labels.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace cascade::analysis {

bool Label::applies() const {
  if (const auto* text = std::get_if<std::string>(&value))
    return !text->empty();
  const auto* real = std::get_if<double>(&value);
  return real == nullptr || !std::isnan(*real);
}

Labels& Labels::set(const std::string& name, std::variant<std::string, std::int64_t, double> value) {
  const auto known = std::find_if(labels_.begin(), labels_.end(), [&](const Label& l) { return l.name == name; });
  if (known != labels_.end())
    known->value = std::move(value);
  else
    labels_.push_back({name, std::move(value)});
  return *this;
}

Labels& Labels::say(std::string words) {
  words_ = std::move(words);
  return *this;
}

std::string Labels::text(const std::string& name) const {
  for (const Label& label : labels_)
    if (const auto* text = std::get_if<std::string>(&label.value); text != nullptr && label.name == name)
      return *text;
  return "";
}

std::optional<double> Labels::number(const std::string& name) const {
  for (const Label& label : labels_) {
    if (label.name != name || !label.applies())
      continue;
    if (const auto* whole = std::get_if<std::int64_t>(&label.value))
      return static_cast<double>(*whole);
    if (const auto* real = std::get_if<double>(&label.value))
      return *real;
  }
  return std::nullopt;
}

std::string Labels::words() const {
  if (!words_.empty())
    return words_;
  std::string all;
  for (const Label& label : labels_) {
    if (!label.applies())
      continue;
    std::string name = label.name;
    std::replace(name.begin(), name.end(), '_', ' ');
    all += all.empty() ? "" : ", ";
    if (const auto* text = std::get_if<std::string>(&label.value))
      all += *text;
    else
      all += fmt::format("{} {:g}", name, *number(label.name));
  }
  return all;
}

Labels first_labels() {
  constexpr double none = std::numeric_limits<double>::quiet_NaN();
  return {{"partition", ""}, {"average", ""}, {"degree", none}, {"loss_power", none}, {"component", ""}, {"set", ""}};
}

Labels component_labels(const std::string& component) {
  return first_labels().set("component", component);
}

Labels set_labels(const std::string& set) {
  return first_labels().set("set", set);
}

Labels loss_labels(const std::string& partition, const std::string& average, int degree, double loss_power) {
  return first_labels()
      .set("partition", partition)
      .set("average", average)
      .set("degree", std::int64_t{degree})
      .set("loss_power", loss_power)
      .say(fmt::format("{} partition, {}, loss power {:g}, degree {}", partition,
                       average == "active" ? "active set" : "whole volume", loss_power, degree));
}

} // namespace cascade::analysis
