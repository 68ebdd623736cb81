// A row model as the CPU's kernels compute with it: in double lanes, or in float lanes but for the components that
// float cannot hold.
#pragma once

#include <cstddef>
#include <type_traits>
#include <vector>

#include "engine/row_model.hpp"
#include "mogul/stats.hpp"

namespace mogul::cpu {

/// Float lanes are for covariances whose correlations inflate no variance more than this, for standard deviations that
/// are not smaller than 1 / kLargestFloatFactor, and for whitened means up to kMaxFloatWhitenedMean.
inline constexpr double kMaxFloatInflation = 1e4;
inline constexpr double kLargestFloatFactor = 1e12;
inline constexpr double kMaxFloatWhitenedMean = 8;

/// What second moments that were summed in float lanes resolve.
inline constexpr Resolution kFloatResolution{
    .max_move = 3, .min_conditional_variance = 1 / kMaxFloatInflation, .min_deviation = 1 / kLargestFloatFactor};

enum class Lanes { float32, float64 };

/// x less what it is as a float. Out of line, because gcc 12 vectorises two of these and then takes float(x) for x.
float lost_by_float(double x);

/// (K), 1 for the components that float cannot hold: all of them where it cannot hold what they share.
std::vector<char> too_much_for_float(const RowModel& model);

/// Borrows the row model.
class LaneModel {
 public:
  /// @param wanted  float32 is a wish, which a model that float cannot hold is not granted
  LaneModel(const RowModel& model, Lanes wanted);

  const RowModel& rows() const { return *rows_; }
  std::size_t n_components() const { return rows_->n_components; }
  std::size_t n_features() const { return rows_->n_features; }
  Lanes lanes() const { return lanes_; }
  FactorForm form() const { return form_; }
  /// (K), 1 if computed in double.
  const std::vector<char>& promoted() const { return promoted_; }

  template <class T>
  const Operands<T>& in() const {
    if constexpr (std::is_same_v<T, float>)
      return narrow_;
    else
      return rows_->operands;
  }
  template <class T>
  const T* factor(std::size_t component) const {
    return in<T>().factors.data() + component * rows_->factor_stride;
  }

 private:
  const RowModel* rows_;
  Lanes lanes_;
  FactorForm form_;
  std::vector<char> promoted_;
  Operands<float> narrow_;  // empty for Lanes::float64
};

}  // namespace mogul::cpu
