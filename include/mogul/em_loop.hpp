// EM as a state machine that never touches rows: it asks for sums over them, and is fed the answers. fit() answers with
// threads from memory; a program of its own may answer with statistics from files, machines or another language.
//
//   EmLoop loop(start, options);
//   while (const auto request = loop.next()) {
//     std::visit([&](const auto& asked) { loop.feed(answer(asked, rows)); }, *request);
//   }
//   loop.result().mixture
//
// It waits for one thing at a time:
//   statistics           of the rows under the model of this iteration: the E-step
//   exact statistics     the same again, and those of the model before: rounded sums cannot tell whether EM rests
//   centred moments      about the new means: means have moved so far that moments about the old ones lost digits
//   worst rows           a component is degenerate, and is put where the model explains rows worst
//   exact likelihoods    of the last model, if sums before it were rounded; of a better one before it, which wins then
//   nothing              it has ended
#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "mogul/dataset.hpp"
#include "mogul/mixture.hpp"
#include "mogul/options.hpp"
#include "mogul/report.hpp"
#include "mogul/stats.hpp"

namespace mogul {

/// Asks for accumulate(model, rows, moments) about `about` (K, D). Pointers last until the loop is fed.
struct StatsRequest {
  const Mixture* model;
  const Matrix* about;
  Moments moments;
  bool exact;          ///< whether Stats::is_exact() is to hold of the answer
  bool rough = false;  ///< whether rows of double may be summed in float
};
/// Asks for the `count` rows of positive weight that differ in value and have the lowest density, the lowest first.
struct WorstRowsRequest {
  const Mixture* model;
  std::size_t count;
};
using EmRequest = std::variant<StatsRequest, WorstRowsRequest>;

/// What is asked for, of rows in memory. Statistics of parts of the rows are added; of the worst rows of the parts, the
/// worst are those of all.
/// @throws  invalid_argument on a wrong number of columns; invalid_data on bad values or row weights
Stats answer(const StatsRequest& asked, const DataView& data, unsigned n_threads = 0);
/// @return  (at most asked.count, D)
Matrix answer(const WorstRowsRequest& asked, const DataView& data, unsigned n_threads = 0);

/// What the loop is to know about the rows beside their sums.
struct RowFacts {
  std::size_t n_distinct = std::numeric_limits<std::size_t>::max();  ///< different rows of positive weight, at least
  std::vector<std::string> feature_names = {};                       ///< for messages; empty: x1, x2, ...
  std::vector<double> mean = {};  ///< (D) of all rows, which a prior may need; empty: not known
  /// (D, D) of all rows, with the divisor sum w - 1; likewise. Families without matrices need its diagonal only,
  /// (1, D).
  Matrix covariance = {};
};

/// A mixture and the statistics of the rows under it.
struct EmState {
  Mixture mixture;
  Stats stats;
  std::size_t iteration;  ///< M-steps that led to the mixture
  double objective;       ///< what EM climbs: the log-likelihood, with priors the penalised one

