// The flags of `mogul select`, and the SelectOptions that they mean.
#pragma once

#include <string>
#include <vector>

#include "flags/constraint_flags.hpp"
#include "flags/general_flags.hpp"
#include "flags/input_flags.hpp"
#include "mogul/select.hpp"
#include "print/output.hpp"

namespace mogul::cli {

struct SelectFlags {
  InputFlags input;
  OutputFlags output;  ///< of the best model; its format is that of the table on standard output
  GeneralFlags general;
  std::vector<std::size_t> n_components;
  std::vector<std::string> covariances;  ///< words of --covariance
  Criterion criterion = Criterion::bic;
  std::optional<std::size_t> n_folds;
  bool one_standard_error = false;
  std::optional<std::size_t> n_runs;
  std::optional<InitMethod> init;
  std::optional<std::size_t> n_init;
  Search search = Search::none;
  std::optional<double> gain;
  ConstraintFlags constraints;
  bool mclust_sign = false;
  std::string report;  ///< path of the page
  std::string resume;  ///< path of the fits that are done
  FitOptions fit;      ///< what needs no translation: max_iter, tol, acceleration, degenerate, seed
};

void declare(CommandLine& line, SelectFlags& flags);

/// What can be seen wrong before any file is read. @throws UsageError
void check(const SelectFlags& flags);

SelectOptions select_options(const SelectFlags& flags);

}  // namespace mogul::cli
