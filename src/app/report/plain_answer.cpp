#include "app/report/plain_answer.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace cascade::app {

std::string loss_name(double loss_power) {
  return loss_power == 2   ? "the mean-square loss"
         : loss_power == 4 ? "the quartic loss"
                           : fmt::format("the mean of |error|^{:g}", loss_power);
}

nlohmann::ordered_json to_json(const PlainAnswer& answer) {
  return {{"question", answer.question}, {"text", answer.text}, {"results", answer.results}};
}

PlainAnswer plain_answer_from_json(const nlohmann::ordered_json& json) {
  return {json.at("question").get<std::string>(), json.at("text").get<std::string>(),
          json.at("results").get<std::vector<std::string>>()};
}

} // namespace cascade::app
