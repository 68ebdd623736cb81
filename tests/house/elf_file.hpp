// What the dynamic linker is told by a program or a shared library, for the tests of this folder.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace mogul::house {

struct ElfFile {
  std::vector<std::string> run_paths;  ///< RPATH and RUNPATH as they stand, with ':' between their entries
  bool is_position_independent = false;
  bool binds_now = false;  ///< every symbol is bound before the program begins
  bool has_relro = false;  ///< what the linker has written is made read-only
};

/// Nothing where the file is no program or shared library of this machine's word size.
std::optional<ElfFile> read_elf_file(const std::filesystem::path& path);

/// The entries of a run path that let the current directory decide what is loaded: all but absolute ones and $ORIGIN.
std::vector<std::string> unsafe_entries(const std::string& run_path);

}  // namespace mogul::house
