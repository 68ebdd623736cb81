// A user's program: built against the installed package, it fits four points and checks what came out.
#include <cmath>
#include <iostream>
#include <string_view>

#include "mogul/mogul.hpp"

int main() {
  const mogul::Matrix x(4, 1, {-1.5, -0.5, 9.5, 10.5});
  const mogul::FitResult result = mogul::fit(x, {.n_components = 2});
  const mogul::Matrix& means = result.mixture.means();
  std::cout << "mogul " << MOGUL_VERSION << ": " << mogul::brief(result.report, result.mixture) << '\n';
  const bool right_means = std::abs(std::abs(means(0, 0) - means(1, 0)) - 11.0) < 1e-6;
  const bool right_version = std::string_view(MOGUL_VERSION) == PACKAGE_VERSION;
  return right_means && right_version ? 0 : 1;
}
