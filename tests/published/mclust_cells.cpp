#include "published/mclust_cells.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>

#include "mogul/io.hpp"
#include "mogul/stats.hpp"

namespace mclust {

std::vector<nlohmann::json> cells_of(const std::string& data_set) {
  std::vector<nlohmann::json> cells;
  for (const char* name : {"/mclust_tight.json", "/mclust_held_back.json"}) {
    const auto reference = nlohmann::json::parse(std::ifstream(std::string(MOGUL_TEST_DATA) + name));
    for (const auto& cell : reference["results"]) {
      if (cell["dataset"] == data_set) cells.push_back(cell);
    }
  }
  return cells;
}

mogul::Dataset rows_of(const std::string& data_set) {
  const std::string path = std::string(MOGUL_TEST_DATA "/") + data_set + ".csv";
  std::string header;
  std::getline(std::ifstream(path) >> std::ws, header);
  mogul::ReadOptions options;
  for (const char* name : {"class", "country"}) {
    if (header.find(name) != std::string::npos) options.exclude = {name};
  }
  return mogul::read_dataset(path, options);
}

std::vector<std::int32_t> partition(const std::string& data_set, std::size_t n_components) {
  mogul::ReadOptions options;
  options.columns = {"G" + std::to_string(n_components)};
  const mogul::Dataset labels =
      mogul::read_dataset(std::string(MOGUL_TEST_DATA "/init/") + data_set + "_init_partition.csv", options);
  std::vector<std::int32_t> out;
  for (std::size_t n = 0; n < labels.rows(); ++n) {
    out.push_back(static_cast<std::int32_t>(labels.view().value(n, 0)) - 1);
  }
  return out;
}

mogul::FitOptions from_partition(const std::string& data_set, const mogul::CovarianceFamily& family,
                                 std::size_t n_components) {
  mogul::FitOptions options;
  options.n_components = n_components;
  options.covariance = family;
  options.init = mogul::Labels{partition(data_set, n_components)};
  options.reg_covar = 0;
  options.max_iter = 100000;
  options.acceleration = mogul::AccelerationMethod::none;
  options.degenerate = mogul::DegeneratePolicy::error;
  return options;
}

mogul::FitResult fit_to_mclusts_stop(const mogul::Dataset& data, mogul::FitOptions options, double tolerance) {
  options.tol = 0;
  options.max_iter = 4999;
  double previous = std::numeric_limits<double>::infinity();
  options.callback = [&](const mogul::Iteration& iteration) {
    const double current = iteration.stats.log_likelihood;
    const bool stop = std::abs(current - previous) / (1 + std::abs(current)) < tolerance;
    previous = current;
    return !stop;
  };
  return fit(data, options);
}

mogul::FitResult fit_to_the_end(const mogul::Dataset& data, mogul::FitOptions options) {
  options.tol = 1e-13;
  return fit(data, options);
}

double deepest_fall(const std::vector<double>& history) {
  double deepest = 0;
  for (std::size_t i = 1; i < history.size(); ++i) {
    deepest = std::max(deepest, (history[i - 1] - history[i]) / (1 + std::abs(history[i])));
  }
  return deepest;
}

}  // namespace mclust
