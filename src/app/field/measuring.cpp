#include "app/field/measuring.hpp"

#include "app/field/grid_tables.hpp"
#include "app/field/sampled_tables.hpp"
#include "app/field/scattered_tables.hpp"
#include "core/ranks/outcome.hpp"
#include "core/ranks/stop_signals.hpp"
#include "core/talk/errors.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

namespace cascade::app {
namespace {

using core::Communicator;
using Kind = WorkUnit::Kind;

/// The groups of ranks that realisations are dealt to.
struct Groups {
  int count = 1;
  int mine = 0;           ///< number of this rank's group; count or more: it has no work
  std::vector<int> first; ///< rank of each group's first member
  Communicator ranks;     ///< of my group

  /// D >= 2: contiguous ranges of ranks, none left over. D = 1: single ranks, since a line is not cut.
  static Groups make(const RunPlan& plan, const Communicator& all, bool single) {
    std::vector<int> first;
    int mine = single ? all.rank() : 0;
    for (int g = 0; g < plan.groups; ++g) {
      const auto range = core::split_range(all.size(), plan.groups, g);
      first.push_back(single ? g : static_cast<int>(range.begin));
      if (!single && all.rank() >= range.begin && all.rank() < range.end)
        mine = g;
    }
    return {plan.groups, mine, first, all.split(mine, all.rank())};
  }
};

/// The measuring of a list of units, step by step.
class Measuring {
public:
  Measuring(const RunConfig& config, const RunPlan& plan, const solvers::Generator& generator, const Communicator& all,
            core::Progress& progress, const UnitStore* store, const Part& part)
      : config_(config), plan_(plan), generator_(generator), all_(all), progress_(progress), store_(store),
        units_(work_units(config, plan)), tables_(units_.size()), owner_(units_.size(), nobody) {
    for (std::size_t k = 0; k < units_.size(); ++k)
      if (part.has(k))
        wanted_.push_back(k);
  }

  void run() {
    std::optional<core::StopSignals> signals;
    if (store_ != nullptr)
      signals.emplace();
    take_stored();
    measure_fields();
    measure_samples(Kind::pairs, "sampled structure functions");
    measure_samples(Kind::cells, "sampled cells");
  }

  /// Every unit's tables on every rank, merged in the order of the units.
  TableSet merged() {
    TableSet total;
    for (const std::size_t k : wanted_) {
      merge(total, from_bytes(all_.broadcast(tables_[k], owner_[k])));
      tables_[k].clear();
    }
    return total;
  }

  std::optional<core::GridSample> last_field() {
    if (!plan_.decomposition || single())
      return std::nullopt;
    if (!last_)
      last_ = make_field(config_, generator_, plan_.realisations - 1, all_, progress_);
    return std::move(last_);
  }

  std::size_t size() const { return wanted_.size(); }

private:
  static constexpr int nobody = -1;

  bool single() const { return config_.field->dimensions() == 1; }

