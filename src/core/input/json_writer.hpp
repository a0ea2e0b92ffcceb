#pragma once
// The resolved configuration as JSON, which is also an input file.

#include "core/input/parameters.hpp"

#include <nlohmann/json_fwd.hpp>

#include <memory>
#include <string>

namespace cascade::core {

/// A ParameterVisitor that writes every declared value, defaults included, in the order declared. Optional values
/// nobody set become null. JSON is YAML: the text reads back to the same values (doubles are written in full). Local.
class JsonWriter final : public ParameterVisitor {
public:
  JsonWriter();
  ~JsonWriter() override;

  void real(const char* key, double& value, Range1 allowed, const KeyHelp& help) override;
  void real(const char* key, std::optional<double>& value, Range1 allowed, const KeyHelp& help) override;
  void integer(const char* key, std::int64_t& value, Range1 allowed, const KeyHelp& help) override;
  void integer(const char* key, std::optional<std::int64_t>& value, Range1 allowed, const KeyHelp& help) override;
  void boolean(const char* key, bool& value, const KeyHelp& help) override;
  void text(const char* key, std::string& value, const KeyHelp& help) override;
  void choice(const char* key, std::string& value, const std::vector<std::string>& allowed,
              const KeyHelp& help) override;
  void reals(const char* key, std::vector<double>& value, Range1 allowed, const KeyHelp& help) override;
  void integers(const char* key, std::vector<std::int64_t>& value, Range1 allowed, const KeyHelp& help) override;
  void choices(const char* key, std::vector<std::string>& value, const std::vector<std::string>& allowed,
               const KeyHelp& help) override;
  void texts(const char* key, std::vector<std::string>& value, const KeyHelp& help) override;
  void axis_reals(const char* key, std::vector<double>& value, Range1 allowed, const KeyHelp& help) override;
  void axis_integers(const char* key, std::vector<std::int64_t>& value, Range1 allowed, const KeyHelp& help) override;
  void axis_booleans(const char* key, std::vector<bool>& value, const KeyHelp& help) override;
  void settings(const char* key, std::vector<Setting>& value, const KeyHelp& help) override;
  void begin(const char* key, bool& present, const std::string& help) override;
  void end() override;

  /// The object written so far; all sections must have ended.
  const nlohmann::ordered_json& json() const;

private:
  std::size_t begin_list(const char* key, std::size_t size, const std::string& help) override;
  void begin_item(std::size_t index) override;
  void end_item() override;
  void end_list() override;

  template <class T>
  void put(const char* key, const T& value);
  struct State;
  std::unique_ptr<State> state_;
};

} // namespace cascade::core
