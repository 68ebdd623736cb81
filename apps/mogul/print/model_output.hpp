// A model as fit and inspect print it: a report for people, the model file, or a row per component.
#pragma once

#include "mogul/io.hpp"
#include "mogul/report.hpp"
#include "print/output.hpp"

namespace mogul::cli {

/// Writes in the output's format: table = the report (the component table where there was no fit), json and
/// jsonl = the model file, markdown, csv, tsv and npy = a row per component.
void write_model_to(Output& output, const ModelFile& model, Spread spread);

/// Columns component, weight, cluster (with clusters), size (with a report), mean_<feature>...,
/// standard_deviation_<feature>... or variance_<feature>...; with standard errors those of each,
/// <column>_standard_error
Table component_rows(const ModelFile& model, Spread spread);

/// A JSON document on one line: line breaks and the blanks after them are layout only, as a JSON string has them
/// escaped.
std::string json_line(const std::string& json);

/// --spread: which of the two tables show.
void add_spread_flag(CommandLine& line, Spread& spread);

}  // namespace mogul::cli
