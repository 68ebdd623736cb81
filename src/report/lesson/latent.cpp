// The lesson's last sections: the latent-variable view of the mixture at the end, and sampling from it.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "io/json/json_text.hpp"
#include "mogul/sample.hpp"
#include "mogul/score.hpp"
#include "report/lesson/lesson.hpp"
#include "report/page_data.hpp"
#include "report/parameter_table.hpp"
#include "report/write/markup.hpp"

namespace mogul {
namespace {

constexpr std::size_t kDraws = 10;
constexpr std::size_t kMostInPage = 2000;  // rows

std::size_t least_certain(const Matrix& r) {
  std::size_t least = 0;
  for (std::size_t i = 1; i < r.rows(); ++i) {
    if (std::ranges::max(r.row(i)) < std::ranges::max(r.row(least))) least = i;
  }
  return least;
}

// Prior, joint, marginal and posterior at one row.
void add_row(Document& document, const Lesson& lesson, const Mixture& mixture, const Matrix& r, std::size_t row) {
  Matrix x(1, lesson.data.cols());
  std::string at;
  for (std::size_t d = 0; d < lesson.data.cols(); ++d) {
    x(0, d) = lesson.data.value(row, d);
    at += fmt::format("{}{} = {}", d == 0 ? "" : ", ", name_shown(lesson.names[d]),
                      number_text(x(0, d), 6, lesson.unit(d)));
  }
  const Matrix log_parts = component_log_densities(mixture, x);
  const Matrix joint = log_joint(mixture, x);
  std::vector<double> densities;
  std::vector<double> joints;
  for (std::size_t k = 0; k < mixture.n_components(); ++k) {
    densities.push_back(std::exp(log_parts(0, k)));
    joints.push_back(std::exp(joint(0, k)));
  }
  document.blocks.emplace_back(Paragraph{
      fmt::format("At row {} ({}), whose component is the least certain:", row_number(row, lesson.dropped_rows), at)});
  if (lesson.for_programs) {
    document.blocks.emplace_back(Quantity{"row", "row", row_number(row, lesson.dropped_rows)});
    Table point{"x", "", {}};
    for (std::size_t d = 0; d < x.cols(); ++d) point.columns.push_back({lesson.names[d], std::vector{x(0, d)}});
    document.blocks.emplace_back(std::move(point));
  }
  const auto column = [](std::string name, std::vector<double> values, std::string heading) {
    return Column{.name = std::move(name), .values = std::move(values), .heading = std::move(heading)};
  };
  std::vector<double> posterior(r.row(row).begin(), r.row(row).end());
  document.blocks.emplace_back(
      Table{"at_row",
            "",
            {numbered("component", mixture.n_components()), column("prior pi_k", mixture.weights(), "prior $pi_k$"),
             column("N(x | mu_k, Sigma_k)", std::move(densities), "density $N(x | mu_k, Sigma_k)$"),
             column("joint p(x, z_k = 1)", std::move(joints), "joint $p(x, z_k = 1)$"),
             column("posterior r_k", std::move(posterior), "posterior $r_k$")},
            "Bayes' theorem at this row"});
  document.blocks.emplace_back(Quantity{"marginal", "marginal density $p(x)$, the sum of the joint densities",
                                        std::exp(log_densities(mixture, x)[0])});
}

}  // namespace

void add_latent_view(Document& document, const Lesson& lesson) {
  const Mixture& mixture = lesson.run.last().mixture;
  const Stats& stats = lesson.run.last().stats;
  const Matrix r = responsibilities(mixture, lesson.data, lesson.n_threads);
  document.blocks.emplace_back(Heading{"The latent variable", "latent_variable"});
  document.blocks.emplace_back(
      Prose{"Each row has a hidden label $z$, which says which component the row came from. The weights are its prior "
            "probabilities; given the row, the responsibilities are its posterior probabilities."});
  document.blocks.emplace_back(Formula{"p(z_k = 1) = pi_k"});
  document.blocks.emplace_back(Formula{"p(x, z_k = 1) = pi_k N(x | mu_k, Sigma_k)"});
  document.blocks.emplace_back(Formula{"p(x) = sum_k p(x, z_k = 1)"});
  document.blocks.emplace_back(Formula{"p(z_k = 1 | x) = p(x, z_k = 1) / p(x) = r_k"});
  add_row(document, lesson, mixture, r, least_certain(r));
  document.blocks.emplace_back(
      Widget{"posterior", "With JavaScript, the page shows the posterior at an x of your choice."});

  document.blocks.emplace_back(Heading{"Complete-data log-likelihood, Q and H", "complete_data"});
  document.blocks.emplace_back(
      Prose{"If the labels were known, the log-likelihood would be a plain sum, without the logarithm of a sum. $C$ is "
            "this sum at the most probable (MAP) labels, $Q$ is its expectation under the responsibilities, and $H$ is "
            "the entropy of the labels. $L = Q + H$ holds exactly."});
  const char* sum = lesson.sum_over_rows();
  document.blocks.emplace_back(Formula{fmt::format("C = {} (log pi_(z_n) + log N(x_n | mu_(z_n), Sigma_(z_n)))", sum)});
  document.blocks.emplace_back(Formula{fmt::format("Q = {} sum_k r_nk (log pi_k + log N(x_n | mu_k, Sigma_k))", sum)});
  document.blocks.emplace_back(Formula{fmt::format("H = -{} sum_k r_nk log r_nk", sum)});
  document.blocks.emplace_back(Quantity{"complete_log_likelihood", "$C$", stats.map_log_likelihood});
  document.blocks.emplace_back(
      Quantity{"expected_complete_log_likelihood", "$Q$", stats.expected_complete_log_likelihood()});
  document.blocks.emplace_back(Quantity{"entropy", "$H$", stats.entropy});
  document.blocks.emplace_back(Quantity{"log_likelihood", "$L = Q + H$", stats.log_likelihood});
  Table table = responsibility_table(lesson, mixture);
  std::vector<double> most_probable;
  for (std::size_t i = 0; i < r.rows(); ++i) {
    most_probable.push_back(static_cast<double>(std::ranges::max_element(r.row(i)) - r.row(i).begin()));
  }
  table.columns.push_back({"MAP label", std::move(most_probable)});
  document.blocks.emplace_back(std::move(table));
}

void add_sampling(Document& document, const Lesson& lesson) {
  const Mixture& mixture = lesson.run.last().mixture;
  document.blocks.emplace_back(Heading{"Ancestral sampling", "ancestral_sampling"});
  document.blocks.emplace_back(
      Paragraph{"A row is drawn in the order in which the model produces it: first its label from the prior, then its "
                "values from "
                "the component of that label."});
  document.blocks.emplace_back(Formula{"z drawn with probabilities pi_k, then x from N(mu_z, Sigma_z)"});
  const Sample draws = sample(mixture, kDraws, lesson.seed, lesson.n_threads);
  Table table{"draws", fmt::format("{} draws (seed {})", kDraws, lesson.seed), {numbered("draw", kDraws, 1)}};
  table.columns.push_back(
      {.name = "z", .values = std::vector<double>(draws.z.begin(), draws.z.end()), .heading = "$z$"});
  for (std::size_t d = 0; d < lesson.names.size(); ++d) {
    std::vector<double> values;
    for (std::size_t i = 0; i < kDraws; ++i) values.push_back(draws.x(i, d));
    table.columns.push_back({.name = lesson.names[d], .values = std::move(values), .unit = lesson.unit(d)});
  }
  document.blocks.emplace_back(std::move(table));
  document.blocks.emplace_back(Widget{"sampling", "With JavaScript, the page draws rows one at a time."});
}

std::string lesson_data(const Lesson& lesson) {
  const Mixture& mixture = lesson.run.last().mixture;
  const std::size_t row = least_certain(responsibilities(mixture, lesson.data, lesson.n_threads));
  std::vector<double> x;
  for (std::size_t d = 0; d < lesson.data.cols(); ++d) x.push_back(lesson.data.value(row, d));
  JsonValue data = JsonValue::object();
  data.add("features", lesson.names);
  data.add("x", x);
  data.add("rows", page_rows(lesson.data, kMostInPage));
  data.add("model", page_mixture(mixture));
  return json_text(data);
}

}  // namespace mogul
