// The border between mogul's public value types and the slow oracle's, and the measure in which they are compared.
#pragma once

#include <functional>
#include <span>

#include "mogul/dataset.hpp"
#include "mogul/matrix.hpp"
#include "mogul/mixture.hpp"
#include "reference/oracle.hpp"

namespace oracle {

Data from(const mogul::DataView& data);
Model from(const mogul::Mixture& mixture);
Table from(const mogul::Matrix& matrix);
mogul::Mixture to_mixture(const Model& model);
mogul::Matrix to_matrix(const Table& table);

/// |actual - expected| in units of eps * scale, eps that of double. Infinite for a NaN or where only one is infinite.
double in_eps(double actual, Real expected, Real scale);

/// The scale of an element, given its row and column.
using Scale = std::function<Real(std::size_t, std::size_t)>;
/// The largest in_eps over all elements; infinite if the shapes differ.
double worst_in_eps(const mogul::Matrix& actual, const Table& expected, const Scale& scale);
double worst_in_eps(std::span<const double> actual, const Row& expected, const Scale& scale);

/// The largest error of a parameter in units of eps: weights against 1, covariances against the product of the standard
/// deviations, means against the standard deviation plus their own size, to which a double rounds them.
double worst_parameter_in_eps(const mogul::Mixture& actual, const Model& expected);

}  // namespace oracle
