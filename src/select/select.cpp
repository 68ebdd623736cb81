// Which K, and which family: a table of fits, and what decides between them.
#include "mogul/select.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "mogul/error.hpp"
#include "select/cross_validation.hpp"
#include "select/fit_table.hpp"
#include "select/stability.hpp"

namespace mogul {
namespace {

void check(const SelectOptions& options, const DataView& data) {
  if (options.n_components.empty())
    throw invalid_argument("n_components: no value; name one number of components or more");
  if (options.n_components.front() == 0) throw invalid_argument("n_components = 0; must be 1 or more");
  if (options.covariances.empty()) throw invalid_argument("covariances: no value; name one family or more");
  if (options.criterion == Criterion::cv) check_folds(options, data);
  if (options.criterion == Criterion::stability) check_runs(options);
}

}  // namespace

Selection select(const DataView& data, const SelectOptions& asked) {
  SelectOptions options = asked;
  std::ranges::sort(options.n_components);
  options.n_components.erase(std::unique(options.n_components.begin(), options.n_components.end()),
                             options.n_components.end());
  check(options, data);
  const std::size_t n_cells = options.n_components.size() * options.covariances.size();
  std::size_t n_fits = n_cells;
  if (options.criterion == Criterion::cv) n_fits += options.n_folds * n_cells;
  if (options.criterion == Criterion::stability) n_fits += n_fits_of_runs(options);
  FitsDone done(options, n_fits);
  FitTable table = fit_table(data, options, done);
  if (!table.is_interrupted && options.criterion == Criterion::cv) cross_validate(data, options, table, done);
  if (!table.is_interrupted && options.criterion == Criterion::stability) measure_stability(data, options, table, done);

  Selection selection{std::move(table.cells), {}, options.criterion, table.is_interrupted};
  selection.best = options.criterion == Criterion::cv && options.one_standard_error
                       ? within_one_standard_error(selection.cells)
                       : best_cell(selection.cells, options.criterion);
  return selection;
}

}  // namespace mogul
