// What is told of likelihood-ratio tests: their table, and what follows from it in words.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "mogul/lrt.hpp"

namespace mogul {
namespace {

std::string conclusion(const LrtResult& result) {
  if (result.is_interrupted) {
    const LikelihoodRatioTest& last = result.tests.back();
    return fmt::format("interrupted in the test of K = {}, after {} of {} data sets: the test is not complete",
                       last.n_components, last.n_drawn(), result.n_bootstrap);
  }
  if (result.tests.empty()) return "interrupted before the first test";
  const std::size_t first = result.tests.front().n_components;
  const std::size_t last = result.tests.back().n_components;
  if (!result.tests.back().reason.empty()) return fmt::format("K = {} cannot be tested", last);
  if (result.n_components) {
    return result.tests.size() == 1
               ? fmt::format("K = {} is not rejected at {}", last, result.level)
               : fmt::format("the smallest K that is not rejected at {} is {}", result.level, last);
  }
  const std::string rejected =
      first == last ? fmt::format("K = {} is", first) : fmt::format("K = {} to {} are", first, last);
  return fmt::format("{} rejected at {}: the rows call for {} components or more", rejected, result.level, last + 1);
}

std::string reasons(const LrtResult& result) {
  std::string text;
  for (const LikelihoodRatioTest& test : result.tests) {
    if (!test.reason.empty()) text += fmt::format("{:<15} {}\n", "no test", test.reason);
    const auto tell = [&](std::size_t n, std::size_t k, const char* consequence) {
      if (n == 0) return;
      text += fmt::format("{:<15} of {} component{} to {} of {} data sets of K = {}, {}\n", "no fit", k,
                          k == 1 ? "" : "s", n, test.n_drawn(), test.n_components, consequence);
    };
    tell(test.n_failed, test.n_components, "which count as if their statistics were as large");
    tell(test.n_failed_of_next, test.n_components + 1, "whose statistics are 0");
  }
  return text;
}

}  // namespace

Table lrt_table(const LrtResult& result) {
  Table table{"tests", "", {}};
  const auto add = [&](const char* name, const char* heading, int digits, auto&& value) {
    std::vector<double> values;
    for (const LikelihoodRatioTest& test : result.tests) values.push_back(static_cast<double>(value(test)));
    Column column{name, std::move(values), digits};
    column.heading = heading;
    table.columns.push_back(std::move(column));
  };
  add("n_components", "K", 15, [](const auto& test) { return test.n_components; });
  add("log_likelihood", "log-likelihood", 9, [](const auto& test) { return test.log_likelihood; });
  add("log_likelihood_of_next", "of K + 1", 9, [](const auto& test) { return test.log_likelihood_of_next; });
  add("statistic", "statistic", 6, [](const auto& test) { return test.statistic; });
  add("p_value", "p", 3, [](const auto& test) { return test.p_value; });
  add("n_drawn", "data sets", 15, [](const auto& test) { return test.n_drawn(); });
  add("n_failed", "no fit of K", 15, [](const auto& test) { return test.n_failed; });
  add("n_failed_of_next", "no fit of K + 1", 15, [](const auto& test) { return test.n_failed_of_next; });
  std::vector<std::string> reasons;
  for (const LikelihoodRatioTest& test : result.tests) reasons.push_back(test.reason);
  table.columns.push_back({"reason", std::move(reasons)});
  return table;
}

std::string summary(const LrtResult& result) {
  Table table = lrt_table(result);
  table.columns.resize(table.columns.size() - 3);  // told below, where there is something to tell
  return fmt::format(
      "Likelihood-ratio tests of K components against K + 1, {} covariance, {} data sets each\n{}\n{}\n{}",
      to_string(result.covariance), result.n_bootstrap, text_of(table, std::max<std::size_t>(4, result.tests.size())),
      conclusion(result), reasons(result));
}

}  // namespace mogul
