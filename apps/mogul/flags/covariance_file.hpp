// A file of covariance matrices, one component's rows after the other's.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "flags/known_covariances.hpp"
#include "mogul/matrix.hpp"

namespace mogul::cli {

struct CovarianceFile {
  std::string name;                ///< stands for it in messages
  Matrix rows;                     ///< (K D, D), or (D, D) for a matrix that all components share
  std::vector<std::string> names;  ///< (D) of the header; empty where there is none
};

/// The first line is a header if none of its fields is a number.
/// @throws invalid_data naming file, line and column; as read_file()
CovarianceFile read_covariance_file(const std::string& path, unsigned n_threads);

/// @param asked  family of --covariance
/// @throws       UsageError for a family without matrices; invalid_data where the rows are of another number, or a
///               matrix is not symmetric positive definite, naming the rows and the component
KnownCovariances covariances_from_file(const CovarianceFile& file, std::optional<CovarianceFamily> asked,
                                       const MixtureSize& size);

}  // namespace mogul::cli
