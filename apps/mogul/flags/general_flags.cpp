// The flags that every verb has, --help among them, and the one of every verb that draws random numbers.
#include "flags/general_flags.hpp"

namespace mogul::cli {

Verbosity GeneralFlags::verbosity() const {
  return quiet ? Verbosity::quiet : verbose ? Verbosity::verbose : Verbosity::normal;
}

void add_general_flags(CommandLine& line, GeneralFlags& flags) {
  FlagGroup general = line.group("General");
  general.add_number("--threads", flags.n_threads,
                     "threads to use; the result does not depend on it (default 0: every processor)");
  general.add_switch("-q,--quiet", flags.quiet, "say nothing but errors on standard error");
  general.add_switch("-v,--verbose", flags.verbose, "say more on standard error");
  line.exclude("--quiet", "--verbose");
  general.add_help();
}

void add_seed_flag(CommandLine& line, std::uint64_t& seed) {
  line.group("General").add_number("--seed", seed, "seed of the random generator (default 0)");
}

}  // namespace mogul::cli
