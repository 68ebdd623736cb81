// What model files tell about the fit: see the header.
#include "io/json/report_json.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <concepts>
#include <numeric>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/message.hpp"
#include "mogul/dataset.hpp"
#include "mogul/error.hpp"
#include "mogul/version.hpp"

namespace mogul {
namespace {

// The fields of each struct in the file's order, listed once for writing and reading: visit(name, member).

void visit_fields(Update& update, auto&& visit) {
  visit("weights", update.weights);
  visit("means", update.means);
  visit("covariances", update.covariances);
  visit("equal_weights", update.equal_weights);
  visit("held_means", update.held_means);
}

void visit_fields(Prior& prior, auto&& visit) {
  visit("mean_shrinkage", prior.mean_shrinkage);
  visit("mean", prior.mean);
  visit("dof", prior.dof);
  visit("scale", prior.scale);
}

void visit_fields(FitSettings& settings, auto&& visit) {
  visit("n_components", settings.n_components);
  visit("covariance", settings.covariance);
  visit("init", settings.init);
  visit("n_init", settings.n_init);
  visit("max_iter", settings.max_iter);
  visit("tol", settings.tol);
  visit("reg_covar", settings.reg_covar);
  visit("seed", settings.seed);
  visit("update", settings.update);
  visit("degenerate", settings.degenerate);
  visit("prior", settings.prior);
  visit("weight_concentration", settings.weight_concentration);
  visit("max_eigenvalue_ratio", settings.max_eigenvalue_ratio);
}

void visit_fields(Termination& termination, auto&& visit) {
  visit("reason", termination.reason);
  visit("message", termination.message);
}

void visit_fields(Restart& restart, auto&& visit) {
  visit("log_likelihood", restart.log_likelihood);
  visit("iterations", restart.iterations);
  visit("n_revived", restart.n_revived);
  visit("reason", restart.reason);
  visit("failed", restart.failed);
  visit("penalised_log_likelihood", restart.penalised_log_likelihood);
}

void visit_fields(PhaseSeconds& seconds, auto&& visit) {
  visit("initialise", seconds.initialise);
  visit("e_step", seconds.e_step);
  visit("m_step", seconds.m_step);
  visit("total", seconds.total);
}

void visit_fields(FitReport& report, auto&& visit) {
  visit("termination", report.termination);
  visit("n_rows", report.n_rows);
  visit("sum_weights", report.sum_weights);
  visit("iterations", report.iterations);
  visit("log_likelihood", report.log_likelihood);
  visit("mean_log_likelihood", report.mean_log_likelihood);
  visit("penalised_log_likelihood", report.penalised_log_likelihood);
  visit("entropy", report.entropy);
  visit("history", report.history);
  visit("penalised_history", report.penalised_history);
  visit("component_sizes", report.component_sizes);
  visit("n_parameters", report.n_parameters);
  visit("aic", report.aic);
  visit("bic", report.bic);
  visit("icl", report.icl);
  visit("restarts", report.restarts);
  visit("best_restart", report.best_restart);
  visit("n_regularised", report.n_regularised);
  visit("n_revived", report.n_revived);
  visit("n_promoted", report.n_promoted);
  visit("n_seed_rows", report.n_seed_rows);
  visit("warnings", report.warnings);
  visit("prior", report.prior);
  visit("seconds", report.seconds);
}

// Fields that are written only where they say something, so that a file without them is as it was before they came.
bool is_optional(std::string_view name) {
  return name == "equal_weights" || name == "held_means" || name == "penalised_history";
}
template <class T>
bool says_nothing(std::string_view name, const T& value) {
  if constexpr (std::is_default_constructible_v<T>) return is_optional(name) && value == T{};
  return false;
}
template <class T>
bool says_nothing(std::string_view /*name*/, const std::optional<T>& value) {
  return !value;
}

// Writing: structs, enumerators by name, and what JSON knows itself.

template <class T>
JsonValue write(T value);
template <class T>
JsonValue write_member(const T& value) {
  return write(value);
}
template <class T>
JsonValue write_member(const std::optional<T>& value) {
  return write(*value);
}

template <class T>
JsonValue write(T value) {
  if constexpr (std::is_enum_v<T> || std::is_same_v<T, CovarianceFamily>) {
    return to_string(value);
  } else if constexpr (std::is_same_v<T, std::vector<Restart>>) {
    JsonValue array = JsonValue::array();
    for (const Restart& restart : value) array.add(write(restart));
    return array;
  } else if constexpr (std::is_same_v<T, std::vector<std::size_t>>) {
    JsonValue array = JsonValue::array();
    for (const std::size_t each : value) array.add(each);
    return array;
  } else if constexpr (std::is_same_v<T, RegCovar>) {
    if (value.relative) return to_string(value);
    return value.value;
  } else if constexpr (std::is_constructible_v<JsonValue, T>) {
    return value;
  } else {
    JsonValue object = JsonValue::object();
    visit_fields(value, [&](const char* name, const auto& member) {
      if (!says_nothing(name, member)) object.add(name, write_member(member));
    });
    return object;
  }
}

// Fields without which the rest of a report means the same: where a file lacks them they keep their default. Those that
// only some fits have are lacking without a word.
template <class T>
bool is_often_absent(std::string_view name, const T& /*value*/) {
  return name == "warnings" || is_optional(name);
}
template <class T>
bool is_often_absent(std::string_view /*name*/, const std::optional<T>& /*value*/) {
  return true;
}
bool is_dispensable(std::string_view name) {
  constexpr std::array<std::string_view, 6> kNames{"n_regularised", "n_revived",    "n_promoted",
                                                   "n_seed_rows",   "best_restart", "seconds"};
  return std::ranges::find(kNames, name) != kNames.end();
}

// Reads fields of files that another version may have written: what it has more, or lacks, is noted.
class FieldReader {
 public:
  explicit FieldReader(std::vector<std::string>& notes) : notes_(notes) {}

