// The engine: everything that touches all rows goes through here. An engine is made for its rows once;
// how it walks over them (blocks, threads, instruction sets) is its own affair.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "mogul/dataset.hpp"
#include "mogul/mixture.hpp"
#include "mogul/stats.hpp"

namespace mogul {

/// How rows are shared among components: by responsibility (EM), or wholly to the most probable one
/// (k-means; the lowest of equals). With `hard`, L is the complete-data log-likelihood and H is 0.
enum class Assignment { soft, hard };

/// The lanes in which rows are computed.
enum class Lanes { float32, float64 };

/// Distances, responsibilities and log-densities of consecutive rows under a model. Panels are component-major: element
/// (k, i) is row first_row + i.
struct BlockScores {
  std::size_t first_row;
  std::size_t n_rows;
  MatrixView<const double> squared_mahalanobis;  ///< (K, n_rows)
  MatrixView<const double> responsibilities;     ///< (K, n_rows)
  std::span<const double> log_densities;         ///< (n_rows)
};
/// Called once per block, from several threads at a time, in no fixed order.
using BlockVisitor = std::function<void(const BlockScores&)>;

/// Consecutive rows as they are: element (d, i) of x (D, n_rows) is feature d of row first_row + i.
struct BlockRows {
  std::size_t first_row;
  std::size_t n_rows;
  MatrixView<const double> x;
};
/// Called as BlockVisitor is.
using RowVisitor = std::function<void(const BlockRows&)>;

/// Fills out(i, k), zero at first, with the responsibilities of row first_row + i; called from several
/// threads at a time.
using ResponsibilitySource = std::function<void(std::size_t first_row, MatrixView<double> out)>;

class Engine {
 public:
  virtual ~Engine() = default;

  virtual std::size_t n_rows() const = 0;
  virtual std::size_t n_features() const = 0;
  virtual double sum_weights() const = 0;
  virtual std::size_t n_positive_rows() const = 0;  ///< rows of positive weight
  /// Copies row i to `out` (D).
  virtual void copy_row(std::size_t i, std::span<double> out) const = 0;
  std::vector<double> row(std::size_t i) const {
    std::vector<double> values(n_features());
    copy_row(i, values);
    return values;
  }
  /// (indices, D)
  Matrix rows(std::span<const std::size_t> indices) const {
    Matrix values(indices.size(), n_features());
    for (std::size_t i = 0; i < indices.size(); ++i) copy_row(indices[i], values.row(i));
    return values;
  }
  virtual double weight(std::size_t i) const = 0;
  virtual std::string feature_name(std::size_t d) const = 0;
  /// Whether sums under so many components are made in float lanes, as far as float can hold the components.
  virtual bool in_float(std::size_t n_components) const = 0;
  /// Number of components that are computed in double although in_float(), as float is too narrow for them.
  virtual std::size_t n_promoted(const Mixture& model) const = 0;

  /// E-step and sums about the model's means in one pass. The bytes of the result do not depend on the number of
  /// threads.
  Stats accumulate(const Mixture& model, Moments moments, Assignment assignment = Assignment::soft) {
    return accumulate(model, model.means(), moments, assignment, Lanes::float32);
  }
  /// The same under several models of one shape and family in one pass. Each result is bit-identical to that of a
  /// pass of its own.
  virtual std::vector<Stats> accumulate(std::span<const Mixture* const> models, Moments moments) = 0;
  /// The same about shift (K, D).
  /// @param lanes  float32 where many rows are float and the model allows it; float64 for rows of any type
  virtual Stats accumulate(const Mixture& model, const Matrix& shift, Moments moments, Assignment assignment,
                           Lanes lanes) = 0;
  /// Sums under given responsibilities, about shift (K, D); the likelihoods stay 0.
  virtual Stats accumulate(const ResponsibilitySource& source, const Matrix& shift, Moments moments) = 0;
  virtual void visit(const Mixture& model, const BlockVisitor& visitor) = 0;
  virtual void visit_rows(const RowVisitor& visitor) = 0;
};

/// An engine over rows in memory, which it borrows.
/// @param n_threads  0: every processor this process may use
/// @throws           invalid_data as check_rows()
std::unique_ptr<Engine> make_engine(const DataView& data, unsigned n_threads);
/// The same over rows that are to be seen under a model.
/// @throws  invalid_argument if the number of columns is not model.n_features()
std::unique_ptr<Engine> make_engine_for(const Mixture& model, const DataView& data, unsigned n_threads);

}  // namespace mogul
