// The formulas of the M-step with the numbers put in.
#include <algorithm>
#include <cmath>
#include <vector>

#include <fmt/format.h>

#include "base/check_interrupted.hpp"
#include "mogul/score.hpp"
#include "report/lesson/lesson.hpp"
#include "report/lesson/substitution.hpp"
#include "report/parameter_table.hpp"

namespace mogul {
namespace {

constexpr std::size_t kMostFeatures = 3;  // of mixtures whose sums are written out
constexpr std::size_t kMostComponents = 6;

// A round number near a mean that is large beside its unit, about which its sum is taken: otherwise the
// responsibilities would need all the digits of the mean. 0 for other means.
double origin_of(double mean, double unit) {
  constexpr double kLarge = 100;
  constexpr int kMostDigits = 15;  // that a double holds of any decimal number
  if (std::abs(mean) < kLarge * unit) return 0;
  const double step = std::ceil(std::log10(unit));
  const int digits = static_cast<int>(std::floor(std::log10(std::abs(mean))) - step) + 1;
  return printed(mean, std::clamp(digits, 1, kMostDigits)).value;
}

void write_out_mean(Document& document, const UpdateNumbers& numbers, const Mixture& after, std::size_t k,
                    std::size_t d) {
  const DataView& data = numbers.lesson.data;
  const double mean = after.means()(k, d);
  const double unit = numbers.units[d];
  const double origin = origin_of(mean, unit);
  double scale = std::abs(origin);
  for (std::size_t n = 0; n < data.rows(); ++n) {
    scale += numbers.share(n, k) / numbers.sizes[k] * std::abs(data.value(n, d) - origin);
  }
  const auto expression = [&](int digits) {
    const Printed sum = sum_of(data.rows(), [&](std::size_t n) {
      const double x = data.value(n, d);
      return printed(numbers.share(n, k), digits) *
             (origin == 0 ? operand(x, digits, unit)
                          : difference(printed(x, digits, unit), operand(origin, digits, unit)));
    });
    Printed average = sum / printed(numbers.sizes[k], digits);
    if (origin == 0) return average;
    const Printed start = printed(origin, digits, unit);
    return Printed{start.text + " + " + average.text, start.value + average.value};
  };
  document.blocks.emplace_back(
      Formula{substituted(fmt::format("mu_{}{}", k, entry_of(numbers.lesson, d)), expression, {mean, scale, unit})});
}

// Entry (i, j) of S_k, as a sum over the rows.
void write_out_entry(Document& document, const UpdateNumbers& numbers, const Mixture& means, const Matrix& s,
                     std::size_t k, std::size_t i, std::size_t j) {
  const DataView& data = numbers.lesson.data;
  const auto expression = [&](int digits) {
    const auto deviation = [&](std::size_t n, std::size_t d) {
      const double unit = numbers.units[d];
      return difference(printed(data.value(n, d), digits, unit), operand(means.means()(k, d), digits, unit));
    };
    const Printed sum = sum_of(data.rows(), [&](std::size_t n) {
      const Printed first = deviation(n, i);
      const Printed square = i == j ? Printed{first.text + "^2", first.value * first.value} : first * deviation(n, j);
      return printed(numbers.share(n, k), digits) * square;
    });
    return sum / printed(numbers.sizes[k], digits);
  };
  document.blocks.emplace_back(Formula{substituted(fmt::format("S_{}{}", k, entry_of(numbers.lesson, i, j)), expression,
                                                   {s(i, j), std::sqrt(s(i, i)) * std::sqrt(s(j, j))})});
}

// Of the standard deviations of S_k in one feature. Not lesson.unit(), which tables use: at the end a component may
// have collapsed onto one row.
double largest_spread(const UpdateNumbers& numbers, std::size_t d) {
  const DataView& data = numbers.lesson.data;
  double largest = 0;
  for (std::size_t k = 0; k < numbers.sizes.size(); ++k) {
    if (numbers.sizes[k] == 0) continue;
    const double origin = data.value(0, d);  // of the sums, so that the distance from zero costs no digits
    double first = 0;
    double second = 0;
    const auto share = [&](std::size_t n) { return numbers.share(n, k) / numbers.sizes[k]; };
    for (std::size_t n = 0; n < data.rows(); ++n) first += share(n) * (data.value(n, d) - origin);
    for (std::size_t n = 0; n < data.rows(); ++n) {
      const double deviation = data.value(n, d) - origin - first;
      second += share(n) * deviation * deviation;
    }
    largest = std::max(largest, std::sqrt(second));
  }
  return largest > 0 ? largest : numbers.lesson.unit(d);
}

// S_k of every component; of structures without matrices only the diagonal.
std::vector<Matrix> scatters(const UpdateNumbers& numbers, const Mixture& means) {
  const DataView& data = numbers.lesson.data;
  const std::size_t d = data.cols();
  std::vector<Matrix> all(numbers.r.cols(), Matrix(d, d));
  std::vector<double> deviation(d);
  for (std::size_t k = 0; k < all.size(); ++k) {
    for (std::size_t n = 0; n < data.rows(); ++n) {
      if (n % kRowsPerCheck == 0) check_interrupted();
      for (std::size_t i = 0; i < d; ++i) deviation[i] = data.value(n, i) - means.means()(k, i);
      const double share = numbers.share(n, k);
      for (std::size_t i = 0; i < d; ++i) {
        for (std::size_t j = has_matrices(means.family()) ? 0 : i; j <= i; ++j) {
          all[k](i, j) += share * deviation[i] * deviation[j] / numbers.sizes[k];
        }
      }
    }
  }
  return all;
}

// For programs: S_k in all its digits.
Table scatter_table(const Lesson& lesson, const std::vector<Matrix>& s, const CovarianceFamily& family) {
  Table table{"S_k", "", {numbered("component", s.size())}};
  for (std::size_t i = 0; i < lesson.names.size(); ++i) {
    for (std::size_t j = has_matrices(family) ? 0 : i; j <= i; ++j) {
      std::vector<double> values;
      values.reserve(s.size());
      for (const Matrix& of_one : s) values.push_back(of_one(i, j));
      table.columns.push_back({fmt::format("S {}, {}", lesson.names[j], lesson.names[i]), std::move(values)});
    }
  }
  return table;
}

}  // namespace

UpdateNumbers update_numbers(const Lesson& lesson) {
  const EmStep& first = lesson.run.first();
  UpdateNumbers numbers{lesson, responsibilities(first.mixture, lesson.data, lesson.n_threads), first.stats.n,
                        first.stats.sum_weights};
  for (std::size_t d = 0; numbers.are_written_out() && d < lesson.names.size(); ++d) {
    numbers.units.push_back(largest_spread(numbers, d));
  }
  return numbers;
}

bool UpdateNumbers::are_written_out() const {
  return lesson.names.size() <= kMostFeatures && r.cols() <= kMostComponents;
}

double UpdateNumbers::share(std::size_t row, std::size_t component) const {
  return lesson.data.weight(row) * r(row, component);
}

void write_out_means(Document& document, const UpdateNumbers& numbers, const Mixture& after) {
  if (!numbers.are_written_out()) {
    document.blocks.emplace_back(
        Paragraph{fmt::format("The sums of this update and the next are written out for at most {} features and {} "
                              "components.",
                              kMostFeatures, kMostComponents)});
    return;
  }
  bool is_far = false;
  for (std::size_t d = 0; d < after.n_features(); ++d) {
    for (std::size_t k = 0; k < after.n_components(); ++k) {
      is_far = is_far || origin_of(after.means()(k, d), numbers.units[d]) != 0;
    }
  }
  if (is_far) {
    document.blocks.emplace_back(
        Prose{"Some values are large beside their spread. Their mean is the same about any number $c$, and about a "
              "round one near it the sum needs fewer digits."});
    document.blocks.emplace_back(
        Formula{fmt::format("mu_k = c + {} r_nk (x_n - c) / N_k", numbers.lesson.sum_over_rows())});
  }
  for (std::size_t k = 0; k < after.n_components(); ++k) {
    for (std::size_t d = 0; d < after.n_features(); ++d) write_out_mean(document, numbers, after, k, d);
  }
}

void write_out_covariances(Document& document, const UpdateNumbers& numbers, const Mixture& means) {
  const CovarianceFamily& family = means.family();
  const bool written_out = numbers.are_written_out();
  const std::vector<Matrix> s =
      written_out || numbers.lesson.for_programs ? scatters(numbers, means) : std::vector<Matrix>();
  for (std::size_t k = 0; written_out && k < means.n_components(); ++k) {
    for (std::size_t i = 0; i < means.n_features(); ++i) {
      for (std::size_t j = has_matrices(family) ? 0 : i; j <= i; ++j) {
        write_out_entry(document, numbers, means, s[k], k, i, j);
      }
    }
  }
  add_structure(document, numbers, s, family);
  if (numbers.lesson.for_programs) document.blocks.emplace_back(scatter_table(numbers.lesson, s, family));
}

void write_out_weights(Document& document, const UpdateNumbers& numbers, const Mixture& after) {
  for (std::size_t k = 0; numbers.are_written_out() && k < after.n_components(); ++k) {
    const auto expression = [&](int digits) {
      return printed(numbers.sizes[k], digits) / printed(numbers.sum_weights, digits);
    };
    const double weight = after.weights()[k];
    document.blocks.emplace_back(Formula{substituted(fmt::format("pi_{}", k), expression, {weight, weight})});
  }
}

}  // namespace mogul