  /// Whether something was lacking that the rest needs.
  bool lacks() const { return lacks_; }

  void read(const JsonField& field, double& value) { value = field.number(); }
  void read(const JsonField& field, bool& value) { value = field.boolean(); }
  void read(const JsonField& field, std::string& value) { value = field.text(); }
  void read(const JsonField& field, std::unsigned_integral auto& value) { value = field.integer(); }
  void read(const JsonField& field, std::vector<double>& value) { value = field.numbers(); }
  void read(const JsonField& field, CovarianceFamily& value) { value = read_family(field); }
  void read(const JsonField& field, DegeneratePolicy& value) {
    value = field.one_of({DegeneratePolicy::revive, DegeneratePolicy::error});
  }
  void read(const JsonField& field, TerminationReason& value) {
    using enum TerminationReason;
    value = field.one_of({converged, max_iter, cancelled, coincident});
  }
  void read(const JsonField& field, std::vector<std::string>& value) {
    for (const JsonField& element : field.elements()) value.push_back(element.text());
  }
  void read(const JsonField& field, std::vector<std::size_t>& value) {
    for (const JsonField& element : field.elements()) value.push_back(element.integer());
  }
  void read(const JsonField& field, std::vector<Restart>& value) {
    for (const JsonField& element : field.elements()) read(element, value.emplace_back());
  }
  void read(const JsonField& field, RegCovar& value) {
    if (!field.is_text()) {
      value = field.number();
      return;
    }
    try {
      value = reg_covar_from(field.text());
    } catch (const invalid_argument&) {
      field.must_be("a number or a share such as \"relative:1e-06\"");
    }
  }
  template <class T>
  void read(const JsonField& field, std::optional<T>& value) {
    T present{};
    read(field, present);
    value = std::move(present);
  }
  template <class Struct>
  void read(const JsonField& field, Struct& value) {
    std::vector<std::string_view> names;
    visit_fields(value, [&](const char* name, auto& member) {
      names.push_back(name);
      if (field.has(name)) return read(field.member(name), member);
      if (!is_often_absent(name, member)) note_lack(field, name);
    });
    for (const std::string& other : field.others(names)) {
      notes_.push_back(fmt::format("{} has '{}', which mogul {} does not know; it is left out", field.place(),
                                   printable(other), MOGUL_VERSION));
    }
  }
  void read(const JsonField& field, Termination& value) {
    read(field.member("reason"), value.reason);
    read(field.member(field.has("message") ? "message" : "sentence"), value.message);  // as mogul 0.1 called it
  }

 private:
  void note_lack(const JsonField& field, const char* name) {
    lacks_ |= !is_dispensable(name);
    notes_.push_back(fmt::format("{} lacks '{}'", field.place(), name));
  }

