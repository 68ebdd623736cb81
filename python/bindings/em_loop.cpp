// mogul/em_loop.hpp
#include "mogul/em_loop.hpp"

#include <fmt/format.h>
#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/variant.h>
#include <nanobind/stl/vector.h>

#include <optional>
#include <stdexcept>
#include <type_traits>
#include <utility>
#include <variant>

#include "bindings.hpp"
#include "convert/arguments.hpp"
#include "convert/arrays.hpp"
#include "convert/interpreter.hpp"
#include "convert/names.hpp"
#include "convert/rows.hpp"
#include "convert/text.hpp"
#include "convert/threads.hpp"
#include "mogul/io.hpp"

namespace mogul::python {
namespace {

/// A request that owns what it is about, so that it outlives the step.
struct OwnedStatsRequest {
  Mixture model;
  Matrix about;
  Moments moments;
  bool exact;

  explicit OwnedStatsRequest(const StatsRequest& asked)
      : model(*asked.model), about(*asked.about), moments(asked.moments), exact(asked.exact) {}
  StatsRequest view() const { return {&model, &about, moments, exact}; }
};
struct OwnedWorstRowsRequest {
  Mixture model;
  std::size_t count;

  explicit OwnedWorstRowsRequest(const WorstRowsRequest& asked) : model(*asked.model), count(asked.count) {}
  WorstRowsRequest view() const { return {&model, count}; }
};
using OwnedRequest = std::variant<OwnedStatsRequest, OwnedWorstRowsRequest>;

void bind_requests(nb::module_& m) {
  nb::class_<OwnedStatsRequest>(m, "StatsRequest", "An EmLoop asks for statistics of the rows under a model.")
      .def_prop_ro("model", [](const OwnedStatsRequest& self) { return self.model; })
      .def_prop_ro(
          "about",
          [](nb::handle_t<OwnedStatsRequest> self) {
            return view_of(nb::cast<const OwnedStatsRequest&>(self).about, self);
          },
          "(K, D), what the moments are to be about: the model's means, but where means have moved far.")
      .def_prop_ro("moments", [](const OwnedStatsRequest& self) { return std::string(to_string(self.moments)); })
      .def_ro("exact", &OwnedStatsRequest::exact, "Whether sums are to be made in double, though rows may be float32.")
      .def(
          "answer",
          [](const OwnedStatsRequest& self, const RowsLike& x, const ArrayLike& weights, const IntLike& n_threads) {
            const Rows rows(x, weights);
            const auto threads = threads_from(n_threads);
            const WithoutLock released;
            return answer(self.view(), rows.view(), threads);
          },
          nb::arg("x"), nb::arg("weights") = nb::none(), nb::arg("n_threads") = 0,
          "The Stats of these rows: (N, D). Those of parts of the rows add up to those of all.");
  nb::class_<OwnedWorstRowsRequest>(m, "WorstRowsRequest", "An EmLoop asks for the rows that a model explains worst.")
      .def_prop_ro("model", [](const OwnedWorstRowsRequest& self) { return self.model; })
      .def_ro("count", &OwnedWorstRowsRequest::count, "How many rows, which are to differ.")
      .def(
          "answer",
          [](const OwnedWorstRowsRequest& self, const RowsLike& x, const ArrayLike& weights, const IntLike& n_threads) {
            const Rows rows(x, weights);
            const auto threads = threads_from(n_threads);
            return to_numpy([&] {
              const WithoutLock released;
              return answer(self.view(), rows.view(), threads);
            }());
          },
          nb::arg("x"), nb::arg("weights") = nb::none(), nb::arg("n_threads") = 0,
          "The worst of these rows, the worst first, each value once: (at most count, D). Of the worst rows of all "
          "parts, one below the other, the worst are those of the whole.");
}

const char* const kLoopDoc =
    R"(EM as a state machine that never touches rows: it asks for sums over them, and is fed the answers.

