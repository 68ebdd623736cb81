// The flags of `mogul lrt`, and the LrtOptions that they mean.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "flags/constraint_flags.hpp"
#include "flags/general_flags.hpp"
#include "flags/input_flags.hpp"
#include "mogul/lrt.hpp"
#include "print/output.hpp"

namespace mogul::cli {

struct LrtFlags {
  InputFlags input;
  OutputFlags output;
  GeneralFlags general;
  std::vector<std::size_t> n_components;
  std::optional<CovarianceFamily> covariance;
  std::uint64_t n_bootstrap = LrtOptions().n_bootstrap;
  double level = LrtOptions().level;
  std::optional<InitMethod> init;
  std::optional<double> gain;
  ConstraintFlags constraints;  ///< reg_covar and max_eigenvalue_ratio
  FitOptions fit;               ///< what needs no translation: max_iter, tol, seed
};

void declare(CommandLine& line, LrtFlags& flags);

/// What can be seen wrong before any file is read. @throws UsageError
void check(const LrtFlags& flags);

LrtOptions lrt_options(const LrtFlags& flags);

}  // namespace mogul::cli