  std::vector<std::string>& notes_;
  bool lacks_ = false;
};

// Of a file of another version that lacks what the rest needs, nothing is taken.
template <class Struct>
std::optional<Struct> read_struct(const JsonField& field, std::vector<std::string>& notes) {
  FieldReader reader(notes);
  Struct value;
  reader.read(field, value);
  if (!reader.lacks()) return value;
  notes.push_back(fmt::format("the {} of the file is left out", field.place()));
  return std::nullopt;
}

// The rules between fields.

template <class T>
void require_equal(const char* field, const T& value, const char* other, const T& expected) {
  if (value == expected) return;
  throw invalid_argument(fmt::format("{} = {}; must be {}, {}", field, value, other, expected));
}

// N_k adds up to the weight of the rows, as closely as a mixture's weights sum to 1.
void check_sizes(const FitReport& report, std::size_t n_components) {
  const double n = report.sum_weights;
  if (!(n >= 1 / kLargestValue && n <= kLargestValue)) {
    throw invalid_argument(fmt::format("report.sum_weights = {}; must lie between 1e-100 and 1e100", n));
  }
  const std::vector<double>& sizes = report.component_sizes;
  if (sizes.size() != n_components) {
    throw invalid_argument(
        fmt::format("report.component_sizes has {}; must have n_components = {}", counted(sizes.size()), n_components));
  }
  for (std::size_t k = 0; k < sizes.size(); ++k) {
    if (!(sizes[k] >= 0)) {
      throw invalid_argument(fmt::format("report.component_sizes[{}] = {}; must be >= 0", k, sizes[k]));
    }
  }
  const double sum = std::accumulate(sizes.begin(), sizes.end(), 0.0);
  if (!(std::abs(sum - n) <= 1e-8 * n)) {
    throw invalid_argument(fmt::format("report.component_sizes sums to {}; must sum to sum_weights = {}", sum, n));
  }
}

}  // namespace

JsonValue settings_json(const FitSettings& settings) { return write(settings); }

JsonValue report_json(const FitReport& report) { return write(report); }

JsonValue termination_json(const Termination& termination) { return write(termination); }

CovarianceFamily read_family(const JsonField& field) {
  std::vector<std::string_view> names;
  for (const CovarianceFamily* family : covariance_families()) {
    if (field.text() == family->name || field.text() == family->word()) return *family;
    names.push_back(family->word());
  }
  field.must_be(fmt::format("one of {}", fmt::join(names, ", ")));
}

std::optional<FitSettings> read_settings(const JsonField& field, std::vector<std::string>& notes) {
  return read_struct<FitSettings>(field, notes);
}

std::optional<FitReport> read_report(const JsonField& field, std::vector<std::string>& notes) {
  return read_struct<FitReport>(field, notes);
}

Termination read_termination(const JsonField& field) {
  std::vector<std::string> notes;
  Termination termination;
  FieldReader(notes).read(field, termination);
  return termination;
}

void check_settings(const FitSettings& settings, const Mixture& mixture, const std::optional<FitReport>& report) {
  std::vector<std::string_view> starts{"labels", "responsibilities", "model"};
  for (const InitMethodName& method : init_methods()) starts.push_back(method.name);
  if (std::find(starts.begin(), starts.end(), settings.init) == starts.end()) {
    throw invalid_argument(
        fmt::format("settings.init = {}; must be one of {}", shown(settings.init), fmt::join(starts, ", ")));
  }
  require_equal("settings.n_components", settings.n_components, "n_components", mixture.n_components());
  // A fit that was cancelled may return its start, which can be a mixture of another family.
  const bool cancelled = report && report->termination.reason == TerminationReason::cancelled;
  if (!cancelled) {
    require_equal("settings.covariance", to_string(settings.covariance), "covariance", to_string(mixture.family()));
  }
  FitOptions options;
  options.n_components = settings.n_components;
  options.n_init = settings.n_init;
  options.tol = settings.tol;
  options.reg_covar = settings.reg_covar;
  options.covariance = settings.covariance;
  options.update = settings.update;
  options.prior = settings.prior;
  options.weight_concentration = settings.weight_concentration;
  options.max_eigenvalue_ratio = settings.max_eigenvalue_ratio;
  try {
    check(options);
    if (settings.prior) check_prior(*settings.prior, settings.covariance, mixture.n_features());
  } catch (const invalid_argument& error) {
    throw invalid_argument(fmt::format("settings.{}", error.what()));
  }
}

void check_report(const FitReport& report, const Mixture& mixture) {
  if (report.n_rows == 0) throw invalid_argument("report.n_rows = 0; must be >= 1");
  if (report.history.empty() || report.history.size() - 1 != report.iterations) {
    throw invalid_argument(fmt::format("report.history has {}; must have one more than iterations = {}",
                                       counted(report.history.size()), report.iterations));
  }
  const bool has_both = report.penalised_history.empty() || report.penalised_history.size() == report.history.size();
  if (!has_both || report.penalised_history.empty() == report.penalised_log_likelihood.has_value()) {
    throw invalid_argument(
        fmt::format("report.penalised_history has {}; must have as many as history, with penalised_log_likelihood",
                    counted(report.penalised_history.size())));
  }
  check_sizes(report, mixture.n_components());
  if (report.n_parameters > mixture.n_parameters()) {  // less where parameters were held
    throw invalid_argument(fmt::format("report.n_parameters = {}; must be at most the mixture's number, {}",
                                       report.n_parameters, mixture.n_parameters()));
  }
  if (report.best_restart >= report.restarts.size()) {
    throw invalid_argument(fmt::format("report.best_restart = {}; must be less than the number of restarts, {}",
                                       report.best_restart, report.restarts.size()));
  }
  PhaseSeconds seconds = report.seconds;
  visit_fields(seconds, [](const char* name, double value) {
    if (!(value >= 0)) throw invalid_argument(fmt::format("report.seconds.{} = {}; must be >= 0", name, value));
  });
}

}  // namespace mogul
