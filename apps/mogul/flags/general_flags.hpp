// The flags that every verb has, --help among them.
#pragma once

#include <cstdint>

#include "flags/command_line.hpp"
#include "print/messages.hpp"

namespace mogul::cli {

struct GeneralFlags {
  bool quiet = false;
  bool verbose = false;
  unsigned n_threads = 0;
  std::uint64_t seed = 0;

  Verbosity verbosity() const;
};

void add_general_flags(CommandLine& line, GeneralFlags& flags);

}  // namespace mogul::cli
