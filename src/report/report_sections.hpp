// The sections of the page about a fit that have a file of their own; report_page.cpp has the others and their order.
#pragma once

#include <span>
#include <string>

#include "mogul/dataset.hpp"
#include "mogul/io.hpp"
#include "mogul/page.hpp"
#include "mogul/score.hpp"
#include "report/document.hpp"
#include "report/row_facts.hpp"

namespace mogul {

/// What the sections are about.
struct ReportSubject {
  const ModelFile& model;
  const DataView& data;
  const ReportPageOptions& options;
  Evaluation evaluation;
  RowFacts facts;

  const Mixture& mixture() const { return model.mixture; }
  std::span<const std::string> names() const { return model.feature_names; }
};

/// How L rose, iteration by iteration and restart by restart; nothing without a record of the fit.
void add_convergence(Document& document, const ReportSubject& subject);
/// What made the page, and what the model was fitted with.
void add_reproduction(Document& document, const ReportSubject& subject);

}  // namespace mogul
