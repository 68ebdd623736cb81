// The likelihood-ratio test of K against K + 1: the rows, then data sets drawn from the fit of K, fitted alike.
#include "mogul/lrt.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "base/random.hpp"
#include "base/thread_pool.hpp"
#include "em/constant_columns.hpp"
#include "mogul/error.hpp"
#include "mogul/interrupt.hpp"
#include "mogul/sample.hpp"
#include "select/pair.hpp"

namespace mogul {
namespace {

constexpr double kMostRows = 1e12;  // that are drawn; no memory holds as many

void check_numbers(const LrtOptions& options) {
  if (options.n_components.empty()) {
    throw invalid_argument("n_components: no value; name one number of components or more");
  }
  if (options.n_components.front() == 0) throw invalid_argument("n_components = 0; must be 1 or more");
  for (std::size_t i = 1; i < options.n_components.size(); ++i) {
    if (options.n_components[i] == options.n_components[i - 1] + 1) continue;
    throw invalid_argument(
        fmt::format("n_components: {} after {}; must be a range without gaps, as each K is tested against K + 1",
                    options.n_components[i], options.n_components[i - 1]));
  }
  if (!(options.level > 0 && options.level < 1)) {
    throw invalid_argument(fmt::format("level = {}; must be more than 0 and less than 1", options.level));
  }
  if (1 / (static_cast<double>(options.n_bootstrap) + 1) > options.level) {
    throw invalid_argument(
        fmt::format("n_bootstrap = {}; must be {:.0f} or more at level = {}: p is at least 1 / "
                    "(n_bootstrap + 1), so that nothing could be rejected",
                    options.n_bootstrap, std::ceil(1 / options.level - 1), options.level));
  }
}

void check_fits(const FitOptions& fit) {
  const char* what = fit.prior ? "prior" : fit.weight_concentration ? "weight_concentration" : nullptr;
  if (what != nullptr) {
    throw invalid_argument(
        fmt::format("{} does not go with a likelihood-ratio test: fits with a prior do not maximise the likelihood, so "
                    "that the statistic is none of likelihoods; leave it out",
                    what));
  }
  if (fit.hold != Hold()) {
    throw invalid_argument(
        fmt::format("hold{} does not go with a likelihood-ratio test: K components are a special case of K + 1 only "
                    "where all parameters are free; leave it out",
                    fit.hold.equal_weights ? ".equal_weights" : ""));
  }
}

// As many as the weights count.
std::size_t n_rows_of(const DataView& data) {
  if (!data.weighted()) return data.rows();
  double sum = 0;
  for (std::size_t i = 0; i < data.rows(); ++i) {
    const double weight = data.weight(i);
    if (weight != std::floor(weight)) {
      throw invalid_argument(
          fmt::format("weights: row {} weighs {}; must be whole numbers, how often each row was seen: the test draws "
                      "data sets of as many rows",
                      i + 1, weight));
    }
    sum += weight;
  }
  if (sum > kMostRows) throw out_of_memory(sum * static_cast<double>(data.cols()) * sizeof(double));
  return static_cast<std::size_t>(sum);
}

double statistic_of(const Pair& pair) {
  if (!pair.more.fit) return 0;
  return std::max(0.0, 2 * (pair.more.fit->report.log_likelihood - pair.fewer.fit->report.log_likelihood));
}

// "no fit of 4 components: ...".
std::string reason_of(const Pair& pair) {
  const SelectionCell& cell = pair.fewer.fit ? pair.more : pair.fewer;
  return fmt::format("no fit of {} component{}: {}", cell.n_components, cell.n_components == 1 ? "" : "s", cell.reason);
}

// A data set drawn from the fit of K.
struct Replicate {
  bool is_done = false;
  bool has_fit = false;
  bool has_fit_of_next = false;
  double statistic = 0;
};

void count(LikelihoodRatioTest& test, const std::vector<Replicate>& replicates) {
  std::size_t n_as_large = 0;
  for (const Replicate& replicate : replicates) {
    if (!replicate.is_done) continue;
    if (replicate.has_fit) test.replicates.push_back(replicate.statistic);
    test.n_failed += replicate.has_fit ? 0 : 1;
    test.n_failed_of_next += replicate.has_fit && !replicate.has_fit_of_next ? 1 : 0;
    n_as_large += !replicate.has_fit || replicate.statistic >= test.statistic ? 1 : 0;
  }
  if (test.n_drawn() == 0) return;
  test.p_value = static_cast<double>(1 + n_as_large) / static_cast<double>(1 + test.n_drawn());
}

// The tests of one sequence.
class Testing {
 public:
  Testing(const DataView& data, const LrtOptions& options);
  LrtResult run();

