// Traces as JSON lines (docs/formats.md): one object per E-step, of which this file alone knows the fields.
#include <array>
#include <cmath>
#include <functional>
#include <initializer_list>
#include <iterator>
#include <map>
#include <optional>
#include <span>
#include <utility>

#include <fmt/format.h>

#include "base/check_interrupted.hpp"
#include "io/file_bytes.hpp"
#include "io/file_format.hpp"
#include "io/gzip.hpp"
#include "io/json/json_fields.hpp"
#include "io/json/json_parse.hpp"
#include "io/json/json_text.hpp"
#include "io/json/mixture_json.hpp"
#include "mogul/error.hpp"
#include "mogul/stats.hpp"
#include "mogul/trace.hpp"

namespace mogul {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";

// Appends values in row-major order as nested arrays of the given shape; a number where the shape is empty. As text at
// once, because a trace has a line for each iteration, and many numbers in it.
void append(std::string& line, std::string_view name, std::span<const double> values,
            std::span<const std::size_t> shape) {
  if (shape.empty()) {
    if (!std::isfinite(values.front())) {
      throw invalid_argument(fmt::format("{} holds {}; must be finite", name, values.front()));
    }
    append_scalar(line, values.front());
    return;
  }
  const std::size_t size = values.size() / shape[0];
  for (std::size_t i = 0; i < shape[0]; ++i) {
    line += i == 0 ? '[' : ',';
    append(line, name, values.subspan(i * size, size), shape.subspan(1));
  }
  line += ']';
}

void add_numbers(std::string& line, std::string_view name, std::span<const double> values,
                 std::span<const std::size_t> shape) {
  fmt::format_to(std::back_inserter(line), R"(,"{}":)", name);
  append(line, name, values, shape);
}

void add_number(std::string& line, std::string_view name, double value) { add_numbers(line, name, {&value, 1}, {}); }

// As in a model file: a single variance is a number.
std::vector<std::size_t> covariance_shape(const Covariances& covariances) {
  const bool single = covariances.is_shared() && covariances.layout() == Layout::spherical;
  return single ? std::vector<std::size_t>() : covariances.shape();
}

// So that all that is written can be read.
void check_sizes(const std::vector<double>& sizes, std::size_t n_components) {
  if (sizes.size() != n_components) {
    throw invalid_argument(
        fmt::format("component_sizes has {}; must have n_components = {}", counted(sizes.size()), n_components));
  }
  for (std::size_t k = 0; k < sizes.size(); ++k) {
    if (sizes[k] < 0) throw invalid_argument(fmt::format("component_sizes[{}] = {}; must be >= 0", k, sizes[k]));
  }
}

Mixture read_parameters(const JsonField& object) {
  const Size k{object.member("weights").elements().size(), "the number of weights"};
  const std::vector<JsonField> means = object.member("means").elements(k);
  return read_mixture(object, k, {means.empty() ? 0 : means.front().elements().size(), "the size of means[0]"});
}

// @param place  the file and the line
TraceStep read_step(std::string_view line, const std::string& place) {
  const JsonValue document = parse_json_line(line, place);
  const JsonField object(document, place);
  object.require_only({"restart", "iteration", "log_likelihood", "expected_complete_log_likelihood", "entropy",
                       "component_sizes", "covariance", "weights", "means", "covariances"});
  try {
    TraceStep step{.restart = object.member("restart").integer(),
                   .iteration = object.member("iteration").integer(),
                   .log_likelihood = object.member("log_likelihood").number(),
                   .expected_complete_log_likelihood = object.member("expected_complete_log_likelihood").number(),
                   .entropy = object.member("entropy").number(),
                   .component_sizes = object.member("component_sizes").numbers(),
                   .mixture = read_parameters(object)};
    check_sizes(step.component_sizes, step.mixture.n_components());
    return step;
  } catch (const invalid_data&) {
    throw;
  } catch (const invalid_argument& error) {  // a rule of Mixture, which does not know the file
    throw invalid_data(fmt::format("{}: {}", place, error.what()));
  }
}

// What begins as no trace does.
void require_trace(std::string_view text, const std::string& name) {
  refuse_other_formats(text, name);
  const std::size_t begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) {
    throw invalid_data(fmt::format("{}: the file is empty; a trace has a line for each E-step", name));
  }
  constexpr std::size_t kLook = 4096;
  constexpr std::array<std::pair<std::string_view, std::string_view>, 2> kOthers{
      {{"\"mogul-model/", "a model file"}, {"\"mogul-stats/", "a file of statistics"}}};
  std::string_view found = text[begin] == '{' ? "" : "no JSON lines";
  for (const auto& [schema, kind] : kOthers) {
    if (text.substr(0, kLook).find(schema) != std::string_view::npos) found = kind;
  }
  if (found.empty()) return;
  throw invalid_data(fmt::format("{}: {}, not a trace, which `mogul fit --trace` writes", name, found));
}

