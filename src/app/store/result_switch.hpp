#pragma once
// An older result gives way to a new one all at once, or not at all.

#include "core/files/safe_file.hpp"

#include <filesystem>
#include <vector>

namespace cascade::app {

/// Folder that holds an older result while the new one takes its place; as long as it is there the older one is in
/// force, whatever lies beside it.
inline constexpr const char* older_folder = ".older";

/// Gives the finished files their names, the last of them last, and removes those of an older result that the new one
/// lacks. The older files are kept (as further links) in `.older` until all is done; giving up that name is the one
/// switch. An error brings the older result back before it is thrown, a kill leaves that to undo_switch(). Local; the
/// caller holds the lock of the directory.
void switch_result(const std::filesystem::path& directory, std::vector<core::TemporaryFile>& staged);

/// Throws Error(refused) where the folders of a switch hold something that is no file of a result. Local, changes
/// nothing.
void require_switchable(const std::filesystem::path& directory);

/// A switch broken off by a kill: the older result is put back. Nothing happens where there was none. Local; the
/// caller holds the lock of the directory. Throws Error(io_failure), and what require_switchable() throws.
void undo_switch(const std::filesystem::path& directory);

/// A switch was broken off here. Local, never throws.
bool switch_broken_off(const std::filesystem::path& directory);

} // namespace cascade::app
