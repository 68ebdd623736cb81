// Sufficient statistics: their shapes and their merge. What a pass over rows yields.

#include "mogul/stats.hpp"

#include <algorithm>

#include "mogul/error.hpp"

namespace mogul {
namespace {

std::size_t second_size(Moments moments, std::size_t d) {
  switch (moments) {
    case Moments::none:
    case Moments::mean: return 0;
    case Moments::spherical: return 1;
    case Moments::diagonal: return d;
    case Moments::pooled:
    case Moments::full: return d * (d + 1) / 2;
  }
  return 0;
}

void add(std::span<double> to, std::span<const double> from) {
  for (std::size_t i = 0; i < to.size(); ++i) to[i] += from[i];
}

std::span<double> all(Matrix& m) { return {m.data(), m.values().size()}; }

}  // namespace

bool provides(Moments held, Moments needed) {
  if (held == Moments::pooled) return needed == Moments::pooled || needed <= Moments::mean;
  return held >= needed;
}

std::string_view to_string(Moments moments) {
  switch (moments) {
    case Moments::none: return "none";
    case Moments::mean: return "mean";
    case Moments::spherical: return "spherical";
    case Moments::diagonal: return "diagonal";
    case Moments::pooled: return "pooled";
    case Moments::full: return "full";
  }
  return "";
}

Stats::Stats(Moments which, Matrix about)
    : moments(which),
      shift(std::move(about)),
      n(shift.rows()),
      first(which == Moments::none ? Matrix() : Matrix(shift.rows(), shift.cols())),
      second(which <= Moments::mean
                 ? Matrix()
                 : Matrix(which == Moments::pooled ? 1 : shift.rows(), second_size(which, shift.cols()))) {}

Stats& Stats::operator+=(const Stats& other) {
  if (moments != other.moments) throw invalid_argument("Stats: cannot add statistics of different moments");
  const bool same_model = model == other.model || sum_weights == 0 || other.sum_weights == 0;
  if (!same_model || shift != other.shift) throw invalid_argument("Stats: cannot add statistics of different models");
  if (sum_weights == 0) model = other.model;
  add(n, other.n);
  add(all(first), other.first.values());
  add(all(second), other.second.values());
  sum_weights += other.sum_weights;
  log_likelihood += other.log_likelihood;
  entropy += other.entropy;
  rounding = std::max(rounding, other.rounding);
  resolution = {std::min(resolution.max_move, other.resolution.max_move),
                std::max(resolution.min_conditional_variance, other.resolution.min_conditional_variance),
                std::max(resolution.min_deviation, other.resolution.min_deviation)};
  n_promoted = std::max(n_promoted, other.n_promoted);
  map_log_likelihood += other.map_log_likelihood;
  return *this;
}

}  // namespace mogul
