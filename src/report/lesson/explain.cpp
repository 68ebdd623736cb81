// EM explained on given rows: the sections of the lesson, in the order of the notes.
#include "mogul/explain.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include "base/thread_pool.hpp"
#include "data/check_rows.hpp"
#include "mogul/error.hpp"
#include "mogul/score.hpp"
#include "report/document.hpp"
#include "report/lesson/lesson.hpp"
#include "report/write/html.hpp"
#include "report/write/markup.hpp"
#include "report/write/page_files.hpp"

namespace mogul {
namespace {

std::vector<std::string> names_or_default(std::span<const std::string> names, std::size_t d) {
  std::vector<std::string> all;
  for (const std::string& name : names) all.push_back(readable(name));  // as JSON holds nothing else
  for (std::size_t i = all.size(); i < d; ++i) all.push_back(default_column_name(i));
  return all;
}

void check(const Mixture& start, const DataView& data, std::span<const std::string> names,
           const ExplainOptions& options) {
  if (data.cols() != start.n_features()) {
    throw invalid_argument(
        fmt::format("data has {} columns, but the start has {} features", data.cols(), start.n_features()));
  }
  if (!names.empty() && names.size() != start.n_features()) {
    throw invalid_argument(
        fmt::format("{} feature names for {} features; must have one per feature", names.size(), start.n_features()));
  }
  if (!std::isfinite(options.tol) || options.tol < 0) {
    throw invalid_argument(fmt::format("tol = {}; must be finite and >= 0", options.tol));
  }
  ThreadPool pool(options.n_threads);
  check_rows(data, pool);
}

Document document_of(const Lesson& lesson, const std::string& title) {
  Document document{title, {}};
  add_start(document, lesson);
  add_log_likelihood(document, lesson);
  add_responsibilities(document, lesson);
  add_gradient(document, lesson, Moment::start);
  add_updates(document, lesson);
  add_iterations(document, lesson);
  add_latent_view(document, lesson);
  add_sampling(document, lesson);
  add_gradient(document, lesson, Moment::end);
  return document;
}

}  // namespace

Explanation explain(const Mixture& start, const DataView& data, std::span<const std::string> feature_names,
                    const ExplainOptions& options) {
  check(start, data, feature_names, options);
  const std::vector<std::string> names = names_or_default(feature_names, start.n_features());
  const DataView named = data.with_names(names);
  Lesson lesson{named,
                names,
                options.dropped_rows,
                textbook_em(start, named, options.max_iter, options.tol, options.n_threads, options.json),
                options.seed,
                false,
                false,
                options.n_threads};
  const std::string title = options.title.empty() ? "Expectation-maximisation, step by step" : readable(options.title);
  Explanation made;
  if (options.json) {
    lesson.for_programs = true;
    made.json = json_of(document_of(lesson, title));
  }
  if (!options.text && !options.html) return made;
  lesson.for_programs = false;
  lesson.pictures = options.html;
  const Document document = document_of(lesson, title);
  if (options.text) made.text = text_of(document, kMostRows);
  if (options.html) {
    made.html = html_of(document, {{{"lesson-data", lesson_data(lesson)}},
                                   {page_files::gaussian_js, page_files::ticks_js, page_files::dom_js,
                                    page_files::chart_js, page_files::tables_js, page_files::lesson_js},
                                   kMostRows});
  }
  return made;
}

}  // namespace mogul
