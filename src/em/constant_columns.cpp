#include "em/constant_columns.hpp"

#include <fmt/format.h>

#include <numeric>
#include <string>
#include <variant>
#include <vector>

#include "base/check_interrupted.hpp"
#include "mogul/error.hpp"

namespace mogul {
namespace {

// Of the rows of positive weight.
std::vector<std::size_t> constant_columns(const Engine& engine) {
  std::vector<std::size_t> constant(engine.n_features());
  std::iota(constant.begin(), constant.end(), std::size_t{0});
  std::vector<double> first;
  std::vector<double> row(engine.n_features());
  for (std::size_t i = 0; i < engine.n_rows() && !constant.empty(); ++i) {
    if (i % kRowsPerCheck == 0) check_interrupted();
    if (!(engine.weight(i) > 0)) continue;
    engine.copy_row(i, row);
    if (first.empty()) first = row;
    std::erase_if(constant, [&](std::size_t d) { return row[d] != first[d]; });
  }
  return constant;
}

}  // namespace

void check_columns_vary(const Engine& engine, const FitOptions& options) {
  const bool takes_no_m_step = options.max_iter == 0 && std::holds_alternative<Mixture>(options.init);
  if (!options.reg_covar.relative || options.reg_covar.value == 0 || takes_no_m_step) return;
  if (!options.update.covariances && std::holds_alternative<Mixture>(options.init)) return;
  const std::vector<std::size_t> constant = constant_columns(engine);
  const bool spherical = options.covariance.moments() == Moments::spherical;
  if (constant.empty() || (spherical && constant.size() < engine.n_features())) return;
  std::string names;
  for (const std::size_t d : constant)
    names += fmt::format("{}'{}'", names.empty() ? "" : ", ", engine.feature_name(d));
  const bool one = constant.size() == 1;
  throw invalid_data(
      fmt::format("column{} {} {} constant, so reg_covar = {}, a share of the variance, adds nothing to {}; leave {} "
                  "out (--exclude) "
                  "or give an absolute reg_covar (--reg-covar 1e-6)",
                  one ? "" : "s", names, one ? "is" : "are", to_string(options.reg_covar), one ? "it" : "them",
                  one ? "it" : "them"));
}

}  // namespace mogul