// A line that the file ends in before its object does.
bool is_cut_off(std::string_view line, bool is_last) {
  return is_last && line.starts_with('{') && !line.ends_with('}');
}

// Checks each step against those before it.
class Order {
 public:
  void check(const TraceStep& step, std::size_t line, const std::string& place) {
    const std::size_t n_components = step.mixture.n_components();
    const std::size_t n_features = step.mixture.n_features();
    if (!first_) first_ = {line, n_components, n_features};
    if (n_components != first_->n_components || n_features != first_->n_features) {
      throw invalid_data(
          fmt::format("{}: weights and means of n_components = {} and n_features = {}; must be {} and "
                      "{}, as in line {}: a trace is that of one fit",
                      place, n_components, n_features, first_->n_components, first_->n_features, first_->line));
    }
    std::size_t& next = next_iteration_[step.restart];
    if (step.iteration != next) {
      throw invalid_data(
          fmt::format("{}: iteration = {}; must be {}, the next one of restart {}: the lines of a "
                      "restart are in order, and none is left out",
                      place, step.iteration, next, step.restart));
    }
    ++next;
  }

 private:
  struct First {
    std::size_t line, n_components, n_features;
  };
  std::optional<First> first_;
  std::map<std::size_t, std::size_t> next_iteration_;  // of each restart
};

void visit_lines(std::string_view bytes, const std::string& name, const std::function<void(TraceStep step)>& visit) {
  std::string unpacked;
  const std::string_view text = without_byte_order_mark(content_of(bytes, name, unpacked));
  require_trace(text, name);
  Order order;
  std::size_t n_lines = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    check_interrupted();
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    std::string_view line = text.substr(begin, end - begin);
    begin = end + 1;
    ++n_lines;
    line.remove_suffix(line.size() - (line.find_last_not_of(kBlanks) + 1));  // none at all: npos + 1 is 0
    if (line.empty()) continue;
    const std::string place = fmt::format("{}: line {}", name, n_lines);
    if (is_cut_off(line, end == text.size())) {
      throw invalid_data(
          fmt::format("{}: the file ends within this line; was the fit killed, or the file copied "
                      "while it grew? Remove the line to read those before it",
                      place));
    }
    TraceStep step = read_step(line, place);
    order.check(step, n_lines, place);
    visit(std::move(step));
  }
}

}  // namespace

TraceStep trace_step(const Iteration& iteration) {
  const Stats& stats = iteration.stats;
  return {.restart = iteration.restart,
          .iteration = iteration.iteration,
          .log_likelihood = stats.log_likelihood,
          .expected_complete_log_likelihood = stats.expected_complete_log_likelihood(),
          .entropy = stats.entropy,
          .component_sizes = stats.n,
          .mixture = iteration.model};
}

std::string trace_line(const TraceStep& step) {
  const Mixture& mixture = step.mixture;
  check_sizes(step.component_sizes, mixture.n_components());
  const std::size_t means_shape[] = {mixture.n_components(), mixture.n_features()};
  const auto per_component = std::span(means_shape).first(1);
  std::string line = fmt::format(R"({{"restart":{},"iteration":{})", step.restart, step.iteration);
  add_number(line, "log_likelihood", step.log_likelihood);
  add_number(line, "expected_complete_log_likelihood", step.expected_complete_log_likelihood);
  add_number(line, "entropy", step.entropy);
  add_numbers(line, "component_sizes", step.component_sizes, per_component);
  line += fmt::format(R"(,"covariance":"{}")", to_string(mixture.family()));
  add_numbers(line, "weights", mixture.weights(), per_component);
  add_numbers(line, "means", mixture.means().values(), means_shape);
  add_numbers(line, "covariances", mixture.covariances().values(), covariance_shape(mixture.covariances()));
  line += "}\n";
  return line;
}

std::vector<TraceStep> parse_trace(std::string_view bytes, const std::string& name) {
  std::vector<TraceStep> steps;
  visit_lines(bytes, name, [&steps](TraceStep step) { steps.push_back(std::move(step)); });
  return steps;
}

void visit_trace(const std::string& path, const std::function<void(TraceStep step)>& visit) {
  visit_lines(FileBytes(path).view(), display_name(path), visit);
}

std::vector<TraceStep> read_trace(const std::string& path) {
  std::vector<TraceStep> steps;
  visit_trace(path, [&steps](TraceStep step) { steps.push_back(std::move(step)); });
  return steps;
}

}  // namespace mogul
