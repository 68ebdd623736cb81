#include "engine/cpu/lane_model.hpp"

#include <algorithm>
#include <cmath>
#include <span>

#include "data/check_rows.hpp"

namespace mogul {

template <>
Coordinates<float>::Coordinates(std::span<const double> values) {
  for (const double value : values) {
    high.push_back(static_cast<float>(value));
    low.push_back(cpu::lost_by_float(value));
  }
}

namespace cpu {
namespace {

bool fits_float(const Operands<double>& operands) {
  const auto at_most = [](double limit) { return [=](double value) { return std::abs(value) <= limit; }; };
  return std::ranges::all_of(operands.factors, at_most(kLargestFloatFactor)) &&
         std::ranges::all_of(operands.means.high, at_most(kModerateValue));
}

Operands<float> narrowed(const Operands<double>& wide) {
  Operands<float> out;
  out.means = Coordinates<float>(wide.means.high);
  out.factors.assign(wide.factors.begin(), wide.factors.end());
  out.centre = Coordinates<float>(wide.centre.high);
  out.whitened_means = Coordinates<float>(wide.whitened_means.high);
  return out;
}

}  // namespace

[[gnu::noinline]] float lost_by_float(double x) {
  return static_cast<float>(x - static_cast<double>(static_cast<float>(x)));
}

std::vector<char> too_much_for_float(const RowModel& model) {
  if (!fits_float(model.operands)) return std::vector<char>(model.n_components, 1);
  std::vector<char> too_much;
  for (const double inflation : model.inflation) too_much.push_back(inflation > kMaxFloatInflation ? 1 : 0);
  return too_much;
}

LaneModel::LaneModel(const RowModel& model, Lanes wanted)
    : rows_(&model), lanes_(wanted), form_(model.form), promoted_(model.n_components, 1) {
  if (wanted == Lanes::float64) return;
  if (form_ == FactorForm::tied_triangular && !(model.largest_whitened_mean <= kMaxFloatWhitenedMean)) {
    form_ = FactorForm::triangular;
  }
  promoted_ = too_much_for_float(model);
  if (std::ranges::count(promoted_, 0) == 0) {
    lanes_ = Lanes::float64;
  } else {
    narrow_ = narrowed(model.operands);
  }
}

}  // namespace cpu
}  // namespace mogul
