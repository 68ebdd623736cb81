// Which sums over rows a pass makes.
#pragma once

#include <string_view>

namespace mogul {

/// Which moments a pass accumulates; each includes those before it, but for `pooled`, which has `mean` only.
enum class Moments {
  none,       ///< N_k and the likelihood sums only
  mean,       ///< first moments
  spherical,  ///< second moment as one number per component: sum of |x - shift|^2
  diagonal,   ///< second moment per feature
  pooled,     ///< one packed lower triangle: the sum over the components of what `full` has
  full,       ///< second moment as the packed lower triangle
};
/// Whether statistics with `held` moments have those that are `needed`.
bool provides(Moments held, Moments needed);
std::string_view to_string(Moments moments);

}  // namespace mogul
