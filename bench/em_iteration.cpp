// Seconds of exact EM for a number of iterations without a stopping rule, and the memory that it takes.
//   em_iteration DATA MEANS COVARIANCE THREADS ITERATIONS...
// starts from equal weights, the means of a file (K rows) and unit variances. One JSON line per number of iterations;
// the time of one iteration is the difference of two lines. bench/against_sklearn.py runs this.
#include <charconv>
#include <chrono>
#include <cstdio>
#include <exception>
#include <fstream>
#include <stdexcept>
#include <string>
#include <variant>

#include "mogul/mogul.hpp"

namespace {

/// A field of /proc/self/status in bytes: VmRSS, or VmHWM, its highest value since reset_peak().
double memory(const std::string& field) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(field + ":")) return 1024.0 * std::stod(line.substr(field.size() + 1));
  }
  throw std::runtime_error("/proc/self/status has no " + field);
}
void reset_peak() { std::ofstream("/proc/self/clear_refs") << 5; }

unsigned number(const std::string& text) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) throw std::runtime_error(text + " is not a number");
  return value;
}

/// Equal weights and unit variances.
mogul::Mixture unit_mixture(mogul::CovarianceStructure structure, const mogul::Matrix& means) {
  const std::size_t n_components = means.rows();
  const std::size_t n_features = means.cols();
  std::vector<double> covariances(mogul::covariance_size(structure, n_components, n_features), 1.0);
  const bool matrices = structure == mogul::CovarianceStructure::full || structure == mogul::CovarianceStructure::tied;
  for (std::size_t i = 0; matrices && i < covariances.size(); ++i) {
    const std::size_t in_matrix = i % (n_features * n_features);
    covariances[i] = in_matrix / n_features == in_matrix % n_features ? 1.0 : 0.0;
  }
  return {structure, std::vector<double>(n_components, 1.0 / static_cast<double>(n_components)), means, covariances};
}

void run(const mogul::Dataset& data, const mogul::FitOptions& options) {
  reset_peak();
  const double before = memory("VmRSS");
  const auto start = std::chrono::steady_clock::now();
  const mogul::FitResult result = mogul::fit(data, options);
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  std::printf(
      "{\"iterations\": %zu, \"seconds\": %.6f, \"log_likelihood\": %.17g, \"peak_bytes_beyond_input\": %.0f}\n",
      result.report.iterations, seconds.count(), result.report.log_likelihood, memory("VmHWM") - before);
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc < 6) throw std::runtime_error("usage: em_iteration DATA MEANS COVARIANCE THREADS ITERATIONS...");
  const mogul::Dataset data = mogul::read_dataset(argv[1]);
  const mogul::Dataset means = mogul::read_dataset(argv[2]);
  mogul::FitOptions options;
  options.covariance = mogul::covariance_structure_from(argv[3]);
  options.init = unit_mixture(options.covariance, std::get<mogul::Matrix>(means.values()));
  options.n_components = means.rows();
  options.n_threads = number(argv[4]);
  options.tol = 0;
  for (int i = 5; i < argc; ++i) {
    options.max_iter = number(argv[i]);
    run(data, options);
  }
} catch (const std::exception& error) {
  std::fprintf(stderr, "em_iteration: %s\n", error.what());
  return 1;
}
