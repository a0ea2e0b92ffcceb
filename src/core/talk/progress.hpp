#pragma once
// What a person sees while the program works.

#include <chrono>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <string>
#include <utility>
#include <vector>

namespace cascade::core {

/// Seconds since it was made, by a clock that never goes back.
class Stopwatch {
public:
  double seconds() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count(); }

private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

/// Stages of a run with their share of work done and the time left. A bar with ETA where the terminal can show one,
/// otherwise a line when a stage ends and one every `interval` seconds during long ones; a
/// stage of a name that ended before (the next realisation) says so at most once an interval. A silent object (every
/// rank but 0, --quiet) takes the same calls and keeps the timing. A bar stays within `columns`: a longer line could
/// not be taken back. Local, one thread; one stage at a time.
class Progress {
public:
  enum class Style { silent, lines, bar };
  using Clock = std::function<double()>; ///< seconds, never going back
  explicit Progress(Style style, int columns = 80);
  Progress(Style style, std::ostream& out, Clock clock, double interval = 10, int columns = 80);
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress();

  /// Ends its stage when it goes out of scope.
  class Stage {
  public:
    Stage(Stage&& other) noexcept : owner_(std::exchange(other.owner_, nullptr)), number_(other.number_) {}
    Stage& operator=(Stage&&) = delete;
    ~Stage() { finish(); }
    void advance(double work = 1);
    void finish();

  private:
    friend class Progress;
    Stage(Progress* owner, int number) : owner_(owner), number_(number) {}
    Progress* owner_;
    int number_;
  };

  /// Starts a stage of `total_work` units (any unit, fractions too; 0 = unknown). A stage still running ends here.
  [[nodiscard]] Stage begin(const std::string& name, double total_work);
  /// A line of text above the bar.
  void message(const std::string& text);
  /// Every line said so far (said or not: --quiet keeps it too), for run.log.
  const std::string& log() const { return log_; }
  /// Stage -> seconds, in the order the stages ended; a name used twice is summed.
  const std::vector<std::pair<std::string, double>>& timing() const { return timing_; }

private:
  void advance(int stage, double work);
  void finish(int stage);
  void clear_bar();
  void draw_bar(double now);
  void write_line(double now);
  double seconds_left(double now) const;

  Style style_;
  std::ostream& out_;
  Clock clock_;
  double interval_;
  int columns_;
  std::string name_;
  int stage_ = 0; ///< number of the current stage
  double total_ = 0, done_ = 0;
  double started_ = 0, last_shown_ = 0, last_said_ = 0;
  std::string log_;
  bool bar_on_screen_ = false, running_ = false;
  std::vector<std::pair<std::string, double>> timing_;
};

/// "0.3 s", "12 s", "3 min 05 s", "2 h 07 min".
std::string format_duration(double seconds);

} // namespace cascade::core
