#pragma once
// Everything that is wrong with an input, collected before anything is said.

#include <string>
#include <vector>

namespace cascade::core {

/// Where something was written: a place in a file (line and column count from 1), or an argument such as
/// "--set field.points" (line 0).
struct Position {
  std::string source;
  int line = 0;
  int column = 0;
  std::string text() const;
};

/// Collects messages `position: key: what is wrong; what is allowed` and gives them in the order of the input, each
/// once. Plain value, local.
class Diagnostics {
public:
  void add(const Position& position, const std::string& key, const std::string& message);
  bool empty() const { return all_.empty(); }
  /// True when a message names this key or one inside it.
  bool mentions(const std::string& key) const;
  std::vector<std::string> lines() const;
  /// Throws core::Error(bad_input) with all lines if there are any.
  void throw_if_any() const;

private:
  struct Entry {
    Position position;
    std::string key;
    std::string message;
  };
  std::vector<Entry> all_;
};

} // namespace cascade::core
