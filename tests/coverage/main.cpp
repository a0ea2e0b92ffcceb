// Coverage of the program's intervals on random inputs of known truth: ./dev coverage. Inputs are dealt to the ranks.

#include "core/ranks/communicator.hpp"
#include "tests/coverage/kind.hpp"
#include "tests/coverage/scores.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>

namespace {

using namespace cascade;
using coverage::Interval;

struct Options {
  std::vector<std::string> kinds;
  int seeds = 0;
  std::uint64_t first = 5000;
  bool quick = false, list = false, each = false;
};

/// Intervals of all inputs, in order of their seeds, on every rank.
std::vector<std::vector<Interval>> measure(const coverage::Kind& kind, std::uint64_t first, int seeds,
                                           const core::Communicator& world) {
  std::vector<std::vector<Interval>> own;
  std::vector<double> sent;
  for (int i = world.rank(); i < seeds; i += world.size()) {
    own.push_back(kind.measure(first + static_cast<std::uint64_t>(i)));
    for (std::size_t place = 0; place < own.back().size(); ++place) {
      const Interval& x = own.back()[place];
      sent.insert(sent.end(), {static_cast<double>(i), static_cast<double>(place), x.truth, x.answered ? 1.0 : 0.0,
                               x.value, x.error, x.low, x.high});
    }
  }
  const auto all = world.gather_all(std::span<const double>(sent));
  // names are the same for every input of a kind; rank 0 always has the first
  std::string names;
  if (!own.empty())
    for (const Interval& x : own.front())
      names += x.quantity + '\n';
  names = world.broadcast(names, 0);
  std::vector<std::string> quantities;
  for (std::size_t begin = 0, end; (end = names.find('\n', begin)) != std::string::npos; begin = end + 1)
    quantities.push_back(names.substr(begin, end - begin));
  std::vector<std::vector<Interval>> result(static_cast<std::size_t>(seeds));
  for (std::size_t at = 0; at + 8 <= all.size(); at += 8)
    result[static_cast<std::size_t>(all[at])].push_back({quantities[static_cast<std::size_t>(all[at + 1])], all[at + 2],
                                                         all[at + 3] > 0, all[at + 4], all[at + 5], all[at + 6],
                                                         all[at + 7]});
  return result;
}

/// Every interval of every input, worst first among those answered: what to look at when a row of the table is bad.
std::string every_interval(std::uint64_t first, const std::vector<std::vector<Interval>>& inputs) {
  struct Line {
    double z;
    std::string text;
  };
  std::vector<Line> lines;
  for (std::size_t i = 0; i < inputs.size(); ++i)
    for (const Interval& x : inputs[i]) {
      const std::string start = fmt::format("  seed {}  {:<40} truth {:.4f}  ", first + i, x.quantity, x.truth);
      if (!x.answered) {
        lines.push_back({0, start + "no range\n"});
        continue;
      }
      const double z = (x.value - x.truth) / x.error;
      lines.push_back({std::abs(z), start + fmt::format("{:.4f} +- {:.4f} [{:.4f}, {:.4f}]  z {:+.2f}\n", x.value,
                                                        x.error, x.low, x.high, z)});
    }
  std::stable_sort(lines.begin(), lines.end(), [](const Line& a, const Line& b) { return std::isgreater(a.z, b.z); });
  std::string text;
  for (const Line& line : lines)
    text += line.text;
  return text;
}

/// What is wrong with the scores of a kind, a line each; only what chance cannot explain.
std::string complaints(const coverage::Kind& kind, const std::vector<coverage::Score>& scores) {
  std::string text;
  for (const coverage::Score& score : scores) {
    if (!kind.answerable && score.answered > 0)
      text += fmt::format("{}, {}: {} of {} inputs got an answer where there is no range\n", kind.name, score.quantity,
                          score.answered, score.inputs);
    if (kind.answerable && coverage::too_few(score, 0.9))
      text += fmt::format("{}, {}: {} of {} intervals hold the truth, too few for 90%\n", kind.name, score.quantity,
                          score.covered, score.answered);
    if (kind.answerable && score.rejected > 1)
      text += fmt::format("{}, {}: {} false rejections\n", kind.name, score.quantity, score.rejected);
  }
  return text;
}

int run(const Options& options, const core::Communicator& world) {
  const bool speaks = world.rank() == 0;
  std::string wrong;
  if (speaks)
    std::fputs(coverage::table_head().c_str(), stdout);
  for (const coverage::Kind& kind : coverage::kinds()) {
    const bool named = std::find(options.kinds.begin(), options.kinds.end(), kind.name) != options.kinds.end();
    const int seeds = options.seeds > 0 ? options.seeds : options.quick ? kind.quick_seeds : kind.seeds;
    if (seeds == 0 || (!options.kinds.empty() && !named))
      continue;
    const auto inputs = measure(kind, options.first, seeds, world);
    const auto scores = coverage::scores(inputs);
    wrong += complaints(kind, scores);
    if (!speaks)
      continue;
    for (const coverage::Score& score : scores)
      std::fputs(coverage::table_row(kind.name, score).c_str(), stdout);
    if (options.each)
      std::fputs(every_interval(options.first, inputs).c_str(), stdout);
    std::fflush(stdout);
  }
  if (speaks && !wrong.empty())
    std::fputs(("\n" + wrong).c_str(), stdout);
  return wrong.empty() ? 0 : 1;
}

} // namespace

int main(int argc, char** argv) {
  core::Environment environment(argc, argv);
  const auto world = core::Communicator::world();
  Options options;
  CLI::App app("Coverage of intervals on random inputs of known truth, as a Markdown table");
  app.add_option("kinds", options.kinds, "kinds to measure (--list names them); default all");
  app.add_option("--seeds", options.seeds, "inputs a kind; default: those of the full table");
  app.add_option("--first", options.first, "the first seed; others than the table's show what was not chosen on them");
  app.add_flag("--quick", options.quick, "the short table, three minutes on two cores");
  app.add_flag("--each", options.each, "every input's intervals below the rows of its kind, worst first");
  app.add_flag("--list", options.list, "names the kinds");
  CLI11_PARSE(app, argc, argv);
  if (options.list) {
    for (const coverage::Kind& kind : coverage::kinds())
      if (world.rank() == 0)
        fmt::print("{:<24} {:4} inputs: {}\n", kind.name, kind.seeds, kind.summary);
    return 0;
  }
  for (const std::string& name : options.kinds)
    if (std::none_of(coverage::kinds().begin(), coverage::kinds().end(),
                     [&](const coverage::Kind& kind) { return kind.name == name; })) {
      if (world.rank() == 0)
        fmt::print(stderr, "coverage: there is no kind '{}'; --list names them\n", name);
      return 2;
    }
  return run(options, world);
}
