// The flags that every verb has, --help among them, and the one of every verb that draws random numbers.
#pragma once

#include <cstdint>

#include "flags/command_line.hpp"
#include "print/messages.hpp"

namespace mogul::cli {

struct GeneralFlags {
  bool quiet = false;
  bool verbose = false;
  unsigned n_threads = 0;

  Verbosity verbosity() const;
};

void add_general_flags(CommandLine& line, GeneralFlags& flags);

/// --seed, of the verbs that draw random numbers; the others refuse it, as they could only ignore it.
void add_seed_flag(CommandLine& line, std::uint64_t& seed);

}  // namespace mogul::cli
