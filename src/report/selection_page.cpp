// The page about a selection: the choice, pictures, the table, and what its numbers mean.
#include <fmt/format.h>

#include <limits>
#include <string>

#include "mogul/error.hpp"
#include "mogul/select.hpp"
#include "report/document.hpp"
#include "report/figure/selection.hpp"
#include "report/selection_choice.hpp"
#include "report/selection_values.hpp"
#include "report/write/html.hpp"
#include "report/write/page_files.hpp"
#include "report/write/svg.hpp"

namespace mogul {
namespace {

const char* meaning_of(Criterion criterion) {
  switch (criterion) {
    case Criterion::bic:
      return "BIC, -2 L + p log n with p free parameters and n rows, asks which model the rows come from. A component "
             "more must raise the log-likelihood by more than its parameters cost. Clusters that are not Gaussian "
             "take several components.";
    case Criterion::icl:
      return "ICL is BIC with the log-likelihood of rows and labels in place of that of the rows, so that it asks "
             "which clusters are apart: components that overlap are paid for.";
    case Criterion::aic:
      return "AIC, -2 L + 2 p with p free parameters, asks which model predicts other rows best. It tends to more "
             "components than BIC.";
    case Criterion::aicc: return "AICc is AIC with a correction for few rows, -2 L + 2 p n / (n - p - 1).";
    case Criterion::cv:
      return "The rows were dealt out to folds at random, and each fold was scored by fits of the others. The "
             "log-likelihood of a row that was held out, in the mean, says which model predicts, without a formula for "
             "what parameters cost.";
    case Criterion::stability:
      return "Each K was fitted several times from starts of its own. Labels of one run at K were compared with those "
             "of another run at K + 1, and at K - 1, by the index of Fowlkes and Mallows: 1 where the same rows are "
             "together. A number of clusters at which labels hardly change is one that the rows suggest.";
  }
  return "";
}

void add_choice(Document& document, const Selection& selection, CriterionSign sign) {
  document.blocks.emplace_back(Heading{"The choice", "choice"});
  for (const ChoiceLine& line : choice_lines(selection, sign)) {
    document.blocks.emplace_back(Paragraph{fmt::format("{}: {}", line.name, line.text)});
  }
  document.blocks.emplace_back(Paragraph{meaning_of(selection.criterion)});
}

void check_has_value(const Selection& selection) {
  if (best_cell(selection.cells, selection.criterion)) return;
  throw invalid_argument(fmt::format("the selection has no value of {} to show", name_of(selection.criterion)));
}

}  // namespace

std::string selection_svg(const Selection& selection, CriterionSign sign, const std::string& title) {
  check_has_value(selection);
  Figure figure = criterion_figure(selection, sign);
  if (!title.empty()) figure.title = title;
  return svg_text(figure, SvgPlace::file);
}

std::string selection_page(const Selection& selection, const SelectionPageOptions& options) {
  Document document{options.title.empty() ? "Gaussian mixtures: which K, which family" : options.title, {}};
  add_choice(document, selection, options.sign);
  if (best_cell(selection.cells, selection.criterion)) {
    document.blocks.emplace_back(Heading{"Pictures", "pictures"});
    document.blocks.emplace_back(Figures{{criterion_figure(selection, options.sign)}});
    document.blocks.emplace_back(Figures{{heat_figure(selection, options.sign)}});
  }
  document.blocks.emplace_back(Heading{"Every fit", "fits"});
  Table cells = cell_table(selection, options.sign);
  cells.caption = "Every fit";
  document.blocks.emplace_back(std::move(cells));
  if (!options.command.empty()) {
    document.blocks.emplace_back(Heading{"How to make it again", "reproduction"});
    document.blocks.emplace_back(Command{options.command});
  }
  return html_of(document, {{}, {page_files::dom_js, page_files::tables_js}});
}

}  // namespace mogul
