// What `mogul fit` keeps of its iterations for --trace, --report and --replay.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "flags/fit_flags.hpp"
#include "mogul/io.hpp"
#include "mogul/output_file.hpp"
#include "mogul/page.hpp"
#include "mogul/trace.hpp"

namespace mogul::cli {

class FitRecord {
 public:
  /// @param command  as it was typed, for the report
  /// @throws         io_error if the file of --trace cannot be made
  FitRecord(const FitFlags& flags, std::string command);

  void add(const Iteration& iteration);
  /// The trace alone, as of a fit that failed.
  void commit_trace();
  /// Trace and pages. @throws io_error
  void write(const ModelFile& model, const Dataset& rows);
  /// The files that were written.
  std::vector<std::string> paths() const;

 private:
  const FitFlags& flags_;
  std::string command_;
  std::optional<OutputFile> trace_;
  std::vector<LikelihoodParts> iterations_;
  std::vector<TraceStep> steps_;
};

/// The words of a command line as a shell reads them back.
std::string shell_words(const Arguments& words);

}  // namespace mogul::cli
