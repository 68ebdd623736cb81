// fit --trace: one JSON object per E-step, with the model and what the rows say about it.
#pragma once

#include <string>

#include "mogul/options.hpp"
#include "mogul/output_file.hpp"

namespace mogul::cli {

class Trace {
 public:
  /// @throws io_error if the file cannot be made
  explicit Trace(const std::string& path) : file_(path) {}

  void write(const Iteration& iteration);
  void commit() { file_.commit(); }

 private:
  OutputFile file_;
};

}  // namespace mogul::cli
