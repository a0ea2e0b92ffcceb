#include "analysis/measurement/fits.hpp"

#include "analysis/fit/no_fit.hpp"
#include "analysis/measurement/curves.hpp"

#include <fmt/format.h>

namespace cascade::analysis {

Fits::Fits(std::string stage, View view, bool asked)
    : stage_(std::move(stage)), method_(method_name(view)), asked_(asked) {}

void Fits::give(const std::string& id, Number fit, Make make) {
  if (asked_)
    promised_.push_back({id, fit,
                         [make = std::move(make)](const ExponentFit* made, const std::string&) { return make(*made); },
                         false});
}

void Fits::give_anyhow(const std::string& id, std::function<ExponentFit()> fit, MakeAnyhow make) {
  const Number number = add(std::move(fit));
  if (asked_)
    promised_.push_back({id, number, std::move(make), true});
}

bool Fits::possible(const std::string& id, const std::function<void()>& work) {
  try {
    work();
    return true;
  } catch (const NoFit& why) {
    miss(id, why.what());
    return false;
  }
}

std::optional<ExponentFit> Fits::now(const std::string& id, const std::function<ExponentFit()>& fit) {
  std::optional<ExponentFit> made;
  possible(id, [&] { made = fit(); });
  return made;
}

const ExponentFit& Fits::made(Number fit) const {
  const std::optional<ExponentFit>& found = shared_.at(fit);
  if (!found)
    throw NoFit(shared_.complaint(fit));
  return *found;
}

void Fits::finish(const core::Communicator& communicator, const std::string& undecided) {
  shared_.run(communicator);
  std::set<Number> missed;
  for (const Promise& promise : promised_) {
    try {
      const std::optional<ExponentFit>& fit = shared_.at(promise.fit);
      if (!fit && !promise.without) {
        if (missed.insert(promise.fit).second)
          miss(promise.id, shared_.complaint(promise.fit));
        continue;
      }
      Result result = promise.make(fit ? &*fit : nullptr, fit ? std::string() : shared_.complaint(promise.fit));
      result.id = method_ + "/" + promise.id;
      result.stage = stage_;
      result.method = method_;
      lay_fit(result.fitted, result.curve);
      say_status(result);
      if (!undecided.empty()) {
        result.status = FitStatus::no_range;
        result.reason = undecided;
      }
      results_.push_back(std::move(result));
    } catch (const NoFit& why) {
      miss(promise.id, why.what());
    }
  }
  promised_.clear();
}

void Fits::say_status(const Result& result) {
  if (result.fit.status && !decides(*result.fit.status))
    warnings_.push_back(fmt::format("{}: the fit is {} ({}); it decides nothing", result.id,
                                    to_text(*result.fit.status), result.fit.why));
}

void Fits::miss(const std::string& id, const std::string& why) {
  if (!asked_)
    return;
  missed_.push_back({fmt::format("{}/{}", method_, id), why});
  warnings_.push_back(fmt::format("{}: {}; no exponent is given", missed_.back().id, why));
}

} // namespace cascade::analysis
