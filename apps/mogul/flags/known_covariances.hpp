// Covariances that are known rather than fitted, as `mogul model` takes them: variances typed behind a flag, or a file
// of matrices. What the numbers are follows from --covariance, else from how many there are.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "flags/numbers.hpp"
#include "mogul/matrix.hpp"
#include "mogul/mixture.hpp"

namespace mogul::cli {

struct MixtureSize {
  std::size_t n_components;  ///< K
  std::size_t n_features;    ///< D
};

struct KnownCovariances {
  CovarianceStructure structure;
  std::vector<double> values;  ///< as Mixture takes them
};

/// @param flag   that the variances were given with, for messages
/// @param asked  structure of --covariance
/// @throws       UsageError where the numbers are not of the structure's shape, or of that of two structures
KnownCovariances covariances_from_variances(const std::string& flag, const NumberLists& variances,
                                            std::optional<CovarianceStructure> asked, const MixtureSize& size);

/// The rows of a file of covariance matrices.
struct CovarianceFile {
  std::string name;  ///< stands for it in messages
  Matrix rows;       ///< (K D, D), one component's matrix after the other, or (D, D) for one that all share
  std::vector<std::string> names;  ///< (D) of the header; empty where there is none
};
/// The first line is a header if none of its fields is a number.
/// @throws invalid_data naming file, line and column; as read_dataset()
CovarianceFile read_covariance_file(const std::string& path, unsigned n_threads);

/// @param asked  structure of --covariance
/// @throws       UsageError for a structure without matrices; invalid_data where the rows are of another number, or a
///               matrix is not symmetric positive definite, naming the rows and the component
KnownCovariances covariances_from_file(const CovarianceFile& file, std::optional<CovarianceStructure> asked,
                                       const MixtureSize& size);

}  // namespace mogul::cli
