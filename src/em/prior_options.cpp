// What a prior is asked to be: its rules, its text, and the defaults that are made of the rows.

#include "mogul/prior.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <span>
#include <utility>

#include "base/message.hpp"
#include "covariance/scatters.hpp"
#include "em/singular.hpp"
#include "mogul/dataset.hpp"
#include "mogul/em_loop.hpp"
#include "mogul/error.hpp"

namespace mogul {
namespace {

constexpr double kDefaultShrinkage = 0.01;

void check_number(std::string_view name, double value, bool may_be_zero, double most) {
  if (value <= most && (value > 0 || (may_be_zero && value == 0))) return;
  throw invalid_argument(
      fmt::format("prior: {} = {}; must be {} 0 and at most {:g}", name, value, may_be_zero ? ">=" : ">", most));
}

void check_numbers(const Prior& prior) {
  if (prior.mean_shrinkage) check_number("mean_shrinkage", *prior.mean_shrinkage, true, kLargestValue);
  if (prior.dof) check_number("dof", *prior.dof, false, kLargestValue);
  for (const double value : prior.mean.value_or(std::vector<double>())) {
    if (std::abs(value) <= kLargestValue) continue;
    throw invalid_argument(fmt::format("prior: mean holds {}; must be finite and at most 1e100 in magnitude", value));
  }
  if (prior.scale && prior.scale->size() == 1) check_number("scale", prior.scale->front(), false, kLargestVariance);
}

void check_scale(const std::vector<double>& scale, const CovarianceFamily& family, std::size_t d) {
  const bool matrices = family.layout == Layout::matrix;
  if (scale.size() != 1 && !(matrices && scale.size() == d * d)) {
    throw invalid_argument(fmt::format("prior: scale holds {} values; must be {} with covariance = {}", scale.size(),
                                       matrices ? fmt::format("1, or a matrix of {} x {}", d, d) : "1",
                                       to_string(family)));
  }
  if (scale.size() == 1) return;
  try {
    const Covariances valid(Layout::matrix, true, 1, d, scale);
  } catch (const invalid_argument& error) {
    const std::string_view what = error.what();  // "the shared covariance: not positive definite ..."
    throw invalid_argument(fmt::format("prior: scale: {}", what.substr(what.find(": ") + 2)));
  }
}

// The scale that is made of the covariance of all rows.
std::vector<double> default_scale(const CovarianceFamily& family, std::size_t n_components, std::size_t d,
                                  const RowFacts& rows) {
  const double divisor = std::pow(static_cast<double>(n_components), 2 / static_cast<double>(d));
  const auto name = [&](std::size_t i) {
    return printable(rows.feature_names.empty() ? default_column_name(i) : rows.feature_names[i]);
  };
  if (family.layout != Layout::matrix) {
    double sum = 0;
    for (std::size_t i = 0; i < d; ++i) {
      sum += rows.covariance(rows.covariance.rows() == 1 ? 0 : i, i) / static_cast<double>(d);
    }
    if (sum / divisor >= kSmallestVariance) return {sum / divisor};
    throw invalid_data("prior: the columns do not vary, so that its scale cannot be made of them; give a scale");
  }
  std::vector<double> scale = rows.covariance.values();
  const Matrix mean(1, d, rows.mean);
  if (const auto singular = singular_components({families::eee, {1}, mean, scale}, mean); !singular.empty()) {
    throw invalid_data(fmt::format(
        "prior: the covariance of all rows is singular at column '{}' (constant, or a combination of the columns "
        "before it), so that the prior's scale cannot be made of it; leave the column out or give a scale",
        name(singular.front().feature)));
  }
  for (double& value : scale) value /= divisor;
  return scale;
}

void require_rows(const RowFacts& rows, const CovarianceFamily& family, std::size_t d) {
  const std::size_t n = rows.covariance.rows();
  const bool has_covariance = n == d || (n == 1 && family.layout != Layout::matrix);
  if (rows.mean.size() == d && has_covariance && rows.covariance.cols() == d) return;
  throw invalid_argument(
      "prior: mean and scale are to be made of the mean and covariance of all rows, which are not known here; give "
      "both, such as those in the report of a fit to the rows");
}

double number_from(std::string_view key, std::string_view text, std::string_view rule = "a number") {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (!text.empty() && error == std::errc() && end == text.data() + text.size()) return value;
  throw invalid_argument(fmt::format("prior: {} = {}; must be {}", key, text, rule));
}

std::vector<double> numbers_from(std::string_view key, std::string_view text) {
  if (!text.starts_with('[') || !text.ends_with(']')) {
    return {number_from(key, text, "a number, or several as in [1;2;3]")};
  }
  text = text.substr(1, text.size() - 2);
  std::vector<double> values;
  while (true) {
    const std::size_t end = text.find(';');
    values.push_back(number_from(key, text.substr(0, end)));
    if (end == std::string_view::npos) return values;
    text = text.substr(end + 1);
  }
}

template <class T>
void set_once(std::optional<T>& field, std::string_view key, T value) {
  if (field) throw invalid_argument(fmt::format("prior: {} is given twice", key));
  field = std::move(value);
}

void set(Prior& prior, std::string_view key, std::string_view text) {
  if (key == "mean-shrinkage" || key == "mean_shrinkage") {
    set_once(prior.mean_shrinkage, key, number_from(key, text));
  } else if (key == "mean") {
    set_once(prior.mean, key, numbers_from(key, text));
  } else if (key == "dof") {
    set_once(prior.dof, key, number_from(key, text));
  } else if (key == "scale") {
    set_once(prior.scale, key, numbers_from(key, text));
  } else {
    throw invalid_argument(
        fmt::format("prior: '{}'; must be default, or some of mean-shrinkage=N, mean=[N;N], dof=N and scale=N or "
                    "[N;N;N;N], with ',' between them and ';' within [ ]",
                    key));
  }
}

std::string numbers_text(const std::vector<double>& values) {
  return values.size() == 1 ? fmt::format("{}", values[0]) : fmt::format("[{}]", fmt::join(values, ";"));
}

}  // namespace

std::string to_string(const Prior& prior) {
  std::vector<std::string> parts;
  if (prior.mean_shrinkage) parts.push_back(fmt::format("mean-shrinkage={}", *prior.mean_shrinkage));
  if (prior.mean) parts.push_back("mean=" + numbers_text(*prior.mean));
  if (prior.dof) parts.push_back(fmt::format("dof={}", *prior.dof));
  if (prior.scale) parts.push_back("scale=" + numbers_text(*prior.scale));
  return parts.empty() ? "default" : fmt::format("{}", fmt::join(parts, ","));
}

Prior prior_from(std::string_view text) {
  Prior prior;
  if (text == "default") return prior;
  while (true) {
    const std::size_t end = text.find(',');
    const std::string_view part = text.substr(0, end);
    const std::size_t equals = std::min(part.find('='), part.size());
    set(prior, part.substr(0, equals), part.substr(std::min(equals + 1, part.size())));
    if (end == std::string_view::npos) break;
    text = text.substr(end + 1);
  }
  check_numbers(prior);
  return prior;
}

bool is_complete(const Prior& prior) {
  return prior.mean_shrinkage && (prior.mean || *prior.mean_shrinkage == 0) && prior.dof && prior.scale;
}

void check_prior(const Prior& prior, const CovarianceFamily& family, std::size_t n_features) {
  check_numbers(prior);
  const double least_dof = family.layout == Layout::matrix ? static_cast<double>(n_features) - 1 : 0;
  if (prior.dof && !(*prior.dof > least_dof)) {
    throw invalid_argument(fmt::format("prior: dof = {}; must be > {} with covariance = {} and {} features", *prior.dof,
                                       least_dof, to_string(family), n_features));
  }
  if (prior.mean && prior.mean->size() != n_features) {
    throw invalid_argument(
        fmt::format("prior: mean holds {} values; must hold n_features = {}", prior.mean->size(), n_features));
  }
  if (prior.scale) check_scale(*prior.scale, family, n_features);
}

Prior completed(Prior prior, const CovarianceFamily& family, std::size_t n_components, std::size_t n_features,
                const RowFacts& rows) {
  check_prior(prior, family, n_features);
  if (!prior.mean_shrinkage) prior.mean_shrinkage = kDefaultShrinkage;
  if (!prior.dof) prior.dof = static_cast<double>(n_features) + 2;
  if (is_complete(prior)) return prior;
  require_rows(rows, family, n_features);
  if (!prior.mean && *prior.mean_shrinkage > 0) prior.mean = rows.mean;
  if (!prior.scale) prior.scale = default_scale(family, n_components, n_features, rows);
  return prior;
}

}  // namespace mogul
