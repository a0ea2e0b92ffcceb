#include "app/field/measuring.hpp"

#include "app/field/groups.hpp"
#include "app/field/unit_meter.hpp"
#include "core/ranks/outcome.hpp"
#include "core/ranks/stop_signals.hpp"
#include "core/talk/errors.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

namespace cascade::app {
namespace {

using analysis::TableSet;
using analysis::View;
using core::Communicator;

/// The measuring of a list of units, step by step.
class Measuring {
public:
  Measuring(const RunConfig& config, const RunPlan& plan, const solvers::Generator& generator, const Communicator& all,
            core::Progress& progress, const UnitStore* store, const Part& part)
      : plan_(plan), writes_field_(config.output.field), all_(all), progress_(progress), store_(store),
        meter_(config, plan, generator, progress), units_(work_units(config, plan)), tables_(units_.size()),
        owner_(units_.size(), nobody) {
    for (std::size_t k = 0; k < units_.size(); ++k)
      if (part.has(k))
        wanted_.push_back(k);
  }

  void run() {
    take_stored();
    measure_fields();
    measure_points();
  }

  /// Every unit's tables on every rank, merged in the order of the units.
  TableSet merged() {
    TableSet total;
    for (const std::size_t k : wanted_) {
      std::string mine;
      mine.swap(tables_[k]); // not needed once more
      merge(total, analysis::from_bytes(all_.broadcast(mine, owner_[k])));
    }
    return total;
  }

  std::optional<core::GridSample> last_field() {
    if (!plan_.decomposition || (single() && !writes_field_)) // a line is drawn from its curves alone
      return std::nullopt;
    if (!last_)
      last_ = meter_.make_field(plan_.subject.realisations - 1, all_);
    return std::move(last_);
  }

private:
  static constexpr int nobody = -1;

  bool single() const { return plan_.subject.dimensions == 1; }

  std::vector<std::size_t> missing(View view) const {
    std::vector<std::size_t> list;
    for (const std::size_t k : wanted_)
      if (units_[k].view == view && owner_[k] == nobody)
        list.push_back(k);
    return list;
  }

  void take_stored() {
    std::string found(units_.size(), '-');
    all_.agree([&] {
      if (all_.rank() != 0 || store_ == nullptr)
        return;
      for (const std::size_t k : wanted_) {
        UnitStore::Unit unit = store_->load(units_[k].name());
        if (unit.tables) {
          tables_[k] = std::move(*unit.tables);
          found[k] = '+';
        } else if (unit.damaged) {
          progress_.message(fmt::format("warning: unit {} in {} is damaged (its checksum does not fit); measured again",
                                        units_[k].name(), store_->folder().string()));
        }
      }
    });
    found = all_.broadcast(found, 0);
    for (std::size_t k = 0; k < found.size(); ++k)
      if (found[k] == '+')
        owner_[k] = 0;
    const auto taken = std::count(found.begin(), found.end(), '+');
    if (taken > 0)
      progress_.message(fmt::format("{} of {} units were finished before", taken, wanted_.size()));
  }

  // --- realisations on the grid

  void measure_fields() {
    std::vector<std::size_t> todo = missing(View::grid);
    if (todo.empty())
      return;
    const Groups groups = Groups::make(plan_, all_, single());
    if (meter_.wants_pilot() && units_[todo.back()].first > 0) {
      find_pilot(todo.front(), groups);
      todo = missing(View::grid);
    }
    // What does not fill a round is done by all ranks together, which are then never idle.
    const std::size_t rounds = todo.size() / static_cast<std::size_t>(groups.count);
    const std::size_t dealt = single()            ? todo.size()
                              : groups.count == 1 ? 0
                                                  : rounds * static_cast<std::size_t>(groups.count);
    deal({todo.begin(), todo.begin() + static_cast<std::ptrdiff_t>(dealt)}, groups);
    for (std::size_t i = dealt; i < todo.size(); ++i)
      field_together(todo[i]);
  }

  /// Tables of realisation 0: from its unit, wherever that is, or by measuring it.
  void find_pilot(std::size_t first_missing, const Groups& groups) {
    constexpr std::size_t zero = 0; // fields come first in the list
    std::string bytes = tables_[zero];
    if (owner_[zero] == nobody && first_missing != zero) { // another part's
      all_.agree([&] {
        if (all_.rank() == 0 && store_ != nullptr)
          bytes = store_->load(units_[zero].name()).tables.value_or("");
      });
    } else if (owner_[zero] == nobody) {
      if (single())
        deal({zero}, groups);
      else
        field_together(zero);
      bytes = tables_[zero];
    }
    bytes = all_.broadcast(bytes, 0); // whoever measured unit 0, rank 0 was among them
    if (!bytes.empty()) {
      pilot_ = analysis::from_bytes(bytes);
      return;
    }
    const Communicator self = Communicator::self();
    const Communicator& ranks = single() ? self : all_;
    pilot_ = meter_.measure_grid(meter_.make_field(0, ranks), 0, nullptr, ranks);
  }

