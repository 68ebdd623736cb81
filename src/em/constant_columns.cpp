#include "em/constant_columns.hpp"

#include <fmt/format.h>

#include <numeric>
#include <string>
#include <variant>
#include <vector>

#include "mogul/error.hpp"

namespace mogul {
namespace {

// Of the rows of positive weight.
std::vector<std::size_t> constant_columns(const Engine& engine) {
  std::vector<std::size_t> constant(engine.n_features());
  std::iota(constant.begin(), constant.end(), std::size_t{0});
  std::vector<double> first;
  for_each_block(engine.source(), [&](const RowBlock& block) {
    for (std::size_t i = 0; i < block.n_rows && !constant.empty(); ++i) {
      if (!(block.weight(i) > 0)) continue;
      for (std::size_t d = first.size(); d < engine.n_features(); ++d) first.push_back(block.value(i, d));
      std::erase_if(constant, [&](std::size_t d) { return block.value(i, d) != first[d]; });
    }
    return !constant.empty();
  });
  return constant;
}

}  // namespace

void check_columns_vary(const Engine& engine, std::span<const std::string> names, const FitOptions& options) {
  const bool takes_no_m_step = options.max_iter == 0 && std::holds_alternative<Mixture>(options.init);
  if (!options.reg_covar.relative || options.reg_covar.value == 0 || takes_no_m_step) return;
  if (options.hold.covariances && std::holds_alternative<Mixture>(options.init)) return;
  const std::vector<std::size_t> constant = constant_columns(engine);
  const bool spherical = options.covariance.moments() == Moments::spherical;
  if (constant.empty() || (spherical && constant.size() < engine.n_features())) return;
  std::string listed;
  for (const std::size_t d : constant) listed += fmt::format("{}'{}'", listed.empty() ? "" : ", ", names[d]);
  const bool one = constant.size() == 1;
  throw invalid_data(
      fmt::format("column{} {} {} constant, so reg_covar = {}, a share of the variance, adds nothing to {}; leave {} "
                  "out (--exclude) "
                  "or give an absolute reg_covar (--reg-covar 1e-6)",
                  one ? "" : "s", listed, one ? "is" : "are", to_string(options.reg_covar), one ? "it" : "them",
                  one ? "it" : "them"));
}

}  // namespace mogul
