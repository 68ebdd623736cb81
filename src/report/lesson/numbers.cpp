// The formulas of the M-step with the numbers put in.
#include <fmt/format.h>

#include <map>
#include <string>
#include <string_view>

#include "report/lesson/lesson.hpp"
#include "report/write/markup.hpp"

namespace mogul {
namespace {

constexpr std::size_t kMostTerms = 8;     // of a sum that is written out
constexpr std::size_t kMostFeatures = 3;  // of mixtures whose sums are written out
constexpr std::size_t kMostComponents = 6;

std::string shown(double value, double unit = 0) { return number_text(value, 4, unit); }
// After a sign: a negative number in parentheses.
std::string operand(double value, double unit = 0) {
  const std::string text = shown(value, unit);
  return value < 0 ? "(" + text + ")" : text;
}

// "(first + second + ... + last)", of `n` terms.
template <class Term>
std::string sum_of(std::size_t n, Term&& term) {
  std::string text = "(";
  for (std::size_t i = 0; i < n; ++i) {
    if (n > kMostTerms && i == 3) {
      text += " + ...";
      i = n - 1;
    }
    text += (i == 0 ? "" : " + ") + term(i);
  }
  return text + ")";
}

bool are_written_out(const UpdateNumbers& numbers) {
  return numbers.lesson.names.size() <= kMostFeatures && numbers.r.cols() <= kMostComponents;
}

// Entry (i, j) of S_k, as a sum over the rows.
void write_out_entry(Document& document, const UpdateNumbers& numbers, const Mixture& after, std::size_t k,
                     std::size_t i, std::size_t j) {
  const DataView& data = numbers.lesson.data;
  const double mean_i = after.means()(k, i);
  const double mean_j = after.means()(k, j);
  const auto deviation = [&](double x, double mean, std::size_t d) {
    const double unit = numbers.lesson.unit(d);
    return fmt::format("({} - {})", shown(x, unit), operand(mean, unit));
  };
  const std::string sum = sum_of(data.rows(), [&](std::size_t n) {
    const std::string first = deviation(data.value(n, i), mean_i, i);
    return fmt::format("{} * {}{}", shown(numbers.share(n, k)), first,
                       i == j ? "^2" : " * " + deviation(data.value(n, j), mean_j, j));
  });
  double value = 0;
  for (std::size_t n = 0; n < data.rows(); ++n) {
    value += numbers.share(n, k) * (data.value(n, i) - mean_i) * (data.value(n, j) - mean_j);
  }
  value /= numbers.sizes[k];
  const std::vector<std::string>& names = numbers.lesson.names;
  const std::string which =
      names.size() == 1 ? "" : fmt::format(" [{}, {}]", name_shown(names[i]), name_shown(names[j]));
  document.blocks.emplace_back(
      Formula{fmt::format("S_{}{} = {} / {} = {}", k, which, sum, shown(numbers.sizes[k]), shown(value))});
}

// What the family makes of S_k.
std::string family_formula(const CovarianceFamily& family) {
  static const std::map<std::string_view, const char*> formulas{
      {"VVV", "Sigma_k = S_k"},
      {"EEE", "Sigma_k = sum_j N_j S_j / sum_j N_j"},
      {"VVI", "Sigma_k = diag(S_k)"},
      {"EEI", "Sigma_k = diag(sum_j N_j S_j / sum_j N_j)"},
      {"VII", "Sigma_k = (trace(S_k) / D) I"},
      {"EII", "Sigma_k = (trace(sum_j N_j S_j / sum_j N_j) / D) I"},
  };
  const auto known = formulas.find(family.name);
  return known != formulas.end() ? known->second
                                 : "sum_k N_k (log |Sigma_k| + trace(Sigma_k^-1 S_k)) is least among the members of " +
                                       std::string(family.name);
}

}  // namespace

double UpdateNumbers::share(std::size_t row, std::size_t component) const {
  return lesson.data.weight(row) * r(row, component);
}

void write_out_means(Document& document, const UpdateNumbers& numbers, const Mixture& after) {
  for (std::size_t k = 0; are_written_out(numbers) && k < after.n_components(); ++k) {
    if (numbers.sizes[k] == 0) continue;
    for (std::size_t d = 0; d < after.n_features(); ++d) {
      const double unit = numbers.lesson.unit(d);
      const std::string sum = sum_of(numbers.lesson.data.rows(), [&](std::size_t i) {
        return fmt::format("{} * {}", shown(numbers.share(i, k)), operand(numbers.lesson.data.value(i, d), unit));
      });
      const std::string which =
          after.n_features() == 1 ? "" : fmt::format(" [{}]", name_shown(numbers.lesson.names[d]));
      document.blocks.emplace_back(Formula{fmt::format("mu_{}{} = {} / {} = {}", k, which, sum, shown(numbers.sizes[k]),
                                                       shown(after.means()(k, d), unit))});
    }
  }
}

void write_out_covariances(Document& document, const UpdateNumbers& numbers, const Mixture& after) {
  document.blocks.emplace_back(Formula{family_formula(after.family())});
  for (std::size_t k = 0; are_written_out(numbers) && k < after.n_components(); ++k) {
    if (numbers.sizes[k] == 0) continue;
    for (std::size_t i = 0; i < after.n_features(); ++i) {
      for (std::size_t j = after.family().layout == Layout::matrix ? 0 : i; j <= i; ++j) {
        write_out_entry(document, numbers, after, k, i, j);
      }
    }
  }
}

void write_out_weights(Document& document, const UpdateNumbers& numbers, const Mixture& after) {
  for (std::size_t k = 0; are_written_out(numbers) && k < after.n_components(); ++k) {
    document.blocks.emplace_back(Formula{fmt::format("pi_{} = {} / {} = {}", k, shown(numbers.sizes[k]),
                                                     shown(numbers.sum_weights), shown(after.weights()[k]))});
  }
}

}  // namespace mogul
