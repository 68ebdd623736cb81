// Standard errors after a fit: computed while a line tells how far they are, and what keeps them from being there.
#pragma once

#include <exception>
#include <optional>

#include "flags/standard_error_flags.hpp"
#include "interrupt.hpp"
#include "mogul/dataset.hpp"
#include "mogul/io.hpp"
#include "print/messages.hpp"

namespace mogul::cli {

/// The model is kept without them where they cannot be had.
struct FoundErrors {
  std::optional<StandardErrors> errors = {};
  std::exception_ptr failure = {};
  bool interrupted = false;
};

/// @param options  of the fit
FoundErrors find_standard_errors(const ModelFile& model, const Dataset& rows, const StandardErrorFlags& flags,
                                 const FitOptions& options, Verbosity verbosity, const InterruptGuard& guard);

/// On standard error, if fits of replicates failed.
void warn_of_failures(const StandardErrors& errors);

}  // namespace mogul::cli
