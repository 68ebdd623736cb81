#include "uncertainty/intervals.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "uncertainty/parameter_values.hpp"

namespace mogul {
namespace {

struct Ends {
  double lower;
  double upper;
};

// sigma^2 exp(-+ h), h the reach of log sigma^2.
Ends of_variance(double value, double reach) {
  return {std::max(value * std::exp(-reach / value), kSmallestVariance),
          std::min(value * std::exp(reach / value), kLargestVariance)};
}

// pi / (pi + (1 - pi) exp(+- h)), h the reach of logit pi.
Ends of_weight(double value, double reach) {
  const double other = 1 - value;
  if (!(value > 0 && other > 0)) return {std::max(value - reach, 0.0), std::min(value + reach, 1.0)};
  const double scaled = reach / (value * other);
  return {value / (value + other * std::exp(scaled)), value / (value + other * std::exp(-scaled))};
}

// Of sorted values.
double percentile(const std::vector<double>& sorted, double share) {
  const double place = share * static_cast<double>(sorted.size() + 1) - 1;
  if (place <= 0) return sorted.front();
  const auto before = static_cast<std::size_t>(place);
  if (before + 1 >= sorted.size()) return sorted.back();
  const double between = place - static_cast<double>(before);
  return sorted[before] + between * (sorted[before + 1] - sorted[before]);
}

}  // namespace

double normal_reach(double level) {
  const double outside = 1 - level;
  double low = 0;
  double high = 40;  // erfc is 0 in double there
  while (true) {
    const double middle = low + (high - low) / 2;
    if (middle == low || middle == high) return middle;
    (std::erfc(middle / std::numbers::sqrt2) > outside ? low : high) = middle;
  }
}

Interval normal_interval(const Mixture& mixture, const std::vector<double>& errors, double level) {
  const double z = normal_reach(level);
  const std::vector<double> values = values_of(mixture);
  Interval interval{values, values};
  for (std::size_t i = 0; i < values.size(); ++i) {
    interval.lower[i] -= z * errors[i];
    interval.upper[i] += z * errors[i];
  }
  const auto set = [&](std::size_t i, const Ends& ends) {
    if (errors[i] == 0) return;
    interval.lower[i] = ends.lower;
    interval.upper[i] = ends.upper;
  };
  const ValuePlaces places(mixture);
  for (std::size_t k = 0; k < mixture.n_components(); ++k) {
    set(places.weight(k), of_weight(values[k], z * errors[k]));
    places.visit_covariance(k, [&](std::size_t place, std::size_t i, std::size_t j) {
      if (i == j) set(place, of_variance(values[place], z * errors[place]));
    });
  }
  return interval;
}

Interval percentile_interval(const Matrix& replicates, double level) {
  Interval interval;
  std::vector<double> column(replicates.rows());
  for (std::size_t j = 0; j < replicates.cols(); ++j) {
    for (std::size_t i = 0; i < column.size(); ++i) column[i] = replicates(i, j);
    std::ranges::sort(column);
    interval.lower.push_back(percentile(column, (1 - level) / 2));
    interval.upper.push_back(percentile(column, (1 + level) / 2));
  }
  return interval;
}

std::vector<double> deviations(const Matrix& replicates) {
  const auto m = static_cast<double>(replicates.rows());
  std::vector<double> means(replicates.cols());
  for (std::size_t i = 0; i < replicates.rows(); ++i) {
    for (std::size_t j = 0; j < means.size(); ++j) means[j] += (replicates(i, j) - replicates(0, j)) / m;
  }
  std::vector<double> squares(replicates.cols());
  for (std::size_t i = 0; i < replicates.rows(); ++i) {
    for (std::size_t j = 0; j < means.size(); ++j) {
      const double away = replicates(i, j) - replicates(0, j) - means[j];
      squares[j] += away * away;
    }
  }
  for (double& square : squares) square = std::sqrt(square / (m - 1));
  return squares;
}

}  // namespace mogul
