#include "select/cross_validation.hpp"

#include <fmt/format.h>

#include <cmath>
#include <numeric>
#include <optional>
#include <utility>
#include <variant>

#include "base/random.hpp"
#include "engine/engine.hpp"
#include "mogul/error.hpp"
#include "mogul/interrupt.hpp"

namespace mogul {
namespace {

// The rows of a fold, or those of the others: all rows, with weight 0 where they are not among them.
std::vector<double> weights_of(const DataView& data, const std::vector<std::uint32_t>& folds, std::size_t fold,
                               bool inside) {
  std::vector<double> weights(data.rows());
  for (std::size_t n = 0; n < weights.size(); ++n) weights[n] = (folds[n] == fold) == inside ? data.weight(n) : 0;
  return weights;
}

DataView with_weights(const DataView& data, const std::vector<double>& weights) {
  return std::visit([&](const auto& values) { return DataView(values, weights); }, data.values());
}

// Per unit of weight.
class FoldScore {
 public:
  FoldScore(const DataView& rows, unsigned n_threads)
      : engine_(make_engine(rows, n_threads)),
        sum_weights_(std::accumulate(rows.weights().begin(), rows.weights().end(), 0.0)) {}

  double of(const Mixture& mixture) {
    return engine_->accumulate(row_model(mixture), Moments::none).log_likelihood / sum_weights_;
  }

 private:
  std::unique_ptr<Engine> engine_;
  double sum_weights_;
};

HeldOut held_out(const std::vector<double>& scores) {
  const auto n = static_cast<double>(scores.size());
  const double mean = std::accumulate(scores.begin(), scores.end(), 0.0) / n;
  double squares = 0;
  for (const double score : scores) squares += (score - mean) * (score - mean);
  return {mean, std::sqrt(squares / (n - 1) / n), scores.size()};
}

// The cells' fits to the other folds.
FitTable fit_without(std::size_t fold, const DataView& data, const std::vector<double>& weights,
                     const SelectOptions& options, FitsDone& done) {
  const std::vector<std::string> names = data.column_names();
  try {
    return fit_table(with_weights(data, weights).with_names(names), options, done);
  } catch (const invalid_data& error) {
    throw invalid_data(fmt::format("cross-validation, without the rows of fold {} of {}: {}", fold + 1, options.n_folds,
                                   error.what()));
  }
}

}  // namespace

void check_folds(const SelectOptions& options, const DataView& data) {
  if (options.n_folds < 2) throw invalid_argument(fmt::format("n_folds = {}; must be 2 or more", options.n_folds));
  std::size_t n_rows = 0;
  for (std::size_t n = 0; n < data.rows(); ++n) n_rows += data.weight(n) > 0 ? 1 : 0;
  if (options.n_folds <= n_rows) return;
  throw invalid_argument(
      fmt::format("n_folds = {}; must be at most the number of rows of positive weight, {}", options.n_folds, n_rows));
}

// Rows of weight 0 are in no fold's way: they are dealt out after the others.
std::vector<std::uint32_t> folds_of(const DataView& data, std::size_t n_folds, std::uint64_t seed) {
  std::vector<std::size_t> order;
  for (const bool counts : {true, false}) {
    const std::size_t first = order.size();
    for (std::size_t n = 0; n < data.rows(); ++n) {
      if ((data.weight(n) > 0) == counts) order.push_back(n);
    }
    RandomStream stream(seed, Purpose::folds, counts ? 0 : 1);
    for (std::size_t left = order.size() - first; left > 1; --left) {
      const auto drawn = static_cast<std::size_t>(stream.uniform() * static_cast<double>(left));
      std::swap(order[first + left - 1], order[first + drawn]);
    }
  }
  std::vector<std::uint32_t> folds(data.rows());
  for (std::size_t i = 0; i < order.size(); ++i) folds[order[i]] = static_cast<std::uint32_t>(i % n_folds);
  return folds;
}

void cross_validate(const DataView& data, const SelectOptions& options, FitTable& table, FitsDone& done) {
  SelectOptions training = options;
  training.known.clear();
  const std::vector<std::uint32_t> folds = folds_of(data, options.n_folds, options.fit.seed);
  std::vector<std::vector<double>> scores(table.cells.size());
  std::size_t n_done = 0;
  for (; n_done < options.n_folds && !table.is_interrupted; ++n_done) {
    const std::vector<double> fitted = weights_of(data, folds, n_done, false);
    const std::vector<double> kept = weights_of(data, folds, n_done, true);
    const FitTable others = fit_without(n_done, data, fitted, training, done);
    table.is_interrupted = others.is_interrupted;
    if (table.is_interrupted) break;
    FoldScore score(with_weights(data, kept), options.fit.n_threads);
    for (std::size_t i = 0; i < table.cells.size(); ++i) {
      SelectionCell& cell = table.cells[i];
      const SelectionCell& other = others.cells[i];
      if (other.fit) {
        scores[i].push_back(score.of(other.fit->mixture));
      } else if (cell.fit && cell.reason.empty()) {
        cell.reason = fmt::format("without the rows of fold {}: {}", n_done + 1, other.reason);
      }
    }
  }
  for (std::size_t i = 0; i < table.cells.size(); ++i) {
    SelectionCell& cell = table.cells[i];
    if (!cell.fit || !cell.reason.empty()) continue;
    if (n_done >= 2) {
      cell.held_out = held_out(scores[i]);
    } else {
      cell.reason = "interrupted before there were two folds";
    }
  }
}

}  // namespace mogul
