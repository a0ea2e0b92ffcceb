#pragma once
// Reads parameter structs from an input tree and says what is wrong, where, and what is allowed.

#include "core/input/config_tree.hpp"
#include "core/input/diagnostics.hpp"
#include "core/input/parameters.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace cascade::core {

/// A ParameterVisitor that fills members from a ConfigNode. A key that is absent keeps its default (a choice whose
/// default is empty must be given); a key that is wrong keeps its default too and is reported, so that one reading
/// finds every error. Keys nobody declared are reported by finish(). `root` and `diagnostics` must outlive the reader.
/// Local.
class YamlReader final : public ParameterVisitor {
public:
  YamlReader(const ConfigNode& root, Diagnostics& diagnostics);

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

  /// What to say of an unknown key at this path instead of a spelling suggestion, e.g. whose key it is.
  void explain(const std::string& path, const std::string& text) { explanations_.push_back({path, text}); }
  /// Unknown keys of this section are not worth a word (the key that decides which are known is wrong itself).
  void forgive_unknown(const std::string& section) { forgiven_.push_back(section); }
  /// Reports a struct's own complaints at the keys they name (or the nearest section written). A complaint about a key
  /// that was wrong already is dropped: it would only be about the default.
  void report(const Problems& problems);
  /// Reports the keys nobody asked for. Call once, at the end.
  void finish();
  /// Where a dotted key was written, or else the nearest section around it.
  Position where(const std::string& path) const;

private:
  std::size_t begin_list(const char* key, std::size_t size, const std::string& help) override;
  void begin_item(std::size_t index) override;
  void end_item() override;
  void end_list() override;

  struct Frame {
    const ConfigNode* node; ///< null when the input lacks the section
    std::string path;
    std::vector<std::string> declared;
    bool broken = false; ///< something else stands where the section should: said once, its keys are not missed
  };
  struct Unknown {
    const ConfigEntry* entry;
    std::string path;
    std::vector<std::string> siblings;
  };

  std::string path_of(const std::string& key) const;
  const ConfigNode* lookup(const char* key);
  const ConfigNode* value_of(const char* key);
  const std::vector<ConfigNode>* list_of(const char* key, bool may_be_empty);
  void complain(const ConfigNode& node, const std::string& path, const std::string& what);
  std::optional<double> read_real(const ConfigNode& node, const std::string& path, Range1 allowed);
  std::optional<std::int64_t> read_integer(const ConfigNode& node, const std::string& path, Range1 allowed);
  std::optional<bool> read_boolean(const ConfigNode& node, const std::string& path);
  std::optional<std::string> read_choice(const ConfigNode& node, const std::string& path,
                                         const std::vector<std::string>& allowed);
  template <class T, class Read>
  void read_list(const char* key, std::vector<T>& value, const Read& read);
  /// The same of a list in which values may be equal, or of one value that stands for a list of one.
  template <class T, class Read>
  void read_values(const char* key, std::vector<T>& value, const Read& read);

  const ConfigNode& root_;
  Diagnostics& diagnostics_;
  std::vector<Frame> frames_;
  std::vector<Unknown> unknown_;
  std::vector<std::string> paths_named(const std::string& key) const;

  std::vector<std::string> known_paths_;
  std::vector<std::pair<std::string, std::string>> explanations_;
  std::vector<std::string> forgiven_;
};

} // namespace cascade::core
