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
  /// @throws         io_error if one of the files cannot be made: before the fit, which may take long
  FitRecord(const FitFlags& flags, std::string command);

  void add(const Iteration& iteration);
  /// The trace alone, as of a fit that failed.
  void commit_trace();
  /// Trace and pages.
  /// @param dropped  ReadReport::dropped
  /// @throws         io_error
  void write(const ModelFile& model, const Dataset& rows, const std::vector<std::size_t>& dropped);
  /// The files that were written.
  std::vector<std::string> paths() const;

 private:
  const FitFlags& flags_;
  std::string command_;
  std::optional<OutputFile> trace_;
  std::optional<OutputFile> report_;
  std::optional<OutputFile> replay_;
  std::vector<LikelihoodParts> iterations_;
  ReplaySteps steps_;
};

}  // namespace mogul::cli
