// The engine: everything that touches all rows goes through here. An engine is made for its rows once;
// how it walks over them (blocks, threads, instruction sets, lanes) is its own affair.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "data/row_source.hpp"
#include "engine/row_model.hpp"
#include "mogul/stats.hpp"

namespace mogul {

/// How rows are shared among components: by responsibility (EM), or wholly to the most probable one
/// (k-means; the lowest of equals). With `hard`, L is the complete-data log-likelihood and H is 0.
enum class Assignment { soft, hard };

/// What a pass may save at the cost of digits. What is told of single rows is always in double.
enum class Precision {
  rough,  ///< as fast, and in float lanes where the rows are doubles as well, if that pays
  fast,   ///< sums may be made in narrower lanes where the rows are no doubles; Stats::is_exact() tells
  exact,  ///< all in double
};

/// Distances, responsibilities and log-densities of consecutive rows under a model, and the rows. Panels are
/// component-major, or feature-major: element (k, i) is row first_row + i.
struct BlockScores {
  std::size_t first_row;
  std::size_t n_rows;
  MatrixView<const double> squared_mahalanobis;  ///< (K, n_rows)
  MatrixView<const double> responsibilities;     ///< (K, n_rows)
  std::span<const double> log_densities;         ///< (n_rows)
  MatrixView<const double> x;                    ///< (D, n_rows)
  std::span<const double> weights;               ///< (n_rows)
};
/// Called once per block, from several threads at a time, in no fixed order.
using BlockVisitor = std::function<void(const BlockScores&)>;
/// Adds a block's part to sums over all rows. Called as BlockVisitor is.
using BlockSummer = std::function<void(const BlockScores&, std::span<double> sums)>;

/// Consecutive rows as they are: element (d, i) of x (D, n_rows) is feature d of row first_row + i.
struct BlockRows {
  std::size_t first_row;
  std::size_t n_rows;
  MatrixView<const double> x;
  std::span<const double> weights;  ///< (n_rows)
};
/// Called as BlockVisitor is.
using RowVisitor = std::function<void(const BlockRows&)>;

/// Fills out(i, k), zero at first, with the responsibilities of row first_row + i; called from several
/// threads at a time.
using ResponsibilitySource = std::function<void(std::size_t first_row, MatrixView<double> out)>;

class Engine {
 public:
  virtual ~Engine() = default;

  virtual const RowSource& source() const = 0;
  virtual const RowCount& count() const = 0;

  std::size_t n_rows() const { return source().n_rows(); }
  std::size_t n_features() const { return source().n_features(); }
  std::size_t n_positive_rows() const { return count().n_positive; }  ///< rows of positive weight
  /// (indices, D)
  Matrix rows(std::span<const std::size_t> indices) const { return source().gather(indices); }

  /// E-step and sums about the model's means in one pass. The bytes of the result do not depend on the number of
  /// threads.
  Stats accumulate(const RowModel& model, Moments moments, Assignment assignment = Assignment::soft) {
    return accumulate(model, model.means(), moments, assignment, Precision::fast);
  }
  /// The same under several models of one shape and family in one pass. Each result is bit-identical to that of a
  /// pass of its own, but where it is rough.
  virtual std::vector<Stats> accumulate(std::span<const RowModel> models, Moments moments, Precision precision) = 0;
  /// The same about shift (K, D).
  virtual Stats accumulate(const RowModel& model, const Matrix& shift, Moments moments, Assignment assignment,
                           Precision precision) = 0;
  /// Sums under given responsibilities, about shift (K, D); the likelihoods stay 0.
  virtual Stats accumulate(const ResponsibilitySource& source, const Matrix& shift, Moments moments) = 0;
  virtual void visit(const RowModel& model, const BlockVisitor& visitor) = 0;
  /// Sums over all rows, zero at first, of what `add` makes of each block. As of accumulate(), their bytes do not
  /// depend on the number of threads.
  virtual std::vector<double> sum(const RowModel& model, std::size_t n_sums, const BlockSummer& add) = 0;
  virtual void visit_rows(const RowVisitor& visitor) = 0;
};

struct EngineOptions {
  unsigned n_threads = 0;  ///< 0: every processor this process may use
};

/// @throws  invalid_data as RowSource::check()
std::unique_ptr<Engine> make_engine(std::unique_ptr<const RowSource> rows, const EngineOptions& options);
/// The same over rows in memory, which it borrows.
std::unique_ptr<Engine> make_engine(const DataView& data, unsigned n_threads);
/// The same over rows that are to be seen under a mixture.
/// @throws  invalid_argument if the number of columns is not mixture.n_features()
std::unique_ptr<Engine> make_engine_for(const Mixture& mixture, const DataView& data, unsigned n_threads);

}  // namespace mogul
