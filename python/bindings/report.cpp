// mogul/report.hpp
#include "mogul/report.hpp"

#include <fmt/format.h>
#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/vector.h>

#include "bindings.hpp"
#include "convert/arrays.hpp"
#include "convert/names.hpp"
#include "convert/state.hpp"
#include "convert/text.hpp"

namespace mogul::python {

namespace {

void bind_parts_of_a_report(nb::module_& m) {
  nb::class_<Termination> termination(m, "Termination", "Why EM stopped.");
  def_value(termination, &Termination::reason, &Termination::message);
  termination
      .def_prop_ro(
          "reason", [](const Termination& self) { return std::string(to_string(self.reason)); },
          "'converged', 'max_iter', 'cancelled' or 'coincident'.")
      .def_ro("message", &Termination::message, "With the numbers that were compared.")
      .def_prop_ro("converged", &Termination::converged)
      .def("__repr__", [](const Termination& self) { return self.message; });

  nb::class_<Restart> restart(m, "Restart", "One restart's outcome.");
  def_value(restart, &Restart::log_likelihood, &Restart::iterations, &Restart::n_revived, &Restart::reason,
            &Restart::failed, &Restart::penalised_log_likelihood);
  restart.def_ro("log_likelihood", &Restart::log_likelihood)
      .def_ro("iterations", &Restart::iterations)
      .def_ro("n_revived", &Restart::n_revived)
      .def_prop_ro("reason", [](const Restart& self) { return std::string(to_string(self.reason)); })
      .def_ro("failed", &Restart::failed, "A component stayed degenerate; another restart was kept.")
      .def_ro("penalised_log_likelihood", &Restart::penalised_log_likelihood,
              "With priors, what restarts are compared by; else None.");

  nb::class_<PhaseSeconds> seconds(m, "PhaseSeconds", "Wall seconds per phase, over all restarts.");
  def_value(seconds, &PhaseSeconds::initialise, &PhaseSeconds::e_step, &PhaseSeconds::m_step, &PhaseSeconds::total);
  seconds.def_ro("initialise", &PhaseSeconds::initialise)
      .def_ro("e_step", &PhaseSeconds::e_step)
      .def_ro("m_step", &PhaseSeconds::m_step)
      .def_ro("total", &PhaseSeconds::total);
}

void bind_fit_report(nb::module_& m) {
  nb::class_<FitReport> report(
      m, "FitReport",
      "What a fit tells about itself; log-likelihoods are in nats. Equal reports took the same seconds.");
  def_value(report, &FitReport::termination, &FitReport::n_rows, &FitReport::sum_weights, &FitReport::iterations,
            &FitReport::log_likelihood, &FitReport::mean_log_likelihood, &FitReport::penalised_log_likelihood,
            &FitReport::entropy, &FitReport::history, &FitReport::penalised_history, &FitReport::component_sizes,
            &FitReport::n_parameters, &FitReport::aic, &FitReport::bic, &FitReport::icl, &FitReport::restarts,
            &FitReport::best_restart, &FitReport::n_regularised, &FitReport::n_revived, &FitReport::n_promoted,
            &FitReport::n_seed_rows, &FitReport::warnings, &FitReport::prior, &FitReport::seconds);
  report.def_ro("termination", &FitReport::termination)
      .def_ro("n_rows", &FitReport::n_rows)
      .def_ro("sum_weights", &FitReport::sum_weights, "The effective number of rows, used by mean, BIC and ICL.")
      .def_ro("iterations", &FitReport::iterations, "M-steps of the kept restart.")
      .def_ro("log_likelihood", &FitReport::log_likelihood, "L of the returned mixture.")
      .def_ro("mean_log_likelihood", &FitReport::mean_log_likelihood, "L / sum_weights.")
      .def_ro("penalised_log_likelihood", &FitReport::penalised_log_likelihood,
              "With priors: L plus the log density of the priors; else None.")
      .def_ro("entropy", &FitReport::entropy, "H of the responsibilities; Q = L - H.")
      .def_prop_ro(
          "history",
          [](nb::handle_t<FitReport> self) { return view_of(nb::cast<const FitReport&>(self).history, self); },
          "L of the start and after each M-step: (iterations + 1,).")
      .def_prop_ro(
          "penalised_history",
          [](nb::handle_t<FitReport> self) {
            return view_of(nb::cast<const FitReport&>(self).penalised_history, self);
          },
          "With priors, the same of the penalised log-likelihood, which never falls; else (0,).")
      .def_prop_ro(
          "prior", [](const FitReport& self) { return to_python(self.prior); },
          nb::sig("def prior(self) -> dict[str, typing.Any] | None"), "The prior that the fit used, complete.")
      .def_prop_ro(
          "component_sizes",
          [](nb::handle_t<FitReport> self) { return view_of(nb::cast<const FitReport&>(self).component_sizes, self); },
          "N_k: (K,).")
      .def_ro("n_parameters", &FitReport::n_parameters)
      .def_ro("aic", &FitReport::aic, "Lower is better, as are bic and icl.")
      .def_ro("bic", &FitReport::bic)
      .def_ro("icl", &FitReport::icl)
      .def_ro("restarts", &FitReport::restarts)
      .def_ro("best_restart", &FitReport::best_restart)
      .def_ro("n_regularised", &FitReport::n_regularised,
              "Components with a direction that reg_covar supplies half or more of.")
      .def_ro("n_revived", &FitReport::n_revived, "Times a degenerate component was moved, in the kept restart.")
      .def_ro("n_promoted", &FitReport::n_promoted,
              "Components that float cannot hold, computed in double though the rows are float.")
      .def_ro("n_seed_rows", &FitReport::n_seed_rows, "Rows that k-means or k-means++ looked at; 0 for other starts.")
      .def_ro("warnings", &FitReport::warnings, "What to look at before trusting the mixture; a sentence each.")
      .def_ro("seconds", &FitReport::seconds)
      .def("__repr__", [](const FitReport& self) {
        return fmt::format("FitReport(mean_log_likelihood={:.10g}, bic={:.10g}, termination='{}')",
                           self.mean_log_likelihood, self.bic, self.termination.message);
      });
}

// The report of the best of several fits to the same rows, as if they were one.
FitReport joined(const std::vector<FitReport>& reports, std::size_t best) {
  FitReport all = reports.at(best);
  all.restarts.clear();
  all.seconds = {};
  for (std::size_t i = 0; i < reports.size(); ++i) {
    const FitReport& one = reports[i];
    if (i == best) all.best_restart = all.restarts.size() + one.best_restart;
    all.restarts.insert(all.restarts.end(), one.restarts.begin(), one.restarts.end());
    all.seconds.initialise += one.seconds.initialise;
    all.seconds.e_step += one.seconds.e_step;
    all.seconds.m_step += one.seconds.m_step;
    all.seconds.total += one.seconds.total;
  }
  return all;
}

void bind_texts(nb::module_& m) {
  m.def("brief", &brief, nb::arg("report"), nb::arg("mixture"), "One line on a fit.");
  m.def(
      "summary",
      [](const FitReport& report, const Mixture& mixture, const std::vector<std::string>& names) {
        return summary(report, mixture, names);
      },
      nb::arg("report"), nb::arg("mixture"), nb::arg("feature_names") = std::vector<std::string>(),
      "Several lines on a fit: its numbers, components, restarts, repairs and seconds.");
  m.def(
      "component_table",
      [](const Mixture& mixture, const ArrayLike& sizes, const std::vector<std::string>& names) {
        const auto n = sizes.is_none() ? std::vector<double>() : vector_from(sizes, "component_sizes");
        return component_table(mixture, n, names);
      },
      nb::arg("mixture"), nb::arg("component_sizes") = nb::none(),
      nb::arg("feature_names") = std::vector<std::string>(), "The table of the components alone.");
}

}  // namespace

void bind_report(nb::module_& m) {
  bind_parts_of_a_report(m);
  bind_fit_report(m);
  m.def(
      "with_termination",
      [](FitReport report, bool converged, std::string message) {
        report.termination.reason = converged ? TerminationReason::converged : TerminationReason::max_iter;
        report.termination.message = std::move(message);
        return report;
      },
      nb::arg("report"), nb::arg("converged"), nb::arg("message"), "The report with another account of the end.");
  m.def("joined_report", &joined, nb::arg("reports"), nb::arg("best"),
        "The report of the best of several fits to the same rows, with the restarts and the seconds of all.");
  bind_texts(m);
}

}  // namespace mogul::python
