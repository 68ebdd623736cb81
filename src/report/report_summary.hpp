// What was fitted and how it ended, and whether the page is about the rows of the fit.
#pragma once

#include "mogul/dataset.hpp"
#include "mogul/page.hpp"
#include "mogul/score.hpp"
#include "report/document.hpp"

namespace mogul {

struct SummaryFacts {
  const ModelFile& model;
  const DataView& data;
  const ReportPageOptions& options;
  const Evaluation& evaluation;  ///< of the model on these rows
  bool has_rows_of_fit;          ///< also without a record of a fit, which could tell
};

/// The section "What was fitted", and "The rows of this page" where they are others than those of the fit.
void add_summary(Document& document, const SummaryFacts& facts);

}  // namespace mogul
