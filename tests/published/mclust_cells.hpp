// The cells of mclust's tables: data sets, their starting partitions, and fits that stop where mclust does.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "mogul/dataset.hpp"
#include "mogul/fit.hpp"
#include "mogul/options.hpp"

namespace mclust {

/// What mclust found of a data set: its cells, family by family.
std::vector<nlohmann::json> cells_of(const std::string& data_set);

/// Without the column of classes or names.
mogul::Dataset rows_of(const std::string& data_set);

/// The starting partition into G clusters, labels 0..G-1.
std::vector<std::int32_t> partition(const std::string& data_set, std::size_t n_components);

/// Maximum likelihood from that partition: no regularisation, and an error where a covariance is singular.
mogul::FitOptions from_partition(const std::string& data_set, const mogul::CovarianceFamily& family,
                                 std::size_t n_components);

/// EM until mclust's own rule stops it: |change of L| / (1 + |L|) < tolerance, or 5000 M-steps, of which the first
/// makes the start. Where EM crawls this is some way before the maximum, and ICL, unlike L and BIC, changes there in
/// the first order; so only equal stops make it comparable.
/// @param tolerance  of mclust's rule; 1e-5 is its default
mogul::FitResult fit_to_mclusts_stop(const mogul::Dataset& data, mogul::FitOptions options, double tolerance = 1e-12);

/// EM until it really stands still. Changes of the mean log-likelihood shrink geometrically; at 1e-13 (of numbers near
/// 10) only roundings are left.
mogul::FitResult fit_to_the_end(const mogul::Dataset& data, mogul::FitOptions options);

/// The deepest fall of L from one step to the next, relative to 1 + |L|; 0 if it never falls.
double deepest_fall(const std::vector<double>& history);

}  // namespace mclust
