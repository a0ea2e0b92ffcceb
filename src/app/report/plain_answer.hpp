#pragma once
// The first sentence of a report: the question that was asked, and what the verdicts say to it.

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <vector>

namespace cascade::app {

/// Never more than the verdicts say. Empty: this report answers no question with yes or no.
struct PlainAnswer {
  std::string question;             ///< "Is alpha = 4h/d?"
  std::string text;                 ///< "No for the mean-square loss: 0.19045 +- 0.00024 = 2h/d. ..."
  std::vector<std::string> results; ///< ids of the results it speaks of

  bool empty() const { return text.empty(); }
  /// Question and answer in one line.
  std::string line() const { return question.empty() ? text : question + " " + text; }
};

/// "the mean-square loss", "the quartic loss", "the mean of |error|^3".
std::string loss_name(double loss_power);

/// The object `answer` of report.json, and back; throws nlohmann::json::exception where something is missing.
nlohmann::ordered_json to_json(const PlainAnswer& answer);
PlainAnswer plain_answer_from_json(const nlohmann::ordered_json& json);

} // namespace cascade::app
