// What model files tell about the fit: see the header.
#include "io/json/report_json.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <concepts>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/message.hpp"
#include "model/counts.hpp"
#include "mogul/dataset.hpp"
#include "mogul/error.hpp"
#include "mogul/version.hpp"

namespace mogul {
namespace {

// Fields that are written only where they say something, as most fits do not use them.
template <class Struct, class T>
bool is_optional(const Field<Struct, T>& field) {
  return std::is_same_v<Struct, Hold> || field.name == "hold" || field.name == "penalised_history";
}
template <class Struct, class T>
bool is_optional(const Field<Struct, std::optional<T>>& /*field*/) {
  return true;
}
template <class T>
bool says_nothing(const T& value) {
  if constexpr (std::is_default_constructible_v<T>) return value == T{};
  return false;
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
    visit_fields(value, [&](const auto& field, const auto& member) {
      if (is_optional(field) && says_nothing(member)) return;
      object.add(std::string(field.name), write_member(member));
    });
    return object;
  }
}

// Fields without which the rest of a report means the same: where a file lacks them they keep their default.
bool is_dispensable(std::string_view name) {
  constexpr std::array<std::string_view, 6> kNames{"n_regularised", "n_revived",    "n_promoted",
                                                   "n_seed_rows",   "best_restart", "seconds"};
  return std::ranges::find(kNames, name) != kNames.end();
}

// Fields that files of mogul 0.1 do not have: where they lack, the defaults are what was done.
bool is_newer(std::string_view name) {
  constexpr std::array<std::string_view, 7> kNames{"search",   "gain",     "acceleration",   "passes",
                                                   "accepted", "rejected", "passes_by_phase"};
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
  void read(const JsonField& field, Search& value) {
    value = field.one_of({Search::none, Search::quick, Search::standard, Search::thorough});
  }
  void read(const JsonField& field, AccelerationMethod& value) {
    value = field.one_of({AccelerationMethod::none, AccelerationMethod::lbfgs});
  }
  void read(const JsonField& field, TerminationReason& value) {
    using enum TerminationReason;
    value = field.one_of({converged, max_iter, cancelled, coincident, max_passes, dropped});
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
    visit_fields(value, [&](const auto& known, auto& member) {
      names.push_back(known.name);
      if (field.has(known.name)) return read(field.member(known.name), member);
      if (!is_optional(known) && !is_newer(known.name) && known.name != "warnings") note_lack(field, known.name);
    });
    if constexpr (std::is_same_v<Struct, FitSettings>) {
      names.push_back("update");
      if (field.has("update") && !field.has("hold")) read_update(field.member("update"), value.hold);
    }
    note_others(field, names);
  }
  void read(const JsonField& field, Termination& value) {
    read(field.member("reason"), value.reason);
    read(field.member(field.has("message") ? "message" : "sentence"), value.message);  // as earlier files call it
  }

 private:
  // What earlier files have in place of "hold": what is estimated.
  void read_update(const JsonField& field, Hold& hold) {
    hold.weights = !field.member("weights").boolean();
    hold.means = !field.member("means").boolean();
    hold.covariances = !field.member("covariances").boolean();
    note_others(field, {"weights", "means", "covariances"});
  }
  void note_others(const JsonField& field, const std::vector<std::string_view>& names) {
    for (const std::string& other : field.others(names)) {
      notes_.push_back(fmt::format("{} has '{}', which mogul {} does not know; it is left out", field.place(),
                                   printable(other), MOGUL_VERSION));
    }
  }
  void note_lack(const JsonField& field, std::string_view name) {
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
void require_that_of_the_model(const char* field, const T& value, const T& expected) {
  if (value == expected) return;
  throw invalid_argument(fmt::format("{} = {}; must be that of the model, {}", field, value, expected));
}

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
  check_counts(sizes, n, "report.component_sizes");
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
  std::vector<std::string_view> starts{"search", "labels", "responsibilities", "model"};
  for (const InitMethodName& method : init_methods()) starts.push_back(method.name);
  if (std::find(starts.begin(), starts.end(), settings.init) == starts.end()) {
    throw invalid_argument(
        fmt::format("settings.init = {}; must be one of {}", shown(settings.init), fmt::join(starts, ", ")));
  }
  require_that_of_the_model("settings.n_components", settings.n_components, mixture.n_components());
  // A fit that was cancelled may return its start, which can be a mixture of another family.
  const bool cancelled = report && report->termination.reason == TerminationReason::cancelled;
  if (!cancelled) {
    require_that_of_the_model("settings.covariance", to_string(settings.covariance), to_string(mixture.family()));
  }
  const auto options = common_fields<FitOptions>(settings);
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
  visit_fields(report.seconds, [](const auto& field, double value) {
    if (!(value >= 0)) throw invalid_argument(fmt::format("report.seconds.{} = {}; must be >= 0", field.name, value));
  });
}

}  // namespace mogul
