#include "app/reference/completion.hpp"

#include "app/input/input_names.hpp"
#include "app/reference/keys.hpp"
#include "core/talk/errors.hpp"
#include "core/talk/shown.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <vector>

namespace cascade::app {

namespace {

/// What is the same whatever the tables hold. The shell breaks words at '=': they are put together again first, and
/// what is offered loses what stands before the last '='. Written without anything of the bash-completion package.
constexpr const char* body = R"bash(
_cascade() {
  local words=() i word option='' current head
  for ((i = 0; i <= COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]}
    if ((i > 1)) && [[ $word == = || ${COMP_WORDS[i - 1]} == = ]]; then
      words[${#words[@]} - 1]+=$word
    else
      words+=("$word")
    fi
  done
  current=${words[${#words[@]} - 1]}
  ((${#words[@]} < 2)) || option=${words[${#words[@]} - 2]}
  head=
  if [[ $current == --*=* ]]; then   # --option=value
    option=${current%%=*}
    head=$option=
    current=${current#*=}
  fi
  COMPREPLY=()
  case $option in
    --set) _cascade_setting "$current" ;;
    --describe) mapfile -t COMPREPLY < <(compgen -W "$_cascade_names" -- "$current") ;;
    --output | --merge) _cascade_folders "$current" ;;
    *)
      if [[ -n ${_cascade_words[$option]:-} ]]; then
        mapfile -t COMPREPLY < <(compgen -W "${_cascade_words[$option]}" -- "$current")
      elif [[ -n $option && $_cascade_values == *" $option "* ]]; then
        :   # a value nobody can guess
      elif [[ $current == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$_cascade_options" -- "$current")
      else
        _cascade_inputs "$current"
      fi
      ;;
  esac
  [[ $COMP_WORDBREAKS == *=* ]] || COMPREPLY=("${COMPREPLY[@]/#/$head}")
}

_cascade_setting() {
  local key=${1%%=*} found=() each
  if [[ $1 == *=* ]]; then
    mapfile -t found < <(compgen -W "${_cascade_words[$key]:-}" -- "${1#*=}")
    [[ $COMP_WORDBREAKS == *=* ]] || found=("${found[@]/#/$key=}")
  else
    while IFS= read -r each; do
      found+=("$each=")
    done < <(compgen -W "$_cascade_keys" -- "$1")
    compopt -o nospace 2>/dev/null
  fi
  COMPREPLY=("${found[@]}")
}

_cascade_folders() {
  mapfile -t COMPREPLY < <(compgen -d -- "$1")
  compopt -o filenames 2>/dev/null
}

_cascade_inputs() {
  mapfile -t COMPREPLY < <({
    compgen -f -X '!*.yaml' -- "$1"
    compgen -f -X '!*.yml' -- "$1"
    compgen -d -- "$1"
    compgen -W "$_cascade_shipped" -- "$1"
  } | sort -u)
  compopt -o filenames 2>/dev/null
}

complete -F _cascade cascade
)bash";

/// The words a key may be set to; those of a key that several generators have, of all of them.
std::map<std::string, std::set<std::string>> words_of_keys() {
  std::map<std::string, std::set<std::string>> words;
  for (const core::KeyDescription& key : all_keys()) {
    if (key.type != "word" && key.type != "boolean")
      continue;
    std::string rest = key.allowed;
    for (std::size_t comma = rest.find(", "); !rest.empty(); comma = rest.find(", ")) {
      words[key.path].insert(rest.substr(0, comma));
      rest = comma == std::string::npos ? "" : rest.substr(comma + 2);
    }
  }
  return words;
}

/// Keys that --set can name: values, not sections, and not those of lists.
std::set<std::string> settable_keys() {
  std::set<std::string> keys;
  for (const core::KeyDescription& key : all_keys())
    if (!key.section && key.type != "section" && key.path.find("[]") == std::string::npos)
      keys.insert(key.path);
  return keys;
}

std::string assignment(const std::string& name, const std::set<std::string>& words) {
  return fmt::format("{}=' {} '\n", name, fmt::join(words, " "));
}

} // namespace

std::string completion(const std::string& shell) {
  if (shell != "bash")
    throw core::Error(core::ExitCode::bad_input,
                      fmt::format("--completion {}: completions are made for bash", core::shown(shell)));
  std::set<std::string> options, with_values;
  std::string words;
  for (const OptionDescription& option : option_descriptions()) {
    options.insert(option.name);
    if (!option.value.empty() && !option.value.starts_with("["))
      with_values.insert(option.name);
    if (!option.allowed.empty())
      words += fmt::format("  ['{}']='{}'\n", option.name, fmt::join(option.allowed, " "));
  }
  for (const auto& [key, allowed] : words_of_keys())
    words += fmt::format("  ['{}']='{}'\n", key, fmt::join(allowed, " "));
  const std::vector<std::string> all = all_names(), shipped = shipped_input_names();
  std::string out = "# bash completion for cascade. Made by `cascade --completion bash`; do not edit.\n";
  out += assignment("_cascade_options", options) + assignment("_cascade_values", with_values) +
         assignment("_cascade_keys", settable_keys()) + assignment("_cascade_names", {all.begin(), all.end()}) +
         assignment("_cascade_shipped", {shipped.begin(), shipped.end()});
  return out + "declare -gA _cascade_words=(\n" + words + ")\n" + body;
}

} // namespace cascade::app
