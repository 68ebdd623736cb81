// The page that replays a fit: its rows and steps as JSON, for replay.js.
#include <algorithm>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "base/thread_pool.hpp"
#include "data/check_rows.hpp"
#include "io/json/json_text.hpp"
#include "mogul/error.hpp"
#include "mogul/page.hpp"
#include "report/page_data.hpp"
#include "report/replay_size.hpp"
#include "report/same_fit.hpp"
#include "report/write/html.hpp"
#include "report/write/markup.hpp"
#include "report/write/page_files.hpp"

namespace mogul {
namespace {

constexpr std::size_t kMostOfOneStep = 60000;  // numbers
constexpr std::size_t kMostValues = 60000;     // of rows

using Steps = std::vector<const TraceStep*>;

// In the order of the restarts, each from its start on.
std::vector<Steps> by_restart(std::span<const TraceStep> steps) {
  std::map<std::size_t, Steps> restarts;
  for (const TraceStep& step : steps) restarts[step.restart].push_back(&step);
  std::vector<Steps> made;
  made.reserve(restarts.size());
  for (auto& [number, of_one] : restarts) made.push_back(std::move(of_one));
  return made;
}

// Spread evenly, the first and the last among them.
Steps thinned(const Steps& steps, std::size_t most) {
  if (steps.size() <= most) return steps;
  Steps kept;
  for (std::size_t i = 0; i < most; ++i) kept.push_back(steps[i * (steps.size() - 1) / (most - 1)]);
  return kept;
}

JsonValue step_json(const TraceStep& step) {
  JsonValue object = page_mixture(step.mixture);
  object.add("iteration", step.iteration);
  object.add("log_likelihood", step.log_likelihood);
  object.add("entropy", step.entropy);
  object.add("component_sizes", step.component_sizes);
  return object;
}

void check(std::span<const TraceStep> steps, const DataView& data, std::span<const std::string> names) {
  if (steps.empty()) throw invalid_argument("replay: there are no steps to replay");
  const Mixture& first = steps.front().mixture;
  if (data.cols() != first.n_features()) {
    throw invalid_argument(
        fmt::format("data has {} columns, but the steps are of {} features", data.cols(), first.n_features()));
  }
  if (!names.empty() && names.size() != data.cols()) {
    throw invalid_argument(
        fmt::format("{} feature names for {} features; must have one per feature", names.size(), data.cols()));
  }
  check_replay_size(first.n_components(), first.n_features());
  for (const TraceStep& step : steps) {
    const Mixture& mixture = step.mixture;
    if (mixture.n_features() == first.n_features() && mixture.n_components() == first.n_components()) continue;
    throw invalid_argument(
        fmt::format("steps: restart {}, iteration {} has {} components of {} features, but the first step has {} of "
                    "{}; must be of one fit",
                    step.restart, step.iteration, mixture.n_components(), mixture.n_features(), first.n_components(),
                    first.n_features()));
  }
  ThreadPool pool(0);
  check_rows(data, pool);
}

/// The restarts and steps that a page holds.
struct Chosen {
  std::vector<Steps> restarts;
  std::size_t kept = 0;  ///< the restart that ended highest
  std::string note;      ///< sentences on what was left out, each after a blank
};

// Where among the restarts the kept one stands.
std::size_t place_of_best(const std::vector<Steps>& restarts, std::optional<std::size_t> best) {
  for (std::size_t i = 0; best && i < restarts.size(); ++i) {
    if (restarts[i].front()->restart == *best) return i;
  }
  const auto last = [](const Steps& steps) { return steps.back()->log_likelihood; };
  return static_cast<std::size_t>(std::ranges::max_element(restarts, {}, last) - restarts.begin());
}

// Whether there were iterations between those that are there.
bool has_gaps(const Steps& steps) { return steps.size() < steps.back()->iteration - steps.front()->iteration + 1; }

Chosen choose(std::vector<Steps> restarts, std::size_t best, std::size_t most_steps) {
  Chosen chosen;
  const std::size_t most_restarts = std::max<std::size_t>(1, std::min<std::size_t>(50, most_steps / 2));
  std::size_t n_all = 0;
  for (const Steps& steps : restarts) n_all += steps.size();
  for (std::size_t i = 0; i < restarts.size(); ++i) {
    const bool there_is_room = chosen.restarts.size() + (i < best ? 1 : 0) < most_restarts;
    if (i != best && !there_is_room) continue;
    if (i == best) chosen.kept = chosen.restarts.size();
    chosen.restarts.push_back(std::move(restarts[i]));
  }
  if (chosen.restarts.size() < restarts.size()) {
    chosen.note +=
        fmt::format(" Of {} restarts {} are shown, the best among them.", restarts.size(), chosen.restarts.size());
  }
  const std::size_t most_each = std::max<std::size_t>(2, most_steps / chosen.restarts.size());
  if (n_all > most_steps) {
    for (Steps& steps : chosen.restarts) steps = thinned(steps, most_each);
  }
  if (std::ranges::any_of(chosen.restarts, has_gaps)) {
    chosen.note += fmt::format(" At most {} iterations of each restart are shown, evenly spread.",
                               std::ranges::max(chosen.restarts, {}, &Steps::size).size());
  }
  return chosen;
}

std::string sentence_about_rows(std::size_t n_shown, std::size_t n_rows) {
  if (n_shown < n_rows) return fmt::format("Of {} rows {} are shown, evenly spread.", n_rows, n_shown);
  return n_rows == 1 ? "The only row is shown." : fmt::format("All {} rows are shown.", n_rows);
}

}  // namespace

void check_replay_size(std::size_t n_components, std::size_t n_features) {
  if (replay_numbers(n_components, n_features) <= kMostOfOneStep) return;
  throw invalid_argument(fmt::format(
      "replay: {} components of {} features are too large for a page, which holds every covariance of every "
      "iteration; replay a fit of fewer features",
      n_components, n_features));
}

std::string replay_page(std::span<const TraceStep> steps, const DataView& data,
                        std::span<const std::string> feature_names, const ReplayPageOptions& options) {
  check(steps, data, feature_names);
  std::vector<Steps> restarts_of_fit = by_restart(steps);
  const std::size_t best = place_of_best(restarts_of_fit, options.best_restart);
  check_rows_of_step(*restarts_of_fit[best].back(), data, options.data_name, options.trace_name);
  const Chosen chosen =
      choose(std::move(restarts_of_fit), best, most_replay_steps(steps.front().mixture.n_components(), data.cols()));
  std::vector<std::string> names;
  for (const std::string& name : feature_names) names.push_back(readable(name));
  for (std::size_t d = names.size(); d < data.cols(); ++d) names.push_back(default_column_name(d));

  JsonValue restarts = JsonValue::array();
  for (std::size_t i = 0; i < chosen.restarts.size(); ++i) {
    JsonValue of_one = JsonValue::array();
    for (const TraceStep* step : chosen.restarts[i]) of_one.add(step_json(*step));
    JsonValue restart = JsonValue::object();
    restart.add("restart", chosen.restarts[i].front()->restart);
    restart.add("kept", i == chosen.kept);
    restart.add("steps", std::move(of_one));
    restarts.add(std::move(restart));
  }
  const std::size_t most_rows = std::min(options.max_rows, std::max<std::size_t>(1, kMostValues / data.cols()));
  const std::size_t n_shown = std::min(data.rows(), most_rows);
  JsonValue page = JsonValue::object();
  page.add("features", names);
  page.add("rows", page_rows(data, most_rows));
  page.add("n_rows", data.rows());
  page.add("note", sentence_about_rows(n_shown, data.rows()) + chosen.note);
  page.add("restarts", std::move(restarts));

  Document document{options.title.empty() ? "EM, iteration by iteration" : options.title,
                    {Widget{"replay", "This page needs scripts, which are switched off."}}};
  return html_of(document, {{{"replay-data", json_text(page)}},
                            {page_files::gaussian_js, page_files::ticks_js, page_files::dom_js, page_files::chart_js,
                             page_files::tables_js, page_files::replay_js}});
}

}  // namespace mogul
