// The flags that every verb has, --help among them.
#include "flags/general_flags.hpp"

namespace mogul::cli {

Verbosity GeneralFlags::verbosity() const {
  return quiet ? Verbosity::quiet : verbose ? Verbosity::verbose : Verbosity::normal;
}

void add_general_flags(CommandLine& line, GeneralFlags& flags) {
  FlagGroup general = line.group("General");
  general.add_number("--seed", flags.seed, "seed of the random generator (default 0)");
  general.add_number("--threads", flags.n_threads,
                     "threads to use; the result does not depend on it (default 0: every processor)");
  general.add_switch("-q,--quiet", flags.quiet, "say nothing but errors on standard error");
  general.add_switch("-v,--verbose", flags.verbose, "say more on standard error");
  line.exclude("--quiet", "--verbose");
  general.add_help();
}

}  // namespace mogul::cli