    loop = mogul.EmLoop(start, tol=1e-6)
    while (asked := loop.next()) is not None:
        loop.feed(asked.answer(x))
    loop.mixture

Of rows in many files or machines, feed it the sum of the answers to a StatsRequest, and of those to a WorstRowsRequest
the rows of all, one below the other (np.vstack).

Parameters
----------
start : Mixture
    Where it begins.
covariance : str, optional
    Family that the M-step maximises over. Default: that of the start.
max_iter, tol, gain, acceleration, reg_covar, hold, degenerate, weight_concentration, max_eigenvalue_ratio, equal_weights :
    As for fit().
prior : dict, optional
    As for fit(), but with all its fields: the loop sees no rows that it could be made of.
n_distinct_rows : int, optional
    How many different rows of positive weight there are, if they may be fewer than components: no more components than
    this are revived.
feature_names : sequence of str, optional
    For messages.)";

void init_loop(EmLoop* self, const nb::args& args, const nb::kwargs& kwargs) {
  const Arguments given(
      "EmLoop",
      {"start", "covariance", "max_iter", "tol", "reg_covar", "hold", "degenerate", "n_distinct_rows", "feature_names",
       "prior", "weight_concentration", "max_eigenvalue_ratio", "equal_weights", "gain", "acceleration"},
      1, args, kwargs);
  const Mixture* start = nullptr;
  if (!nb::try_cast(given[0], start, false) || start == nullptr) {
    throw nb::type_error(fmt::format("start = {}; must be a mogul.Mixture", shown(given[0])).c_str());
  }
  const auto is_given = [&](std::size_t i) { return !given[i].is_none(); };
  EmOptions options;
  options.covariance = is_given(1) ? family_from(given[1], "covariance") : start->family();
  if (is_given(2)) options.max_iter = whole_from<std::size_t>(nb::borrow<IntLike>(given[2]), "max_iter");
  if (is_given(3)) options.tol = *number_from(nb::borrow<OptionalNumber>(given[3]), "tol");
  options.reg_covar = is_given(4) ? reg_covar_from(nb::borrow<RegCovarLike>(given[4])) : RegCovar(1e-6);
  if (is_given(5)) options.hold = hold_from(nb::borrow<HoldLike>(given[5]));
  if (is_given(6)) options.degenerate = degenerate_policy_from(text_from(given[6], "degenerate"));
  options.prior = prior_from(nb::borrow<PriorLike>(given[9]));
  options.weight_concentration = number_from(nb::borrow<OptionalNumber>(given[10]), "weight_concentration");
  options.max_eigenvalue_ratio = number_from(nb::borrow<OptionalNumber>(given[11]), "max_eigenvalue_ratio");
  if (is_given(13)) options.gain = *number_from(nb::borrow<OptionalNumber>(given[13]), "gain");
  if (is_given(14)) options.acceleration = acceleration_from(text_from(given[14], "acceleration"));
  if (is_given(12)) options.hold.equal_weights = boolean_from(given[12], "equal_weights");
  RowFacts rows;
  if (is_given(7)) rows.n_distinct = whole_from<std::size_t>(nb::borrow<IntLike>(given[7]), "n_distinct_rows");
  rows.feature_names = texts_from(given[8], "feature_names");
  new (self) EmLoop(*start, options, std::move(rows));
}

std::optional<OwnedRequest> next_of(const EmLoop& loop) {
  const auto request = loop.next();
  if (!request) return std::nullopt;
  return std::visit(
      [](const auto& asked) -> OwnedRequest {
        if constexpr (std::is_same_v<std::decay_t<decltype(asked)>, StatsRequest>)
          return OwnedStatsRequest(asked);
        else
          return OwnedWorstRowsRequest(asked);
      },
      *request);
}

void require_end(const EmLoop& loop) {
  if (!loop.has_result()) throw std::runtime_error("EmLoop: it has no result yet; answer what next() asks for");
}

void cancel(EmLoop& loop) { loop.cancel(); }

void bind_loop(nb::module_& m) {
  nb::class_<EmLoop>(m, "EmLoop", kLoopDoc)
      .def("__init__", &init_loop,
           nb::sig(
               "def __init__(self, start: Mixture, *, covariance: str | None = None, max_iter: int = 1000, tol: "
               "float | None = None, reg_covar: float | str = 1e-06, hold: "
               "collections.abc.Iterable[str] | dict[str, typing.Any] = (), degenerate: str = 'revive', "
               "n_distinct_rows: int | None = "
               "None, feature_names: collections.abc.Sequence[str] = (), prior: dict[str, typing.Any] | None = None, "
               "weight_concentration: float | None = None, max_eigenvalue_ratio: float | None = None, "
               "equal_weights: bool = False, gain: float = 0.01, acceleration: str = 'lbfgs') -> None"))
      .def("next", &next_of, "What it asks for, StatsRequest or WorstRowsRequest; None at its end.")
      .def(
          "feed",
          [](EmLoop& self, const nb::object& answer) {
            const Stats* stats = nullptr;
            if (nb::try_cast(answer, stats, false) && stats != nullptr) {
              const WithoutLock released;
              self.feed(Stats(*stats));
            } else {
              const Matrix rows = matrix_from(answer, "answer");
              const WithoutLock released;
              self.feed(rows);
            }
          },
          nb::arg("answer"), nb::sig("def feed(self, answer: Stats | numpy.typing.ArrayLike) -> None"),
          "The answer: Stats, or rows of shape (n, D) of which the worst are taken.")
      .def(
          "checkpoint", [](const EmLoop& self) { return checkpoint_json(self.checkpoint()); },
          "All that it knows between two steps, as JSON (docs/formats.md).")
      .def_static(
          "restored", [](std::string_view checkpoint) { return EmLoop(parse_checkpoint(checkpoint, "checkpoint")); },
          nb::arg("checkpoint"), "The loop that made the checkpoint: it goes on with the same bytes.")
      .def("cancel", &cancel, "Ends it at the last mixture whose statistics are known.")
      .def_prop_ro("has_result", &EmLoop::has_result)
      .def_prop_ro(
          "mixture",
          [](const EmLoop& self) {
            require_end(self);
            return self.result().mixture;
          },
          "At the end, the best mixture that was seen.")
      .def_prop_ro(
          "stats",
          [](const EmLoop& self) {
            require_end(self);
            return self.result().stats;
          },
          "Those of the rows under it.")
      .def_prop_ro("termination", &EmLoop::termination, nb::rv_policy::copy)
      .def_prop_ro(
          "history", [](const EmLoop& self) { return to_numpy(self.history()); }, nb::rv_policy::move,
          "L of the start and after each M-step.")
      .def_prop_ro("iterations", &EmLoop::iterations, "M-steps that led to the result, or to the present model.")
      .def_prop_ro("n_revived", &EmLoop::n_revived, "Times a degenerate component was moved.")
      .def("__repr__", [](const EmLoop& self) {
        return fmt::format("EmLoop(iterations={}, {})", self.iterations(),
                           self.has_result() ? self.termination().message : "has not ended");
      });
}

}  // namespace

void bind_em_loop(nb::module_& m) {
  bind_requests(m);
  bind_loop(m);
}

}  // namespace mogul::python
