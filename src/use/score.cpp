// What a model says of rows. Each function is one pass of the engine; per-row results go straight to their place.

#include "mogul/score.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <mutex>

#include "engine/engine.hpp"
#include "engine/responsibility_source.hpp"
#include "engine/row_model.hpp"
#include "model/criteria.hpp"

namespace mogul {
namespace {

// log N(x | k) = constant - m2 / 2, per component.
std::vector<double> normalisers(const Mixture& model) {
  std::vector<double> out(model.n_components());
  for (std::size_t k = 0; k < out.size(); ++k) out[k] = log_normaliser(model, k);
  return out;
}

// log pi_k + log N at the mean.
std::vector<double> joint_constants(const Mixture& model) {
  std::vector<double> out = normalisers(model);
  for (std::size_t k = 0; k < out.size(); ++k) out[k] += std::log(model.weights()[k]);
  return out;
}

// out(n, k) = value(scores, k, i) for every row and component.
template <class Value>
Matrix per_component(const Mixture& model, const DataView& data, unsigned n_threads, const Value& value) {
  const auto engine = make_engine_for(model, data, n_threads);
  Matrix out(data.rows(), model.n_components());
  engine->visit(row_model(model), [&](const BlockScores& scores) {
    for (std::size_t i = 0; i < scores.n_rows; ++i) {
      for (std::size_t k = 0; k < model.n_components(); ++k) out(scores.first_row + i, k) = value(scores, k, i);
    }
  });
  return out;
}

Matrix constant_minus_half_distance(const Mixture& model, const DataView& data, unsigned n_threads,
                                    const std::vector<double>& constants) {
  return per_component(model, data, n_threads, [&](const BlockScores& scores, std::size_t k, std::size_t i) {
    return constants[k] - scores.squared_mahalanobis(k, i) / 2;
  });
}

// sum_n w_n sum_k r_nk (constant_k - m2_nk / 2): terms of weight zero are absent, even where log pi_k = -inf.
// Blocks are summed in the order of their rows, whatever thread made them.
template <class R>
double weighted_log_joint(Engine& engine, const Mixture& model, const R& r) {
  const std::vector<double> constants = joint_constants(model);
  std::vector<std::pair<std::size_t, double>> blocks;
  std::mutex mutex;
  engine.visit(row_model(model), [&](const BlockScores& scores) {
    double sum = 0;
    for (std::size_t i = 0; i < scores.n_rows; ++i) {
      const double weight = scores.weights[i];
      for (std::size_t k = 0; k < constants.size(); ++k) {
        const double share = weight * r(scores, k, i);
        if (share > 0) sum += share * (constants[k] - scores.squared_mahalanobis(k, i) / 2);
      }
    }
    const std::scoped_lock lock(mutex);
    blocks.emplace_back(scores.first_row, sum);
  });
  std::ranges::sort(blocks);
  double total = 0;
  for (const auto& [first_row, sum] : blocks) total += sum;
  return total;
}

}  // namespace

Matrix component_log_densities(const Mixture& model, const DataView& data, unsigned n_threads) {
  return constant_minus_half_distance(model, data, n_threads, normalisers(model));
}

Matrix log_joint(const Mixture& model, const DataView& data, unsigned n_threads) {
  return constant_minus_half_distance(model, data, n_threads, joint_constants(model));
}

Matrix responsibilities(const Mixture& model, const DataView& data, unsigned n_threads) {
  return per_component(model, data, n_threads, [](const BlockScores& scores, std::size_t k, std::size_t i) {
    return scores.responsibilities(k, i);
  });
}

Matrix squared_mahalanobis(const Mixture& model, const DataView& data, unsigned n_threads) {
  return per_component(model, data, n_threads, [](const BlockScores& scores, std::size_t k, std::size_t i) {
    return scores.squared_mahalanobis(k, i);
  });
}

std::vector<double> log_densities(const Mixture& model, const DataView& data, unsigned n_threads) {
  std::vector<double> out(data.rows());
  make_engine_for(model, data, n_threads)->visit(row_model(model), [&](const BlockScores& scores) {
    std::ranges::copy(scores.log_densities, out.begin() + static_cast<std::ptrdiff_t>(scores.first_row));
  });
  return out;
}

std::vector<std::int32_t> labels(const Mixture& model, const DataView& data, unsigned n_threads) {
  const std::vector<double> constants = joint_constants(model);
  std::vector<std::int32_t> out(data.rows());
  make_engine_for(model, data, n_threads)->visit(row_model(model), [&](const BlockScores& scores) {
    for (std::size_t i = 0; i < scores.n_rows; ++i) {
      double best = -std::numeric_limits<double>::infinity();
      for (std::size_t k = 0; k < constants.size(); ++k) {
        const double joint = constants[k] - scores.squared_mahalanobis(k, i) / 2;
        if (joint > best) {
          best = joint;
          out[scores.first_row + i] = static_cast<std::int32_t>(k);
        }
      }
    }
  });
  return out;
}

double log_likelihood(const Mixture& model, const DataView& data, unsigned n_threads) {
  return make_engine_for(model, data, n_threads)->accumulate(row_model(model), Moments::none).log_likelihood;
}

double entropy(const Mixture& model, const DataView& data, unsigned n_threads) {
  return make_engine_for(model, data, n_threads)->accumulate(row_model(model), Moments::none).entropy;
}

double complete_log_likelihood(const Mixture& model, const DataView& data, std::span<const std::int32_t> z,
                               unsigned n_threads) {
  const auto engine = make_engine_for(model, data, n_threads);
  if (z.size() != data.rows()) {
    throw invalid_argument(fmt::format("z holds {} labels; the data have {} rows", z.size(), data.rows()));
  }
  for (std::size_t i = 0; i < z.size(); ++i) {
    if (z[i] < 0 || static_cast<std::size_t>(z[i]) >= model.n_components()) {
      throw invalid_argument(
          fmt::format("z[{}] = {}; must lie in 0..{} (n_components - 1)", i, z[i], model.n_components() - 1));
    }
  }
  return weighted_log_joint(*engine, model, [&](const BlockScores& scores, std::size_t k, std::size_t i) {
    return static_cast<std::size_t>(z[scores.first_row + i]) == k ? 1.0 : 0.0;
  });
}

double expected_complete_log_likelihood(const Mixture& model, const DataView& data, MatrixView<const double> r,
                                        unsigned n_threads) {
  const auto engine = make_engine_for(model, data, n_threads);
  from_responsibilities(r, *engine, model.n_components());  // checks r
  return weighted_log_joint(*engine, model, [&](const BlockScores& scores, std::size_t k, std::size_t i) {
    return r(scores.first_row + i, k);
  });
}

double expected_complete_log_likelihood(const Mixture& model, const DataView& data, unsigned n_threads) {
  const auto engine = make_engine_for(model, data, n_threads);
  return weighted_log_joint(*engine, model, [](const BlockScores& scores, std::size_t k, std::size_t i) {
    return scores.responsibilities(k, i);
  });
}

Evaluation evaluate(const Mixture& model, const DataView& data, unsigned n_threads, const Hold& hold) {
  check_hold(hold, model.n_components());
  const Stats stats = make_engine_for(model, data, n_threads)->accumulate(row_model(model), Moments::none);
  const std::size_t n_parameters = n_estimated_parameters(model, hold);
  const Criteria criteria(stats, n_parameters);
  return {.n_rows = data.rows(),
          .sum_weights = stats.sum_weights,
          .n_parameters = n_parameters,
          .log_likelihood = stats.log_likelihood,
          .mean_log_likelihood = stats.log_likelihood / stats.sum_weights,
          .expected_complete_log_likelihood = stats.expected_complete_log_likelihood(),
          .entropy = stats.entropy,
          .aic = criteria.aic,
          .bic = criteria.bic,
          .icl = criteria.icl,
          .component_sizes = stats.n};
}

}  // namespace mogul