  double log_likelihood() const { return stats.log_likelihood; }
};

/// What a watcher is shown between E- and M-step. The references live until it returns.
struct EmStep {
  std::size_t iteration;       ///< M-steps that led to `model`
  double mean_log_likelihood;  ///< of `model`, per unit of weight
  double change;               ///< of the objective since the last iteration; infinite at the start
  const Mixture& model;
  const Stats& stats;
  double mean_objective;  ///< per unit of weight
};
/// Returns false to end the loop at this step.
using EmWatcher = std::function<bool(const EmStep&)>;

/// What an acceleration makes of a step of EM.
struct Proposal {
  std::optional<Mixture> model = {};  ///< to be tried in place of the step; none where the step is best
  double least_rise = 0;              ///< by how much it must raise the objective to be taken; in nats
  double gain = std::numeric_limits<double>::infinity();  ///< predicted from the state to EM's limit; in nats
};

/// Proposes models that EM would reach only later. One is taken in place of EM's own step only if it raises the
/// objective; else EM goes on with its own, which costs a pass. So the loop is as monotone as EM whatever is proposed.
class Acceleration {
 public:
  virtual ~Acceleration() = default;
  /// @param state  the model of this iteration, its statistics and objective
  /// @param step   EM's own next model
  virtual Proposal propose(const EmState& state, const Mixture& step) = 0;
  /// How far the mean objective rises from the last state to the proposed model, told from EM's step from there: sums
  /// that are rounded hide it. Nothing where the acceleration cannot tell.
  virtual std::optional<double> rise(const Mixture& proposed, const Mixture& step) const {
    static_cast<void>(proposed);
    static_cast<void>(step);
    return std::nullopt;
  }
  /// The proposed model was taken.
  virtual void accepted() = 0;
  /// It was not: what was learnt of earlier steps leads astray.
  virtual void rejected() = 0;
  /// Components were revived: earlier steps tell nothing of later ones.
  virtual void forget() = 0;
  virtual std::unique_ptr<Acceleration> clone() const = 0;
};

/// A model and the one that EM makes of it.
struct EmImage {
  Mixture model;
  Mixture step;
};
/// What AccelerationMethod::lbfgs knows.
struct LbfgsState {
  std::vector<EmImage> history = {};   ///< of the last iterations, the latest at the end
  std::optional<Mixture> middle = {};  ///< what vectors are about; a model of the history
  std::size_t n_plain = 8;             ///< steps of EM to come before the first proposal
  double reach = 4;                    ///< a proposal is at most so many of EM's steps away
  bool was_bounded = false;            ///< whether the reach shortened the last proposal
};

/// How far EM has come.
struct EmProgress {
  std::vector<double> history = {};                         ///< L of the start and after each M-step
  std::vector<double> penalised_history = {};               ///< of the penalised log-likelihood; empty without a prior
  double mean = -std::numeric_limits<double>::infinity();   ///< objective of the last model, per unit of weight
  double change = std::numeric_limits<double>::infinity();  ///< since the one before
  double earlier_gain = std::numeric_limits<double>::infinity();    ///< as predicted one iteration before
  double earlier_change = std::numeric_limits<double>::infinity();  ///< the change before that
  double gain = std::numeric_limits<double>::infinity();            ///< nats that EM has yet to gain, as last predicted
  bool comparable = false;                                          ///< whether the next change is that of a step of EM
  bool at_rest = false;  ///< whether the last one was, and the rule for stopping holds
  std::size_t n_revived = 0;
  std::size_t n_accepted = 0;  ///< proposals of an acceleration
  std::size_t n_rejected = 0;
  Termination termination = {};

  /// What EM has yet to gain at most, in nats. Single predictions are often a few times too small, and on a plateau far
  /// more.
  double largest_gain() const { return 100 * std::max(gain, earlier_gain); }
  bool operator==(const EmProgress&) const = default;
};

/// All that a loop knows between two steps, to be kept in a file and gone on from.
struct EmCheckpoint {
  EmOptions options;
  RowFacts rows;
  EmProgress progress;
  std::size_t n_revived = 0;          ///< components moved so far
  std::size_t n_revived_of_step = 0;  ///< by the step that led to `model`
  bool exact = false;                 ///< whether sums are to be in double from here on
  bool ends_at_next_step = false;
  bool start_breaks_constraints = false;        ///< so that the first step may lower the objective
  std::optional<Mixture> model = {};            ///< of the next E-step; none at the end
  std::optional<Mixture> step = {};             ///< EM's own, where `model` is a proposal
  double least_rise = 0;                        ///< that the proposal needs to be taken
  std::optional<LbfgsState> lbfgs = {};         ///< where that is the acceleration
  std::optional<EmState> previous = {};         ///< the model before
  std::optional<EmState> best_of_climb = {};    ///< before a fall of the objective, since the last revival
  std::optional<EmState> best_of_earlier = {};  ///< before revivals
  std::optional<EmState> result = {};           ///< at the end
  std::vector<std::size_t> dying = {};          ///< components of the result that go on to lose their rows
};

/// Checks all that a loop takes for granted when it goes on from there.
/// @throws invalid_argument naming the part, its value and the rule
void check(const EmCheckpoint& checkpoint);

/// An Acceleration of the caller's own takes the place of options.acceleration.
class EmLoop {
 public:
  /// @throws invalid_argument for options that break a rule, and for a prior that is not complete where the facts of
  ///         the rows are not told; invalid_data as completed()
  EmLoop(Mixture start, const EmOptions& options, RowFacts rows = {}, EmWatcher watcher = {},
         std::unique_ptr<Acceleration> acceleration = {});
  /// From the statistics of the rows under a partition: the first model is their M-step.
  /// @throws fit_error as feed()
  EmLoop(const Stats& start, const EmOptions& options, RowFacts rows = {}, EmWatcher watcher = {},
         std::unique_ptr<Acceleration> acceleration = {});
  /// Goes on from where another one was; every further model has the same bytes.
  /// @throws invalid_argument as check()
  explicit EmLoop(EmCheckpoint checkpoint, EmWatcher watcher = {}, std::unique_ptr<Acceleration> acceleration = {});
  EmLoop(const EmLoop& other);
  EmLoop(EmLoop&& other) noexcept;
  EmLoop& operator=(EmLoop other) noexcept;
  ~EmLoop();

