#include "core/talk/progress.hpp"

#include "core/talk/shown.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <iostream>

namespace cascade::core {

namespace {

constexpr double redraw_interval = 0.1; // seconds: faster than the eye, slower than a terminal
constexpr std::int64_t bar_width = 30, name_column = 24;

double steady_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

} // namespace

std::string format_duration(double seconds) {
  if (seconds < 9.95)
    return fmt::format("{:.1f} s", seconds);
  const auto whole = static_cast<std::int64_t>(std::llround(seconds));
  if (whole < 60)
    return fmt::format("{} s", whole);
  if (whole < 3600)
    return fmt::format("{} min {:02} s", whole / 60, whole % 60);
  return fmt::format("{} h {:02} min", whole / 3600, whole % 3600 / 60);
}

Progress::Progress(Style style, int columns) : Progress(style, std::cout, steady_seconds, 10, columns) {}

Progress::Progress(Style style, std::ostream& out, Clock clock, double interval, int columns)
    : style_(style), out_(out), clock_(std::move(clock)), interval_(interval), columns_(columns) {}

Progress::~Progress() {
  clear_bar();
}

void Progress::Stage::advance(double work) {
  if (owner_ != nullptr)
    owner_->advance(number_, work);
}

void Progress::Stage::finish() {
  if (Progress* owner = std::exchange(owner_, nullptr))
    owner->finish(number_);
}

Progress::Stage Progress::begin(const std::string& name, double total_work) {
  if (running_)
    finish(stage_);
  name_ = name;
  ++stage_;
  total_ = std::max(total_work, 0.0);
  done_ = 0;
  running_ = true;
  started_ = last_shown_ = clock_();
  if (style_ == Style::bar)
    draw_bar(started_);
  return Stage(this, stage_);
}

void Progress::message(const std::string& text) {
  log_ += plain(text) + "\n";
  last_said_ = clock_();
  if (style_ == Style::silent)
    return;
  clear_bar();
  out_ << printable(text) << std::endl;
}

void Progress::advance(int stage, double work) {
  if (!running_ || stage != stage_)
    return;
  done_ += work;
  if (style_ == Style::silent)
    return;
  const double now = clock_();
  if (now - last_shown_ < (style_ == Style::bar ? redraw_interval : interval_))
    return;
  last_shown_ = now;
  if (style_ == Style::bar)
    draw_bar(now);
  else
    write_line(now);
}

void Progress::finish(int stage) {
  if (!running_ || stage != stage_)
    return;
  running_ = false;
  const double now = clock_(), seconds = now - started_;
  const auto same =
      std::find_if(timing_.begin(), timing_.end(), [&](const auto& entry) { return entry.first == name_; });
  const bool repeated = same != timing_.end();
  if (repeated)
    same->second += seconds;
  else
    timing_.emplace_back(name_, seconds);
  clear_bar();
  if (repeated && now - last_said_ < interval_) // realisation after realisation: once is enough
    return;
  message(fmt::format("{:<32} {:>12}", name_, format_duration(seconds)));
}

/// Time left at the mean speed so far; negative when nothing can be said.
double Progress::seconds_left(double now) const {
  if (total_ <= 0 || done_ <= 0 || now <= started_)
    return -1;
  return (now - started_) * std::max(total_ - done_, 0.0) / done_;
}

void Progress::clear_bar() {
  if (bar_on_screen_)
    out_ << "\r\x1b[K" << std::flush;
  bar_on_screen_ = false;
}

void Progress::draw_bar(double now) {
  const double part = total_ > 0 ? std::min(1.0, done_ / total_) : 0;
  const double left = seconds_left(now);
  const std::string after =
      fmt::format(" {:3.0f}%{}", 100 * part, left < 0 ? "" : "  " + format_duration(left) + " left");
  const std::int64_t space = columns_ - 1; // a full line would wrap
  const std::int64_t room = space - static_cast<std::int64_t>(after.size());
  const std::int64_t width = std::clamp<std::int64_t>(room - name_column - 3, 0, bar_width);
  const auto filled = static_cast<std::size_t>(part * static_cast<double>(width));
  const std::string bar = width == 0 ? ""
                                     : fmt::format(" [{}{}]", std::string(filled, '#'),
                                                   std::string(static_cast<std::size_t>(width) - filled, '.'));
  const auto name = static_cast<std::size_t>(std::max<std::int64_t>(room - static_cast<std::int64_t>(bar.size()), 0));
  out_ << "\r\x1b[K"
       << fmt::format("{:<{}}{}{}", name_.substr(0, name), std::min<std::size_t>(name, name_column), bar, after)
       << std::flush;
  bar_on_screen_ = true;
}

void Progress::write_line(double now) {
  const double left = seconds_left(now);
  const std::string part = total_ > 0 ? fmt::format(" {:.0f}%", 100.0 * done_ / total_) : std::string();
  out_ << fmt::format("{:<32}{} after {}{}", name_, part, format_duration(now - started_),
                      left < 0 ? "" : ", about " + format_duration(left) + " left")
       << std::endl;
}

} // namespace cascade::core