  TableSet measure_field(const core::GridSample& sample, std::size_t k, const Communicator& ranks) const {
    return meter_.measure_grid(sample, units_[k].first, pilot_ ? &*pilot_ : nullptr, ranks);
  }

  void field_together(std::size_t k) {
    last_.reset(); // two fields at a time are too many
    core::GridSample sample = meter_.make_field(units_[k].first, all_);
    finish(k, measure_field(sample, k, all_), all_);
    owner_[k] = 0;
    if (units_[k].first + 1 == plan_.subject.realisations)
      last_ = std::move(sample);
    stop_if_asked();
  }

  /// Group g measures units g, g + groups, ... of the list.
  void deal(const std::vector<std::size_t>& list, const Groups& groups) {
    if (list.empty())
      return;
    const Communicator guard = all_.split(0, all_.rank());
    bool cut_short = false;
    const auto work = [&] {
      for (std::size_t i = static_cast<std::size_t>(groups.mine); i < list.size() && !cut_short;) {
        const core::GridSample sample = meter_.make_field(units_[list[i]].first, groups.ranks);
        finish(list[i], measure_field(sample, list[i], groups.ranks), groups.ranks);
        i += static_cast<std::size_t>(groups.count);
        cut_short = asked(groups.ranks) && i < list.size();
      }
      return core::ExitCode::complete;
    };
    // A group that fails must not leave the others waiting, nor wait itself for a member that never comes.
    const core::Outcome outcome =
        core::settle(guard, core::attempt(groups.mine < groups.count ? std::function<core::ExitCode()>(work)
                                                                     : [] { return core::ExitCode::complete; }));
    if (!outcome.message.empty())
      throw core::Error(outcome.code, outcome.message);
    for (std::size_t i = 0; i < list.size(); ++i)
      owner_[list[i]] = groups.first[i % groups.first.size()];
    stop_if_asked(cut_short);
  }

  // --- the point view

  void measure_points() {
    for (const std::size_t k : missing(View::points)) {
      finish(k, meter_.measure_points(units_[k], all_), all_);
      owner_[k] = 0;
      stop_if_asked();
    }
  }

  // --- both

  void finish(std::size_t k, const TableSet& tables, const Communicator& ranks) {
    ranks.agree([&] {
      if (ranks.rank() != 0)
        return;
      tables_[k] = analysis::to_bytes(tables);
      if (store_ != nullptr)
        store_->save(units_[k].name(), tables_[k]);
    });
  }

  static bool on_one(const Communicator& ranks, bool mine) {
    std::int64_t flag[] = {mine ? 1 : 0};
    ranks.max(std::span<std::int64_t>(flag));
    return flag[0] != 0;
  }

  bool asked(const Communicator& ranks) const {
    return on_one(ranks, store_ != nullptr && core::StopSignals::requested());
  }

  /// `cut_short`: this rank's group left units out. Where all is measured the end is near, and is gone on to.
  void stop_if_asked(bool cut_short = false) const {
    const bool lacking =
        std::any_of(wanted_.begin(), wanted_.end(), [&](std::size_t k) { return owner_[k] == nobody; });
    if (on_one(all_, cut_short) || (lacking && asked(all_)))
      throw core::Error(core::ExitCode::stopped,
                        fmt::format("stopped by a signal; what was finished is in {}. Continue with --resume.",
                                    store_->folder().string()));
  }

  const RunPlan& plan_;
  bool writes_field_;
  const Communicator& all_;
  core::Progress& progress_;
  const UnitStore* store_;
  UnitMeter meter_;
  std::vector<WorkUnit> units_;
  std::vector<std::size_t> wanted_;
  std::vector<std::string> tables_; ///< bytes of finished units, on their owner
  std::vector<int> owner_;          ///< rank that has them, the same list on every rank
  std::optional<TableSet> pilot_;   ///< of realisation 0 on the grid, where the others need it
  std::optional<core::GridSample> last_;
};

} // namespace

MeasuredUnits measure(const RunConfig& config, const RunPlan& plan, const solvers::Generator& generator,
                      const core::Communicator& communicator, core::Progress& progress, const UnitStore* store) {
  Measuring work(config, plan, generator, communicator, progress, store, Part{1, 1});
  work.run();
  MeasuredUnits result;
  result.tables = work.merged();
  result.last = work.last_field();
  return result;
}

void measure_part(const RunConfig& config, const RunPlan& plan, const solvers::Generator& generator,
                  const core::Communicator& communicator, core::Progress& progress, const UnitStore& store,
                  const Part& part) {
  Measuring(config, plan, generator, communicator, progress, &store, part).run();
}

} // namespace cascade::app
