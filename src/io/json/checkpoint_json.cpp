// Files of a loop of EM between two steps, schema "mogul-checkpoint/1" (docs/formats.md).
#include <cmath>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "io/file_bytes.hpp"
#include "io/file_format.hpp"
#include "io/json/json_fields.hpp"
#include "io/json/json_parse.hpp"
#include "io/json/json_text.hpp"
#include "io/json/mixture_json.hpp"
#include "io/json/report_json.hpp"
#include "io/json/stats_json.hpp"
#include "mogul/io.hpp"
#include "mogul/version.hpp"

namespace mogul {
namespace {

constexpr std::string_view kSchema = "mogul-checkpoint/1";

// The options of a loop are among the settings of a fit.
FitSettings settings_of(const EmOptions& options, std::size_t n_components) {
  FitSettings settings = common_fields<FitSettings>(options);
  settings.n_components = n_components;
  settings.init = "model";
  return settings;
}

JsonValue mixture_json(const Mixture& mixture) {
  JsonValue object = JsonValue::object();
  object.add("n_components", mixture.n_components());
  object.add("n_features", mixture.n_features());
  add_mixture(object, mixture);
  return object;
}
Mixture read_mixture(const JsonField& object) {
  const Size k{object.member("n_components").integer(1), "n_components"};
  const Size d{object.member("n_features").integer(1), "n_features"};
  return read_mixture(object, k, d);
}

JsonValue state_json(const EmState& state) {
  JsonValue object = JsonValue::object();
  object.add("iteration", state.iteration);
  object.add("objective", state.objective);
  object.add("mixture", mixture_json(state.mixture));
  add_stats(object.add("stats", JsonValue::object()), state.stats);
  return object;
}
EmState read_state(const JsonField& object) {
  return {read_mixture(object.member("mixture")), read_stats(object.member("stats")),
          object.member("iteration").integer(), object.member("objective").number()};
}

JsonValue progress_json(const EmProgress& progress) {
  JsonValue object = JsonValue::object();
  object.add("history", progress.history);
  object.add("penalised_history", progress.penalised_history);
  if (std::isfinite(progress.mean)) object.add("mean", progress.mean);
  if (std::isfinite(progress.change)) object.add("change", progress.change);
  if (std::isfinite(progress.earlier_change)) object.add("earlier_change", progress.earlier_change);
  if (std::isfinite(progress.gain)) object.add("gain", progress.gain);
  if (std::isfinite(progress.earlier_gain)) object.add("earlier_gain", progress.earlier_gain);
  object.add("comparable", progress.comparable);
  object.add("at_rest", progress.at_rest);
  object.add("n_revived", progress.n_revived);
  object.add("n_accepted", progress.n_accepted);
  object.add("n_rejected", progress.n_rejected);
  object.add("termination", termination_json(progress.termination));
  return object;
}
EmProgress read_progress(const JsonField& object) {
  EmProgress progress;
  progress.history = object.member("history").numbers();
  progress.penalised_history = object.member("penalised_history").numbers();
  if (object.has("mean")) progress.mean = object.member("mean").number();
  if (object.has("change")) progress.change = object.member("change").number();
  if (object.has("earlier_change")) progress.earlier_change = object.member("earlier_change").number();
  if (object.has("gain")) progress.gain = object.member("gain").number();
  if (object.has("earlier_gain")) progress.earlier_gain = object.member("earlier_gain").number();
  progress.comparable = object.member("comparable").boolean();
  progress.at_rest = object.member("at_rest").boolean();
  progress.n_revived = object.member("n_revived").integer();
  progress.n_accepted = object.member("n_accepted").integer();
  progress.n_rejected = object.member("n_rejected").integer();
  progress.termination = read_termination(object.member("termination"));
  return progress;
}

JsonValue lbfgs_json(const LbfgsState& state) {
  JsonValue object = JsonValue::object();
  object.add("n_plain", state.n_plain);
  object.add("reach", state.reach);
  object.add("was_bounded", state.was_bounded);
  if (state.middle) object.add("middle", mixture_json(*state.middle));
  JsonValue& history = object.add("history", JsonValue::array());
  for (const EmImage& image : state.history) {
    JsonValue& element = history.add(JsonValue::object());
    element.add("model", mixture_json(image.model));
    element.add("step", mixture_json(image.step));
  }
  return object;
}
LbfgsState read_lbfgs(const JsonField& object) {
  LbfgsState state;
  state.n_plain = object.member("n_plain").integer();
  state.reach = object.member("reach").number();
  state.was_bounded = object.member("was_bounded").boolean();
  if (object.has("middle")) state.middle = read_mixture(object.member("middle"));
  for (const JsonField& element : object.member("history").elements()) {
    state.history.push_back({read_mixture(element.member("model")), read_mixture(element.member("step"))});
  }
  return state;
}

// The optional members, listed once for writing and reading: visit(name, member).
void visit_states(auto& checkpoint, auto&& visit) {
  visit("previous", checkpoint.previous);
  visit("best_of_climb", checkpoint.best_of_climb);
  visit("best_of_earlier", checkpoint.best_of_earlier);
  visit("result", checkpoint.result);
}

JsonValue indices_json(const std::vector<std::size_t>& indices) {
  JsonValue array = JsonValue::array();
  for (const std::size_t index : indices) array.add(index);
  return array;
}

}  // namespace

std::string checkpoint_json(const EmCheckpoint& checkpoint) {
  if (!checkpoint.model && !checkpoint.result) {
    throw invalid_argument("checkpoint: the loop was cancelled before its first model; there is nothing to keep");
  }
  check(checkpoint);
  const Mixture& any = checkpoint.model ? *checkpoint.model : checkpoint.result->mixture;
  JsonValue file = JsonValue::object();
  file.add("schema", kSchema);
  file.add("mogul_version", MOGUL_VERSION);
  file.add("settings", settings_json(settings_of(checkpoint.options, any.n_components())));
  JsonValue& rows = file.add("rows", JsonValue::object());
  rows.add("n_distinct", checkpoint.rows.n_distinct);
  rows.add("feature_names", checkpoint.rows.feature_names);
  file.add("progress", progress_json(checkpoint.progress));
  file.add("n_revived", checkpoint.n_revived);
  file.add("n_revived_of_step", checkpoint.n_revived_of_step);
  file.add("exact", checkpoint.exact);
  file.add("ends_at_next_step", checkpoint.ends_at_next_step);
  file.add("start_breaks_constraints", checkpoint.start_breaks_constraints);
  file.add("dying", indices_json(checkpoint.dying));
  if (checkpoint.model) file.add("model", mixture_json(*checkpoint.model));
  if (checkpoint.step) {
    file.add("step", mixture_json(*checkpoint.step));
    file.add("least_rise", checkpoint.least_rise);
  }
  if (checkpoint.lbfgs) file.add("lbfgs", lbfgs_json(*checkpoint.lbfgs));
  visit_states(checkpoint, [&](const char* name, const std::optional<EmState>& state) {
    if (state) file.add(name, state_json(*state));
  });
  return json_text(file);
}

EmCheckpoint parse_checkpoint(std::string_view text, const std::string& name) {
  require_json(text, name);
  const JsonValue document = parse_json(text, name);
  const JsonField root(document, name);
  root.require_schema(kSchema);
  root.require_only({"schema", "mogul_version", "settings", "rows", "progress", "n_revived", "n_revived_of_step",
                     "exact", "ends_at_next_step", "start_breaks_constraints", "dying", "model", "step", "least_rise",
                     "lbfgs", "previous", "best_of_climb", "best_of_earlier", "result"});
  try {
    std::vector<std::string> notes;
    const auto settings = read_settings(root.member("settings"), notes);
    if (!settings || !notes.empty()) throw invalid_argument(fmt::format("{}", fmt::join(notes, "; ")));
    EmCheckpoint checkpoint{common_fields<EmOptions>(*settings), {}, read_progress(root.member("progress"))};
    const JsonField rows = root.member("rows");
    checkpoint.rows.n_distinct = rows.member("n_distinct").integer();
    for (const JsonField& element : rows.member("feature_names").elements()) {
      checkpoint.rows.feature_names.push_back(element.text());
    }
    checkpoint.n_revived = root.member("n_revived").integer();
    checkpoint.n_revived_of_step = root.member("n_revived_of_step").integer();
    checkpoint.exact = root.member("exact").boolean();
    checkpoint.ends_at_next_step = root.member("ends_at_next_step").boolean();
    checkpoint.start_breaks_constraints = root.member("start_breaks_constraints").boolean();
    for (const JsonField& element : root.member("dying").elements()) checkpoint.dying.push_back(element.integer());
    if (root.has("model")) checkpoint.model = read_mixture(root.member("model"));
    if (root.has("step")) {
      checkpoint.step = read_mixture(root.member("step"));
      checkpoint.least_rise = root.member("least_rise").number();
    }
    if (root.has("lbfgs")) checkpoint.lbfgs = read_lbfgs(root.member("lbfgs"));
    visit_states(checkpoint, [&](const char* member, std::optional<EmState>& state) {
      if (root.has(member)) state = read_state(root.member(member));
    });
    if (!checkpoint.model && !checkpoint.result) throw invalid_argument("lacks both model and result; needs one");
    check(checkpoint);
    return checkpoint;
  } catch (const invalid_data&) {
    throw;
  } catch (const invalid_argument& error) {  // a rule of a mixture or of the checks above, which do not know the file
    throw invalid_data(fmt::format("{}: {}", name, error.what()));
  }
}

void write_checkpoint(const std::string& path, const EmCheckpoint& checkpoint) {
  write_text(path, checkpoint_json(checkpoint));
}

EmCheckpoint read_checkpoint(const std::string& path) {
  return parse_checkpoint(FileBytes(path).view(), display_name(path));
}

}  // namespace mogul
