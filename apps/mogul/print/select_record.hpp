// The file of --resume: the fits of a selection that are done, a model file a line.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "mogul/io.hpp"
#include "mogul/select.hpp"

namespace mogul::cli {

class SelectRecord {
 public:
  /// Reads the file, if there is one.
  /// @param path           empty: nothing is read or written
  /// @param options        borrowed
  /// @param feature_names  of the rows
  /// @throws               io_error; invalid_data for a line that is no fit of such a selection
  SelectRecord(std::string path, const SelectOptions& options, std::vector<std::string> feature_names);

  /// The fits that were in the file.
  std::vector<KnownFit> known() const;
  /// Keeps a fit of the table, in place of an earlier one; every ten seconds the file is written.
  void add(const SelectionCell& cell);
  /// @throws io_error
  void write();

  /// The model file of a fit.
  ModelFile model_of(const SelectionCell& cell) const;

 private:
  FitSettings settings_of(const SelectionCell& cell) const;
  void read();
  void check_settings(const ModelFile& model, const std::string& line) const;

  std::string path_;
  const SelectOptions& options_;
  std::vector<std::string> feature_names_;
  std::vector<ModelFile> fits_;
  std::chrono::steady_clock::time_point written_;
};

}  // namespace mogul::cli
