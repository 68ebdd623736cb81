// What the programs that bench/compare.py times have in common: the same arguments, the same start, the same output.
//
//   PROGRAM DATA MEANS COVARIANCE THREADS ITERATIONS...
//
// EM without a stopping rule on the rows of DATA from the means of MEANS (K rows), equal weights and unit covariances;
// one JSON line per number of iterations. The time of one iteration is the difference of two lines.
#pragma once

#include <charconv>
#include <chrono>
#include <cstdio>
#include <exception>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "mogul/io.hpp"

namespace bench {

/// A field of /proc/self/status in bytes: VmRSS, or VmHWM, its highest value since reset_peak().
inline double memory(const std::string& field) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(field + ":")) return 1024.0 * std::stod(line.substr(field.size() + 1));
  }
  throw std::runtime_error("/proc/self/status has no " + field);
}
inline void reset_peak() { std::ofstream("/proc/self/clear_refs") << 5; }

inline unsigned number(const std::string& text) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) throw std::runtime_error(text + " is not a number");
  return value;
}

struct Problem {
  mogul::Dataset data;
  mogul::Dataset means;
  std::string covariance;
  unsigned n_threads;
};

/// Calls `em(problem, iterations, stop_clock)` for each number of iterations: it calls stop_clock() when the model is
/// fitted, and returns the total log-likelihood. Before, it is called to warm up, for what a process does once, and
/// because a second thread may be slow in the first tenth of a second of a process.
/// @return  the exit status of the program
template <class Em>
int run_program(int argc, char** argv, const Em& em) try {
  if (argc < 6) throw std::runtime_error("usage: DATA MEANS COVARIANCE THREADS ITERATIONS...");
  const Problem problem{mogul::read_dataset(argv[1]), mogul::read_dataset(argv[2]), argv[3], number(argv[4])};
  const double before = memory("VmRSS");
  const auto begin = std::chrono::steady_clock::now();
  do {
    em(problem, 1U, [] {});
  } while (std::chrono::steady_clock::now() - begin < std::chrono::milliseconds(300));
  for (int i = 5; i < argc; ++i) {
    const unsigned iterations = number(argv[i]);
    reset_peak();
    const auto start = std::chrono::steady_clock::now();
    double seconds = 0;
    const auto stop_clock = [&] {
      seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    };
    const double log_likelihood = em(problem, iterations, stop_clock);
    std::printf("{\"iterations\": %u, \"seconds\": %.6f, \"log_likelihood\": %.17g, \"peak_bytes\": %.0f}\n",
                iterations, seconds, log_likelihood, memory("VmHWM") - before);
    std::fflush(stdout);
  }
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "%s: %s\n", argv[0], error.what());
  return 1;
}

}  // namespace bench
