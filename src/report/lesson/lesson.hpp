// The sections of the lesson that explain() writes. Each adds its sentences, formulas, tables and figures.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "mogul/dataset.hpp"
#include "mogul/report.hpp"
#include "report/document.hpp"
#include "report/lesson/textbook_em.hpp"

namespace mogul {

/// Rows of a table that people are shown; JSON has all.
inline constexpr std::size_t kMostRows = 20;

struct Lesson {
  DataView data;
  std::vector<std::string> names;         ///< (D)
  std::vector<std::size_t> dropped_rows;  ///< ExplainOptions
  EmRun run;
  std::uint64_t seed;  ///< of ancestral sampling
  bool pictures;       ///< made only where a page is
  bool for_programs;   ///< every number, also those that would make tables for people too wide
  unsigned n_threads;

  /// What the digits of the values of a feature are chosen by.
  double unit(std::size_t feature) const { return largest_standard_deviation(run.last().mixture, feature); }
  /// "sum_n", or "sum_n w_n" where rows have weights.
  const char* sum_over_rows() const { return data.weighted() ? "sum_n w_n" : "sum_n"; }
};

enum class Moment { start, end };

// start.cpp
void add_start(Document& document, const Lesson& lesson);
void add_log_likelihood(Document& document, const Lesson& lesson);
void add_responsibilities(Document& document, const Lesson& lesson);

// gradient.cpp
void add_gradient(Document& document, const Lesson& lesson, Moment moment);
/// The derivatives alone, as tables.
void add_derivatives(Document& document, const Lesson& lesson, const Mixture& mixture);

// updates.cpp: means, covariances and weights alone
void add_updates(Document& document, const Lesson& lesson);

/// The numbers of one M-step.
struct UpdateNumbers {
  const Lesson& lesson;
  Matrix r;                          ///< (N, K)
  const std::vector<double>& sizes;  ///< N_k
  double sum_weights;
  std::vector<double> units = {};  ///< (D), the largest standard deviation of S_k: what digits are chosen by

  double share(std::size_t row, std::size_t component) const;  ///< w_n r_nk
  bool are_written_out() const;                                ///< of few features and components
};
/// Those of the first M-step of a lesson.
UpdateNumbers update_numbers(const Lesson& lesson);
// numbers.cpp: the formulas with the numbers put in, for few features and components
void write_out_means(Document& document, const UpdateNumbers& numbers, const Mixture& after);
/// S_k about the given means, and what the structure makes of it.
void write_out_covariances(Document& document, const UpdateNumbers& numbers, const Mixture& means);
void write_out_weights(Document& document, const UpdateNumbers& numbers, const Mixture& after);

// structure_numbers.cpp
/// Sigma_k of S_k. @param s  S_k of each component, empty where the numbers are not written out
void add_structure(Document& document, const UpdateNumbers& numbers, const std::vector<Matrix>& s,
                   const CovarianceFamily& family);
/// " [a]", or " [a, b]" for an entry of a matrix; nothing where there is one feature.
std::string entry_of(const Lesson& lesson, std::size_t i);
std::string entry_of(const Lesson& lesson, std::size_t i, std::size_t j);

// iterations.cpp
void add_iterations(Document& document, const Lesson& lesson);

// latent.cpp
void add_latent_view(Document& document, const Lesson& lesson);
void add_sampling(Document& document, const Lesson& lesson);
/// What the page's scripts move: features, rows and the model at the end, as JSON.
std::string lesson_data(const Lesson& lesson);

// parts.cpp: parts of several sections
Table rows_table(const Lesson& lesson, std::string name, std::string label);  ///< row, values, weight
Table responsibility_table(const Lesson& lesson, const Mixture& mixture);
void add_columns(Table& table, const Matrix& values, const std::string& prefix);  ///< prefix_0, prefix_1, ...

/// A mixture at some moment, in a figure with others.
struct Scene {
  const Mixture* mixture;
  std::string title;
};
/// The density of each over the rows, on the same axes: of more than two features the first two.
void add_scenes(Document& document, const Lesson& lesson, const std::vector<Scene>& scenes);
/// The parameters of a mixture; people are shown those of few features.
/// @param sizes  (K), or empty
void add_parameters(Document& document, const Lesson& lesson, const Mixture& mixture,
                    const std::vector<double>& sizes = {});
/// L and the negative log-likelihood.
void add_likelihood(Document& document, double log_likelihood);

}  // namespace mogul
