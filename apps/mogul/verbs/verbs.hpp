// The verbs, one file each. A verb declares its flags, reads, computes and writes; main.cpp turns what
// it returns or throws into the process's exit code.
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

namespace mogul::cli {

/// The exit codes, documented in docs/errors.md.
enum class Exit {
  done = 0,
  failure = 1,
  usage = 2,
  bad_data = 3,
  not_converged = 4,
  cannot_read_or_write = 5,
  interrupted = 130,
};

/// A command line that cannot be run: an unknown flag, a value of the wrong kind, flags that contradict.
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// What follows the verb.
using Arguments = std::vector<std::string>;

Exit run_fit(const Arguments& arguments);
Exit run_select(const Arguments& arguments);
Exit run_merge(const Arguments& arguments);
Exit run_lrt(const Arguments& arguments);
Exit run_score(const Arguments& arguments);
Exit run_predict(const Arguments& arguments);
Exit run_sample(const Arguments& arguments);
Exit run_evaluate(const Arguments& arguments);
Exit run_inspect(const Arguments& arguments);
Exit run_model(const Arguments& arguments);
Exit run_plot(const Arguments& arguments);
Exit run_report(const Arguments& arguments);
Exit run_explain(const Arguments& arguments);
Exit run_replay(const Arguments& arguments);

}  // namespace mogul::cli