  /// What EM climbs, of a model whose rows have these statistics: the log-likelihood, and with priors the log density
  /// of these.
  double objective(const Mixture& model, const Stats& stats) const;
  /// With all its defaults filled in.
  const std::optional<Prior>& prior() const;

  /// What it waits for; nothing at its end.
  std::optional<EmRequest> next() const;
  /// Whether it waits for the statistics of an E-step, which several loops may have from one pass.
  bool waits_for_step() const;
  /// The model of this iteration, before the end.
  const Mixture& model() const;

  /// What is known between two steps; of an Acceleration of the caller's own, nothing.
  /// @throws invalid_argument within a step: unless waits_for_step(), or at the end
  EmCheckpoint checkpoint() const;

  /// Answers a StatsRequest.
  /// @throws invalid_argument if it waits for something else, or for statistics of another model or other moments;
  ///         fit_error if the likelihood is not finite or a component stays degenerate, after which it has ended
  ///         without a result
  void feed(Stats stats);
  /// Answers a WorstRowsRequest.
  /// @param rows  (n, D), all different. The worst rows of every part of the data will do, one part below the other:
  ///              the worst of them are taken. Fewer than `count` only where there are no more.
  /// @throws      invalid_argument if it waits for something else, or if there are no rows or another number of columns
  void feed(const Matrix& rows);
  /// Ends at the last model whose statistics are known; without a result where there is none.
  /// @param reason  that the termination tells: cancelled, max_passes or dropped
  void cancel(TerminationReason reason = TerminationReason::cancelled);
  /// Follows another rule for stopping from here on, and ends if it holds already.
  /// @throws invalid_argument for values that break a rule
  void set_rule(std::optional<double> tol, double gain);
  /// Ends at the next step whose statistics are fed, as if the watcher had asked for it.
  void end_at_next_step();

  bool has_result() const;
  bool is_cancelled() const;
  /// At the end, the best mixture that was seen; where EM came to rest with a reg_covar > 0, the last one.
  const EmState& result() const;
  EmState take_result();

  const Termination& termination() const;
  /// L of the start and after each M-step.
  const std::vector<double>& history() const;
  /// With priors, the same of the penalised log-likelihood; else empty.
  const std::vector<double>& penalised_history() const;
  /// M-steps that led to the result, or to the present model.
  std::size_t iterations() const;
  std::size_t n_revived() const;
  /// The last model whose statistics are known, between two steps and at the end; null before the first.
  const EmState* last() const;
  /// What is known of stopping, and proposals taken or not.
  const EmProgress& progress() const;
  /// Components of the result that go on to lose their rows.
  const std::vector<std::size_t>& dying() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace mogul
