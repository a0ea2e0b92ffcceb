#include "app/scaling/loss_row.hpp"

#include "analysis/losses/loss_search.hpp"
#include "core/talk/numbers.hpp"

#include <fmt/format.h>

#include <cmath>

namespace cascade::app {

using analysis::Interval;
using analysis::LossEstimate;
using analysis::LossModel;
using analysis::LossParameters;

namespace {

Interval exponential(const Interval& i) {
  return {std::exp(i[0]), std::exp(i[1])};
}

Interval logarithms(const Interval& i) {
  return {std::log(i[0]), std::log(i[1])};
}

LossNumber plain_number(const LossRow& row, const LossEstimate& e, double LossParameters::*member) {
  LossNumber n{e.interval.name,  row.parameters().*member, e.error,  e.error,
               e.interval.equal, e.interval.any,           e.quoted, std::nullopt};
  if (row.has_resampled()) {
    n.error = row.resampled.standard_error.*member;
    n.resampled = Interval{row.resampled.low.*member, row.resampled.high.*member};
  }
  return n;
}

void add_amplitude(const LossRow& row, const LossEstimate& logarithm, double LossParameters::*member,
                   std::vector<LossNumber>& out) {
  LossNumber log = plain_number(row, logarithm, member);
  log.value = logarithm.interval.value;
  LossNumber plain = log;
  plain.name = log.name.substr(std::string("log ").size());
  plain.value = row.parameters().*member;
  plain.equal = exponential(log.equal);
  plain.any = exponential(log.any);
  plain.quoted = exponential(log.quoted);
  plain.profile_error = plain.value * log.profile_error;
  if (row.has_resampled()) {
    log.error = row.resampled.log_error.*member;
    log.resampled = logarithms(*log.resampled);
  } else {
    plain.error = plain.profile_error;
  }
  for (double* error : {&plain.error, &plain.profile_error})
    *error = *error < plain.value ? *error : std::nan("");
  out.push_back(plain);
  out.push_back(log);
}

} // namespace

std::vector<LossNumber> loss_numbers(const LossRow& row) {
  const analysis::LossAnswer& a = row.answer;
  const LossModel model = row.fit().model;
  std::vector<LossNumber> out{plain_number(row, a.of("alpha"), &LossParameters::alpha)};
  add_amplitude(row, a.of("log A"), &LossParameters::amplitude, out);
  if (model != LossModel::power)
    out.push_back(plain_number(row, a.of("E"), &LossParameters::pedestal));
  if (model == LossModel::two_variables)
    out.push_back(plain_number(row, a.of("beta"), &LossParameters::beta));
  if (has_second(model))
    add_amplitude(row, a.of("log B"), &LossParameters::second_amplitude, out);
  return out;
}

std::string loss_formula(LossModel model) {
  return model == LossModel::power      ? "L = A/x^alpha"
         : model == LossModel::pedestal ? "L = E + A/x^alpha"
         : model == LossModel::tied     ? "L = E + A/x^alpha + B/z^alpha"
                                        : "L = E + A/x^alpha + B/z^beta";
}

std::string objective_text(const LossTableStudy& s, const std::string& objective) {
  std::string text = objective == "least_squares"       ? "sum of squares of L"
                     : objective == "least_squares_log" ? "sum of squares of log L"
                     : objective == "absolute_log"      ? "sum of absolute residuals of log L"
                     : objective == "student_t_log"     ? "-log likelihood of Student's t, 4 degrees, of log L"
                                                        : fmt::format("sum of Huber(log L), delta {:g}", s.delta);
  if (objective == "asymmetric_huber_log")
    text += fmt::format(", {:g} times as much where the law is above the loss", s.asymmetry);
  if (!s.weight.empty())
    text += fmt::format(", weights {}", s.weight);
  if (s.drop_highest > 0)
    text += fmt::format(", {} highest losses left out", s.drop_highest);
  return text;
}

std::string interval_text(const Interval& i) {
  return core::interval_text(i[0], i[1]);
}

bool pedestal_identified(const LossRow& row) {
  if (row.fit().model == LossModel::power)
    return true;
  const Interval& e = row.answer.of("E").quoted;
  return e[0] > 0 && std::isfinite(e[1]);
}

LossRow analyse_losses(const LossTableStudy& s, const std::string& objective, const StudyRun& run) {
  LossRow row;
  row.objective = objective;
  {
    auto stage = run.progress.begin(objective + ": fit", 0);
    row.answer = analysis::answer_losses(
        s.table, analysis::loss_model_of(s.model),
        {analysis::objective_of(objective), s.delta, s.method == "variable_projection", s.asymmetry});
    if (row.fit().model != LossModel::power)
      row.pedestal = analysis::test_pedestal(s.table, row.fit());
    if (row.fit().model == LossModel::two_variables)
      row.tied = analysis::test_tied(s.table, row.fit());
    row.outlook = analysis::outlook(s.table, row.fit());
    row.held_out = analysis::predict_held_out(s.table, row.fit(), s.held_out);
  }
  auto stage = run.progress.begin(objective + ": bootstrap",
                                  static_cast<double>(s.bootstrap) / static_cast<double>(run.ranks.size()));
  if (s.bootstrap > 0)
    row.resampled = analysis::bootstrap(s.table, row.fit(), s.bootstrap, run.seed, run.ranks, [&] { stage.advance(); });
  return row;
}

} // namespace cascade::app
