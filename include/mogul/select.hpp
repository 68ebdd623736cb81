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

/// What cells of the table are compared by.
enum class Criterion {
  bic,        ///< -2 L + p log n: which model the rows come from
  icl,        ///< the same of the complete-data likelihood at the labels: which clusters are apart
  aic,        ///< -2 L + 2 p: which model predicts
  aicc,       ///< AIC + 2 p (p + 1) / (n - p - 1), for few rows; infinite where n <= p + 1
  cv,         ///< log-likelihood of rows that were held out: which model predicts, as measured
  stability,  ///< how little labels change between runs, and with one component more or fewer
};
std::string_view to_string(Criterion criterion);
/// The word of each criterion, in this order.
std::span<const std::string_view> criterion_words();
/// True for cv and stability. For the other criteria lower is better; mclust's have the opposite sign.
bool higher_is_better(Criterion criterion);

/// Cross-validation: the rows are dealt out to folds at random, and each fold is scored by fits of the others.
struct HeldOut {
  double mean;            ///< over the folds, of the log-likelihood of their rows; nats per unit of weight
  double standard_error;  ///< of that mean: the standard deviation of the folds over the root of their number
  std::size_t n_folds;    ///< less than were asked for if interrupted

  bool operator==(const HeldOut&) const = default;
};

/// Fowlkes-Mallows indices between labels of K components from one run and K + 1 from another one, and between K - 1
/// and K: of all pairs of runs.
/// @source  Varrone et al. (2024), Nature Genetics 56; Fowlkes, Mallows (1983), JASA 78
struct Stability {
  double mean;
  double standard_deviation;
  std::size_t n_comparisons;

  bool operator==(const Stability&) const = default;
};

/// A fit of the table.
struct SelectionCell {
  std::size_t n_components;
  CovarianceFamily covariance;
  std::optional<FitResult> fit = {};
  std::optional<HeldOut> held_out = {};     ///< by Criterion::cv alone
  std::optional<Stability> stability = {};  ///< by Criterion::stability alone
  std::string reason = {};                  ///< why there is no fit, or no value of the criterion; else empty
};

/// NaN where there is none.
double value_of(const SelectionCell& cell, Criterion criterion);
/// Index of the fit with the best value, the first of equal ones; none where none has a value.
std::optional<std::size_t> best_cell(std::span<const SelectionCell> cells, Criterion criterion);
/// Of Criterion::cv: index of the fit with the fewest parameters of those that are at most one standard error of the
/// best below it.
/// @source Breiman, Friedman, Olshen, Stone (1984), Classification and Regression Trees, section 3.4.3
std::optional<std::size_t> within_one_standard_error(std::span<const SelectionCell> cells);

/// A fit of an earlier selection.
struct KnownFit {
  Mixture mixture;
  FitReport report;
};

struct SelectOptions {
  /// What all fits share: reg_covar, prior, gain, ...; not n_components, covariance, init, hold, max_passes and
  /// callback.
  FitOptions fit = {};
  std::vector<std::size_t> n_components = {1, 2, 3, 4, 5, 6, 7, 8, 9};
  std::vector<CovarianceFamily> covariances = {families::eii, families::vii, families::eei,
                                               families::vvi, families::eee, families::vvv};
  Criterion criterion = Criterion::bic;
  /// In place of the hierarchy, fit.n_init starts of each cell: all but Search and what a caller has for one K alone.
  std::optional<InitMethod> init = {};
  /// One more start of each cell: where such a search ends.
  Search search = Search::none;
  std::size_t n_folds = 10;  ///< of Criterion::cv, 2 or more
  /// Of Criterion::cv: choose the cell with the fewest parameters of those that are at most one standard error of the
  /// best below it.
  bool one_standard_error = false;
  std::size_t n_runs = 10;  ///< of Criterion::stability, 2 or more; each from a start of its own, `random_from_data`
                            ///< where no init is given
  /// Cells that are not fitted again.
  std::vector<KnownFit> known = {};
  /// Called after every fit: when a cell is first done, again when a neighbour's start improves it, then for the fits
  /// of folds and runs, which n_fits includes. From one thread at a time; may be empty.
  std::function<void(const SelectionCell& cell, std::size_t n_done, std::size_t n_fits)> progress = {};
};

struct Selection {
  std::vector<SelectionCell> cells;  ///< by K, and then by family in the order of the options
  std::optional<std::size_t> best;   ///< index of the cell that the criterion chooses; none where none has a value
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
/// @throws invalid_argument for options that break a rule, and for known fits of other rows; invalid_data as fit()
/// @cost   as so many fits, most of which need some fifty passes; memory O(K D^2) a cell. Cross-validation takes
/// n_folds
///         times as much, stability n_runs fits a cell and the labels of a family's runs.
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

/// The criterion against K as an SVG document: a curve for each family, the choice marked.
/// @param title  default: the criterion's name
/// @throws       invalid_argument where no fit has a value
std::string selection_svg(const Selection& selection, CriterionSign sign = CriterionSign::as_here,
                          const std::string& title = {});

struct SelectionPageOptions {
  std::string title = {};
  std::string command = {};  ///< that made the selection, as it was typed; may be empty
  CriterionSign sign = CriterionSign::as_here;
};
/// The choice, what the criterion means, the criterion against K, a heat map of the table, and every fit: one HTML file
/// that asks the network for nothing.
std::string selection_page(const Selection& selection, const SelectionPageOptions& options = {});

}  // namespace mogul
