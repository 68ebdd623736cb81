// Which K, and which covariance family: fits of a whole table, compared by a criterion.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mogul/dataset.hpp"
#include "mogul/fit.hpp"
#include "mogul/options.hpp"
#include "mogul/table.hpp"

namespace mogul {

/// What cells of the table are compared by. Lower is better for all; mclust's have the opposite sign.
enum class Criterion {
  bic,   ///< -2 L + p log n: which model the rows come from
  icl,   ///< the same of the complete-data likelihood at the labels: which clusters are apart
  aic,   ///< -2 L + 2 p: which model predicts
  aicc,  ///< AIC + 2 p (p + 1) / (n - p - 1), for few rows; infinite where n <= p + 1
};
std::string_view to_string(Criterion criterion);
/// The word of each criterion, in this order.
std::span<const std::string_view> criterion_words();

/// A fit of the table.
struct SelectionCell {
  std::size_t n_components;
  CovarianceFamily covariance;
  std::optional<FitResult> fit = {};  ///< none where there is a reason
  std::string reason = {};            ///< why there is no fit; empty where there is one
};

/// @throws invalid_argument if there is no fit
double value_of(const SelectionCell& cell, Criterion criterion);

struct SelectOptions {
  /// What all fits share: reg_covar, prior, gain, ...; not n_components, covariance, init, n_init, hold, max_passes and
  /// callback.
  FitOptions fit = {};
  std::vector<std::size_t> n_components = {1, 2, 3, 4, 5, 6, 7, 8, 9};
  std::vector<CovarianceFamily> covariances = {families::eii, families::vii, families::eei,
                                               families::vvi, families::eee, families::vvv};
  Criterion criterion = Criterion::bic;
  /// Told of every cell when it is first done, and once more where it is bettered from its neighbours; from one thread
  /// at a time. May be empty.
  std::function<void(const SelectionCell& cell, std::size_t n_done, std::size_t n_cells)> progress = {};
};

struct Selection {
  std::vector<SelectionCell> cells;  ///< by K, and then by family in the order of the options
  std::optional<std::size_t> best;   ///< index of the cell with the lowest value; none where none could be fitted
  Criterion criterion;
  bool is_interrupted;  ///< some cells are without a fit for that reason
};

/// Fits every K with every family.
///
/// A cell starts from the clusters of one hierarchy of the rows, which serves all K; from a component of K - 1 that is
/// cut in two, and two of K + 1 that become one; and from the ends of narrower families, so that a wider family is
/// never below a narrower one. Runs are raced against each other, as in a search, and the best are followed. A cell in
/// which every run collapses onto few rows, or shrinks to nothing, has a reason in place of a fit.
///
/// @throws invalid_argument for options that break a rule; invalid_data as fit()
/// @cost   as so many fits, most of which need some fifty passes; memory O(K D^2) a cell
Selection select(const DataView& data, const SelectOptions& options);

/// Whose sign is shown: mclust's criteria are those of this library times -1, so that higher is better.
enum class CriterionSign { as_here, as_mclust };

/// A row for each K and a column for each family, with the values of the criterion; NaN where there is no fit.
Table criterion_table(const Selection& selection, CriterionSign sign = CriterionSign::as_here);
/// A row for each cell: K, family, log-likelihood, parameters, all criteria, passes, and the reason where there is no
/// fit.
Table cell_table(const Selection& selection, CriterionSign sign = CriterionSign::as_here);
/// Several lines: criterion_table(), the best three with their differences, whether starts agree in the best, how clear
/// the choice is, and reasons.
std::string summary(const Selection& selection, CriterionSign sign = CriterionSign::as_here);
/// {"criterion", "cells": [...], "best": {...}}: the cells as in cell_table(), null for what there is not.
std::string selection_json(const Selection& selection, CriterionSign sign = CriterionSign::as_here);

}  // namespace mogul