  std::vector<std::size_t> missing(Kind kind) const {
    std::vector<std::size_t> list;
    for (const std::size_t k : wanted_)
      if (units_[k].kind == kind && owner_[k] == nobody)
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
    std::vector<std::size_t> todo = missing(Kind::field);
    if (todo.empty())
      return;
    const Groups groups = Groups::make(plan_, all_, single());
    if (needs_thresholds(config_) && units_[todo.back()].first > 0) {
      find_thresholds(todo.front(), groups);
      todo = missing(Kind::field);
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

  /// Thresholds of realisation 0: from its unit, wherever that is, or by measuring it.
  void find_thresholds(std::size_t first_missing, const Groups& groups) {
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
      thresholds_ = thresholds_of(config_, from_bytes(bytes));
      return;
    }
    const Communicator self = Communicator::self();
    const Communicator& ranks = single() ? self : all_;
    thresholds_ = thresholds_of(
        config_, measure_field(config_, make_field(config_, generator_, 0, ranks, progress_), 0, {}, ranks, progress_));
  }

  void field_together(std::size_t k) {
    last_.reset(); // two fields at a time are too many
    core::GridSample sample = make_field(config_, generator_, units_[k].first, all_, progress_);
    finish(k, measure_field(config_, sample, units_[k].first, thresholds_, all_, progress_), all_);
    owner_[k] = 0;
    if (units_[k].first + 1 == plan_.realisations)
      last_ = std::move(sample);
    stop_if_asked();
  }

  /// Group g measures units g, g + groups, ... of the list.
  void deal(const std::vector<std::size_t>& list, const Groups& groups) {
    if (list.empty())
      return;
    const Communicator guard = all_.split(0, all_.rank());
    bool stopped = false;
    const auto work = [&] {
      for (std::size_t i = static_cast<std::size_t>(groups.mine); i < list.size() && !stopped;
           i += static_cast<std::size_t>(groups.count)) {
        const WorkUnit& unit = units_[list[i]];
        const core::GridSample sample = make_field(config_, generator_, unit.first, groups.ranks, progress_);
        finish(list[i], measure_field(config_, sample, unit.first, thresholds_, groups.ranks, progress_), groups.ranks);
        stopped = asked(groups.ranks);
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
    stop_if_asked(stopped);
  }

  // --- the point view

  void measure_samples(Kind kind, const std::string& name) {
    const std::vector<std::size_t> todo = missing(kind);
    if (todo.empty())
      return;
    auto stage = progress_.begin(name, static_cast<double>(todo.size()));
    const auto advance = [&](double part) { stage.advance(part); };
    for (const std::size_t k : todo) {
      const TreeRange trees{static_cast<int>(units_[k].first), static_cast<int>(units_[k].count)};
      const auto way = config_.field->scattered()
                           ? (kind == Kind::pairs ? measure_scattered_pairs : measure_scattered_cells)
                           : (kind == Kind::pairs ? measure_pairs : measure_cells);
      finish(k, way(config_, plan_.sampling, generator_, trees, all_, advance), all_);
      owner_[k] = 0;
      stop_if_asked();
    }
  }

  // --- both

  void finish(std::size_t k, const TableSet& tables, const Communicator& ranks) {
    ranks.agree([&] {
      if (ranks.rank() != 0)
        return;
      tables_[k] = to_bytes(tables);
      if (store_ != nullptr)
        store_->save(units_[k].name(), tables_[k]);
    });
  }

  bool asked(const Communicator& ranks, bool already = false) const {
    std::int64_t flag[] = {already || (store_ != nullptr && core::StopSignals::requested()) ? 1 : 0};
    ranks.max(std::span<std::int64_t>(flag));
    return flag[0] != 0;
  }

  void stop_if_asked(bool already = false) const {
    if (asked(all_, already))
      throw core::Error(core::ExitCode::stopped,
                        fmt::format("stopped by a signal; what was finished is in {}. Continue with --resume.",
                                    store_->folder().string()));
  }

  const RunConfig& config_;
  const RunPlan& plan_;
  const solvers::Generator& generator_;
  const Communicator& all_;
  core::Progress& progress_;
  const UnitStore* store_;
  std::vector<WorkUnit> units_;
  std::vector<std::size_t> wanted_;
  std::vector<std::string> tables_; ///< bytes of finished units, on their owner
  std::vector<int> owner_;          ///< rank that has them, the same list on every rank
  Thresholds thresholds_;
  std::optional<core::GridSample> last_;
};

} // namespace

MeasuredUnits measure(const RunConfig& config, const RunPlan& plan, const solvers::Generator& generator,
                      const Communicator& communicator, core::Progress& progress, const UnitStore* store) {
  Measuring work(config, plan, generator, communicator, progress, store, Part{1, 1});
  work.run();
  MeasuredUnits result;
  result.tables = work.merged();
  result.last = work.last_field();
  return result;
}

void measure_part(const RunConfig& config, const RunPlan& plan, const solvers::Generator& generator,
                  const Communicator& communicator, core::Progress& progress, const UnitStore& store,
                  const Part& part) {
  Measuring(config, plan, generator, communicator, progress, &store, part).run();
}

} // namespace cascade::app
