// Whether rows, a trace and a model belong to one fit, by the log-likelihoods that the fit recorded.
#pragma once

#include <span>
#include <string>

#include "mogul/dataset.hpp"
#include "mogul/io.hpp"
#include "mogul/page.hpp"
#include "mogul/report.hpp"
#include "mogul/score.hpp"
#include "mogul/trace.hpp"

namespace mogul {

/// How far L on the rows of a fit may lie from what the fit recorded: by rounding, also where either was computed from
/// rows of float.
double rounding_of_likelihood(const Mixture& mixture, double log_likelihood, double sum_weights);

/// Whether rows are those of the fit, and have their weights.
/// @param evaluation  of the mixture on them
/// @param hold  what the fit held
bool are_rows_of_fit(const FitReport& report, const Mixture& mixture, const DataView& data,
                     const Evaluation& evaluation, const Hold& hold);

/// That the iterations, if there are any, lead to the model.
/// @param name  stands for them in messages
/// @throws      invalid_data if they are of another fit; invalid_argument if the model has no record of a fit
void check_trace(std::span<const LikelihoodParts> iterations, const ModelFile& model, const std::string& name);

/// That the rows are those on which the step was taken, also where the fit read them as floats and these are doubles.
/// @param data_name, trace_name  stand for the two in messages
/// @throws                       invalid_data if L is another
/// @cost                         one pass over the rows; before it throws another one over a copy of them as floats
void check_rows_of_step(const TraceStep& step, const DataView& data, const std::string& data_name,
                        const std::string& trace_name);

}  // namespace mogul
