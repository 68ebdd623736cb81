// The flags of `mogul model`: the parameters of a mixture, as they are typed.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "flags/general_flags.hpp"
#include "flags/numbers.hpp"
#include "mogul/mixture.hpp"
#include "mogul/report.hpp"
#include "print/output.hpp"

namespace mogul::cli {

struct ModelFlags {
  NumberLists means;
  std::vector<double> weights;  ///< of the components; empty = equal ones
  NumberLists variances;
  NumberLists standard_deviations;
  std::string covariances;  ///< path
  std::optional<CovarianceFamily> covariance;
  std::vector<std::string> features;
  OutputFlags output;
  Spread spread = Spread::standard_deviation;
  GeneralFlags general;
};

void declare(CommandLine& line, ModelFlags& flags);

/// What can be seen wrong before any file is read. @throws UsageError
void check(const ModelFlags& flags);

}  // namespace mogul::cli
