// The sections of the lesson that explain() writes. Each adds its sentences, formulas, tables and figures.
#pragma once

#include <string>
#include <vector>

#include "mogul/dataset.hpp"
#include "report/document.hpp"
#include "report/textbook_em.hpp"

namespace mogul {

/// Rows of a table that people are shown; JSON has all.
inline constexpr std::size_t kMostRows = 20;

struct Lesson {
  DataView data;
  std::vector<std::string> names;  ///< (D)
  EmRun run;
  unsigned n_threads;
};

enum class Moment { start, end };

// lesson_start.cpp
void add_start(Document& document, const Lesson& lesson);
void add_log_likelihood(Document& document, const Lesson& lesson);
void add_responsibilities(Document& document, const Lesson& lesson);
void add_gradient(Document& document, const Lesson& lesson, Moment moment);

// lesson_updates.cpp: means, covariances and weights alone
void add_updates(Document& document, const Lesson& lesson);

// lesson_iterations.cpp
void add_iterations(Document& document, const Lesson& lesson);

// lesson_latent.cpp
void add_latent_view(Document& document, const Lesson& lesson);
void add_sampling(Document& document, const Lesson& lesson);
/// What the page's scripts move: features, rows and the model at the end, as JSON.
std::string lesson_data(const Lesson& lesson);

// lesson_parts.cpp: what several sections have
Table rows_table(const Lesson& lesson, std::string name);  ///< row, values, weight
Table responsibility_table(const Lesson& lesson, const Mixture& mixture);
void add_columns(Table& table, const Matrix& values, const std::string& prefix);  ///< prefix_0, prefix_1, ...

/// A mixture at some moment, in a figure with others.
struct Scene {
  const Mixture* mixture;
  std::string title;
};
/// The density of each over the rows, on the same axes; of more than two features along the principal axes of each.
Figure side_by_side(const Lesson& lesson, const std::vector<Scene>& scenes);
/// L and the negative log-likelihood.
void add_likelihood(Document& document, double log_likelihood);

}  // namespace mogul
