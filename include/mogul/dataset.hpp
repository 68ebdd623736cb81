// The rows that a mixture is fitted to: a borrowed DataView, and the Dataset that owns its rows.
// First stage of the data's path; io.hpp reads files into a Dataset.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "mogul/matrix.hpp"

namespace mogul {

/// Largest magnitude of a value and of a weight: sums of weighted squares stay finite below it.
inline constexpr double kLargestValue = 1e100;

/// The name of a column that has none: "x1" for column 0, "x2", ...
std::string default_column_name(std::size_t col);

/// N rows of D features, row by row or column by column in memory, with an optional weight per row; borrows everything,
/// so a view of a temporary lives no longer than the call that it is made in. The layout changes no byte of any result.
/// Values are float or double; those of other types are made double block by block, as they are read (ConvertedView).
///
/// Rows of float are taken as they are. Sums over many of them (a fit, a log-likelihood, statistics) are made in float
/// lanes, twice as fast: the log-likelihood is within 1e-5 of what rows of double give, relative to the sum of the
/// magnitudes of the log-densities' terms, as a rule within 1e-8. Components that float cannot hold, as their features
/// are nearly dependent, are computed in double (FitReport::n_promoted), and so are few rows and whatever is said of
/// single rows.
///
/// A row of weight 2 counts as two equal rows, a row of weight 0 is absent. Without weights every row
/// counts once. Weights are counts, then: n in BIC and ICL is their sum. What the values and weights must be is checked
/// where the view is used (fit, score): finite, |value| <= 1e100, weights >= 0 and not all zero.
class DataView {
 public:
  /// The type of the values and their layout.
  using Values = std::variant<MatrixView<const double>, MatrixView<const float>, ColumnsView<const double>,
                              ColumnsView<const float>, ConvertedView>;

  /// @param x        (N, D), N >= 1, D >= 1
  /// @param weights  (N), row weights, or empty for all ones
  /// @throws         invalid_argument on a wrong shape
  DataView(MatrixView<const double> x, std::span<const double> weights = {});
  DataView(MatrixView<const float> x, std::span<const double> weights = {});
  DataView(ColumnsView<const double> x, std::span<const double> weights = {});
  DataView(ColumnsView<const float> x, std::span<const double> weights = {});
  DataView(ConvertedView x, std::span<const double> weights = {});
  DataView(const Matrix& x, std::span<const double> weights = {});
  DataView(const FloatMatrix& x, std::span<const double> weights = {});

  std::size_t rows() const;
  std::size_t cols() const;
  const Values& values() const { return x_; }
  double value(std::size_t row, std::size_t col) const;

  bool weighted() const { return !weights_.empty(); }
  std::span<const double> weights() const { return weights_; }
  double weight(std::size_t row) const { return weights_.empty() ? 1.0 : weights_[row]; }

  /// The same rows with column names, which error messages use. Borrows the names.
  /// @throws invalid_argument if there are names and their number is not cols()
  DataView with_names(std::span<const std::string> names) const;
  /// The name of a column, the default where there are no names.
  std::string column_name(std::size_t col) const;
  /// All of them (D).
  std::vector<std::string> column_names() const;

 private:
  Values x_;
  std::span<const double> weights_;
  std::span<const std::string> names_;
};

/// Owns rows, row weights and column names; converts to a DataView.
class Dataset {
 public:
  /// @param x        (N, D), N >= 1, D >= 1
  /// @param names    (D), or empty for "x1", "x2", ...
  /// @param weights  (N), row weights, or empty for all ones
  /// @throws         invalid_argument on a wrong shape
  explicit Dataset(Matrix x, std::vector<std::string> names = {}, std::vector<double> weights = {});
  explicit Dataset(FloatMatrix x, std::vector<std::string> names = {}, std::vector<double> weights = {});

  std::size_t rows() const { return view().rows(); }
  std::size_t cols() const { return view().cols(); }
  const std::vector<std::string>& column_names() const { return names_; }
  const std::vector<double>& weights() const { return weights_; }
  const std::variant<Matrix, FloatMatrix>& values() const { return x_; }

  /// Borrows from the data set, which must outlive the view.
  DataView view() const;
  operator DataView() const { return view(); }

  bool operator==(const Dataset&) const = default;

 private:
  std::variant<Matrix, FloatMatrix> x_;
  std::vector<std::string> names_;
  std::vector<double> weights_;
};

}  // namespace mogul