 private:
  void make(LikelihoodRatioTest& test);
  void draw(LikelihoodRatioTest& test, const Pair& of_rows);
  Replicate replicate(const Pair& of_rows, std::size_t number) const;

  const LrtOptions& options_;
  FitOptions fit_;
  std::unique_ptr<Engine> engine_;
  std::size_t n_rows_;
};

Testing::Testing(const DataView& data, const LrtOptions& options)
    : options_(options),
      fit_(options.fit),
      engine_(make_engine(data, options.fit.n_threads)),
      n_rows_(n_rows_of(data)) {
  fit_.n_components = 1;
  fit_.init = Search::standard;
  fit_.n_init = 1;
  fit_.max_passes.reset();
  fit_.callback = {};
  check(fit_);
  check_columns_vary(*engine_, data.column_names(), fit_);
}

// From random numbers of its own, which are named by (seed, K, number).
Replicate Testing::replicate(const Pair& of_rows, std::size_t number) const {
  FitOptions fit = fit_;
  const Mixture& null_model = of_rows.fewer.fit->mixture;
  fit.n_components = null_model.n_components();
  fit.n_threads = 1;
  fit.seed = RandomStream(fit_.seed, Purpose::replicates, null_model.n_components(), number).next();
  const Sample drawn = sample(null_model, n_rows_, fit.seed, 1);
  const auto engine = make_engine(drawn.x, 1);
  const Pair pair =
      options_.init ? fit_pair_from(*engine, fit, null_model, of_rows.more.fit->mixture) : fit_pair(*engine, fit);
  if (!pair.fewer.fit) return {.is_done = true};
  return {true, true, pair.more.fit.has_value(), statistic_of(pair)};
}

// Each data set is the work of one thread. Where it is interrupted, those that are done count.
void Testing::draw(LikelihoodRatioTest& test, const Pair& of_rows) {
  std::vector<Replicate> replicates(options_.n_bootstrap);
  std::mutex telling;
  std::size_t n_done = 0;
  try {
    ThreadPool(fit_.n_threads).run(options_.n_bootstrap, [&](std::size_t i) {
      replicates[i] = replicate(of_rows, i);
      const std::scoped_lock lock(telling);
      ++n_done;
      if (options_.progress) options_.progress(test.n_components, n_done, options_.n_bootstrap);
    });
  } catch (const interrupted_error&) {
    count(test, replicates);
    throw;
  }
  count(test, replicates);
}

// The fits of the rows, then those of the data sets.
void Testing::make(LikelihoodRatioTest& test) {
  FitOptions fit = fit_;
  fit.n_components = test.n_components;
  const Pair pair = options_.init ? fit_pair_from(*engine_, fit, *options_.init) : fit_pair(*engine_, fit);
  if (pair.fewer.fit) test.log_likelihood = pair.fewer.fit->report.log_likelihood;
  if (pair.more.fit) test.log_likelihood_of_next = pair.more.fit->report.log_likelihood;
  test.reason = pair.is_fitted() ? "" : reason_of(pair);
  if (!pair.is_fitted()) return;
  test.statistic = statistic_of(pair);
  draw(test, pair);
}

LrtResult Testing::run() {
  LrtResult result{fit_.covariance, options_.level, options_.n_bootstrap, {}, {}, false};
  try {
    std::optional<InterruptScope> scope;
    if (fit_.interrupted) scope.emplace(fit_.interrupted);
    for (const std::size_t k : options_.n_components) {
      LikelihoodRatioTest& test = result.tests.emplace_back(LikelihoodRatioTest{k, "interrupted before its fits"});
      make(test);
      if (test.p_value <= options_.level) continue;
      if (test.reason.empty()) result.n_components = k;
      break;
    }
  } catch (const interrupted_error&) {
    result.is_interrupted = true;
  }
  return result;
}

}  // namespace

LrtResult lrt(const DataView& data, const LrtOptions& options) {
  check_numbers(options);
  check_fits(options.fit);
  return Testing(data, options).run();
}

}  // namespace mogul
