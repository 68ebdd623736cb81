// What the covariance family makes of S_k, with the numbers put in.
#include <cmath>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "report/lesson/lesson.hpp"
#include "report/lesson/substitution.hpp"
#include "report/parameter_table.hpp"
#include "report/write/markup.hpp"

namespace mogul {
namespace {

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

// Where the covariances of a structure have one diagonal entry: the mean of several variances.
void write_out_spheres(Document& document, const UpdateNumbers& numbers, const std::vector<Matrix>& s, bool tied) {
  const std::size_t d = numbers.lesson.names.size();
  const auto trace = [&](std::size_t k, int digits) {
    return sum_of(d, [&](std::size_t i) { return printed(s[k](i, i), digits); });
  };
  const auto in_parentheses = [](const Printed& a) { return Printed{"(" + a.text + ")", a.value}; };
  const Printed n_features = printed(static_cast<double>(d), 17);
  const auto value_of = [&](std::size_t k) {
    double sum = 0;
    for (std::size_t i = 0; i < d; ++i) sum += s[k](i, i);
    return sum / static_cast<double>(d);
  };
  for (std::size_t k = 0; !tied && k < s.size(); ++k) {
    const auto expression = [&](int digits) { return in_parentheses(trace(k, digits) / n_features); };
    document.blocks.emplace_back(
        Formula{substituted(fmt::format("Sigma_{}", k), expression, {value_of(k), value_of(k)}, " I")});
  }
  if (!tied) return;
  double value = 0;
  for (std::size_t k = 0; k < s.size(); ++k) value += numbers.sizes[k] * value_of(k) / numbers.sum_weights;
  const auto expression = [&](int digits) {
    const Printed all =
        sum_of(s.size(), [&](std::size_t k) { return printed(numbers.sizes[k], digits) * trace(k, digits); });
    const Printed size = sum_of(s.size(), [&](std::size_t k) { return printed(numbers.sizes[k], digits); });
    return in_parentheses(all / size / n_features);
  };
  document.blocks.emplace_back(Formula{substituted("Sigma_k", expression, {value, value}, " I")});
}

// Entry (i, j) of the mean of all S_k.
void write_out_pooled(Document& document, const UpdateNumbers& numbers, const std::vector<Matrix>& s, std::size_t i,
                      std::size_t j) {
  double value = 0;
  double scale = 0;
  for (std::size_t k = 0; k < s.size(); ++k) {
    value += numbers.sizes[k] * s[k](i, j) / numbers.sum_weights;
    scale += numbers.sizes[k] * std::sqrt(s[k](i, i)) * std::sqrt(s[k](j, j)) / numbers.sum_weights;
  }
  const auto expression = [&](int digits) {
    const Printed all = sum_of(
        s.size(), [&](std::size_t k) { return printed(numbers.sizes[k], digits) * operand(s[k](i, j), digits); });
    return all / sum_of(s.size(), [&](std::size_t k) { return printed(numbers.sizes[k], digits); });
  };
  document.blocks.emplace_back(
      Formula{substituted("Sigma_k" + entry_of(numbers.lesson, i, j), expression, {value, scale})});
}

}  // namespace

std::string entry_of(const Lesson& lesson, std::size_t i) {
  return lesson.names.size() == 1 ? "" : fmt::format(" [{}]", name_shown(lesson.names[i]));
}
std::string entry_of(const Lesson& lesson, std::size_t i, std::size_t j) {
  return lesson.names.size() == 1 ? ""
                                  : fmt::format(" [{}, {}]", name_shown(lesson.names[i]), name_shown(lesson.names[j]));
}

void add_structure(Document& document, const UpdateNumbers& numbers, const std::vector<Matrix>& s,
                   const CovarianceFamily& family) {
  document.blocks.emplace_back(Formula{family_formula(family)});
  if (!numbers.are_written_out()) return;
  if (family.plain.empty()) return;  // iterations, or eigenvectors
  const bool tied = family.shared;
  if (family.layout == Layout::spherical) {
    return write_out_spheres(document, numbers, s, tied);
  }
  for (std::size_t i = 0; tied && i < numbers.lesson.names.size(); ++i) {
    for (std::size_t j = has_matrices(family) ? 0 : i; j <= i; ++j) write_out_pooled(document, numbers, s, i, j);
  }
}

}  // namespace mogul
