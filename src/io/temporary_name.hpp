// Names of the files that OutputFile writes before they take their target's place, and what killed processes left of
// them. For output_file.cpp.
#pragma once

#include <filesystem>

namespace mogul {

/// ".mogul-PID-ATTEMPT.tmp" in the folder.
std::filesystem::path temporary_name(const std::filesystem::path& folder, int attempt);

/// Removes the temporary files in the folder whose process is gone: regular files of this user, whose PID is no process
/// here and which no process anywhere has locked (flock), as OutputFile does until it is done.
void remove_stale_files(const std::filesystem::path& folder);

}  // namespace mogul
