// EM explained on given rows, step by step, with every number: as text, as JSON and as a page.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "mogul/dataset.hpp"
#include "mogul/mixture.hpp"

namespace mogul {

struct ExplainOptions {
  std::size_t max_iter = 10000;
  double tol = 1e-12;  ///< EM ends when the mean log-likelihood changes by less
  std::string title = {};
  std::vector<std::size_t> dropped_rows = {};  ///< ReadReport::dropped, so that rows have the numbers of their file
  std::uint64_t seed = 0;                      ///< of the rows that ancestral sampling draws
  bool text = true;                            ///< which forms are made; the others stay empty
  bool json = true;
  bool html = true;
  unsigned n_threads = 0;
};

/// The same content in three forms.
struct Explanation {
  std::string text;  ///< for a terminal, without pictures; tables of more than 20 rows are cut, and say so
  std::string json;  ///< every number in all its digits
  std::string html;  ///< a page with pictures, and parts that the reader moves
};

/// The data and the start; L; responsibilities and N_k; the gradients of L; the updates of the means, of the
/// covariances and of the mixing weights alone, with the numbers put in; whole iterations to the end; the
/// latent-variable view; ancestral sampling; the gradients again, which vanish at a maximum. Textbook EM: no reg_covar,
/// no acceleration, whatever the defaults of fit().
///
/// Where a component becomes singular or empty, EM ends there, which is said.
/// @param feature_names  (D), or empty for "x1", "x2", ...
/// @throws               invalid_argument on a wrong number of columns or names; invalid_data on bad values or row
///                       weights; invalid_argument if tol is not finite and >= 0
/// @cost                 two passes over the rows per iteration; JSON repeats the single updates, and takes O(N K D^2)
///                       for S_k. Memory: N (D + K) numbers in each of four tables, and K D numbers per iteration, with
///                       JSON K D^2 where the covariances are matrices
/// @source               Deisenroth, Faisal, Ong (2020), sections 11.2 to 11.4
Explanation explain(const Mixture& start, const DataView& data, std::span<const std::string> feature_names = {},
                    const ExplainOptions& options = {});

}  // namespace mogul
