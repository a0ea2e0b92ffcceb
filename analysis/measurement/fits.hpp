#pragma once
// The fits of one measurement on one view: made by all ranks together, and the place where "no fit" becomes a warning.

#include "analysis/fit/exponent_fit.hpp"
#include "analysis/measurement/result.hpp"
#include "analysis/measurement/shared_fits.hpp"
#include "analysis/measurement/tables.hpp"
#include "analysis/measurement/view.hpp"
#include "core/ranks/communicator.hpp"

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace cascade::analysis {

/// Handed to Measurement::find() and fit(), which list what is to be done; finish() then does it. A fit that throws
/// NoFit leaves out the results that need it, with one warning "ID: WHY; no exponent is given"; one that is pinned or
/// failed has a warning beside its result; any other exception is a failure of the run.
class Fits {
public:
  /// Results get `stage` for their stage, the view's word for their method, and METHOD/ before their ids. Where nobody
  /// asked for the measurement (its findings serve others) results are dropped and nothing is said of missing fits.
  Fits(std::string stage, View view, bool asked);

  using Number = std::size_t;
  using Make = std::function<Result(const ExponentFit&)>;
  using MakeAnyhow = std::function<Result(const ExponentFit* fit, const std::string& why)>;
  /// A fit to make: local arithmetic on tables, done on one of the ranks.
  Number add(std::function<ExponentFit()> fit) { return shared_.add(std::move(fit)); }
  /// The result of this id, made from a fit that was added; `make` may throw NoFit itself. A fit that several results
  /// need is missed under the first of their ids only.
  void give(const std::string& id, Number fit, Make make);
  /// The same for a result with a fit of its own.
  void give(const std::string& id, std::function<ExponentFit()> fit, Make make) {
    give(id, add(std::move(fit)), std::move(make));
  }
  /// A result that may have another answer: where the fit is missing it is made of nullptr and the reason, and throws
  /// NoFit if that leaves none.
  void give_anyhow(const std::string& id, std::function<ExponentFit()> fit, MakeAnyhow make);
  /// Makes a cheap fit at once, on every rank; nullopt, with the warning, where there is none.
  std::optional<ExponentFit> now(const std::string& id, const std::function<ExponentFit()>& fit);
  /// The same for anything that may throw NoFit; false if it did.
  bool possible(const std::string& id, const std::function<void()>& work);
  /// Keeps a table derived from those measured, so that a curve can be made of it and expectations laid on its rows.
  const BlockTable& keep(const std::string& name, BlockTable table) { return derived_[name] = std::move(table); }
  /// Something a reader of the report must know, whoever asked for the measurement.
  void warn(const std::string& words) { warnings_.push_back(words); }

  /// Of another fit, within `make`. Throws NoFit where there is none.
  const ExponentFit& made(Number fit) const;

  /// Makes the fits, shared among the ranks, and the results in the order in which they were given. Collective; the
  /// same on every rank and at any number of them. `undecided`: no result decides anything, for this reason; empty: as
  /// they find themselves.
  void finish(const core::Communicator& communicator, const std::string& undecided = {});
  std::vector<Result> take_results() { return std::move(results_); }
  std::vector<std::string> take_warnings() { return std::move(warnings_); }
  std::vector<Missed> take_missed() { return std::move(missed_); }
  Tables take_derived() { return std::move(derived_); }

private:
  struct Promise {
    std::string id;
    Number fit;
    MakeAnyhow make;
    bool without; ///< make() wants to be asked even where there is no fit
  };
  void miss(const std::string& id, const std::string& why);
  void say_status(const Result& result);

  std::string stage_, method_;
  bool asked_;
  SharedFits shared_;
  std::vector<Promise> promised_;
  std::vector<Result> results_;
  std::vector<std::string> warnings_;
  std::vector<Missed> missed_;
  Tables derived_;
};

} // namespace cascade::analysis
