#include "report/row_summary.hpp"

#include <algorithm>

#include "mogul/score.hpp"
#include "report/figure/rows_shown.hpp"

namespace mogul {
namespace {

constexpr std::size_t kBins = 40;

// Smaller responsibilities change no printed digit of an overlap. Skipping them avoids K^2 work per row.
constexpr double kLeastResponsibility = 0x1p-60;

// The components that the row may belong to.
void find_candidates(std::span<const double> r, std::vector<std::size_t>& candidates) {
  candidates.clear();
  for (std::size_t k = 0; k < r.size(); ++k) {
    if (r[k] >= kLeastResponsibility) candidates.push_back(k);
  }
}

void add_row(RowSummary& facts, std::span<const double> r, std::span<const std::size_t> candidates, double weight,
             std::size_t label) {
  if (weight > 0) ++facts.label_counts[label];
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    const std::size_t j = candidates[i];
    const std::span<double> shared = facts.shared.row(j);
    for (const std::size_t k : candidates.first(i + 1)) shared[k] += weight * r[j] * r[k];
  }
  const double uncertainty = std::clamp(1 - r[label], 0.0, 1.0);
  facts.uncertainty[std::min(kBins - 1, static_cast<std::size_t>(uncertainty * kBins))] += weight;
}

// Keeps the rows of lowest density, the earlier one of equals.
void offer(std::vector<BadRow>& worst, const BadRow& row, std::size_t n_worst) {
  const auto worse = [](const BadRow& a, const BadRow& b) { return a.log_density < b.log_density; };
  if (worst.size() == n_worst && !worse(row, worst.back())) return;
  worst.insert(std::ranges::upper_bound(worst, row, worse), row);
  if (worst.size() > n_worst) worst.pop_back();
}

}  // namespace

RowSummary row_summary(const Mixture& mixture, const DataView& data, std::size_t n_worst, unsigned n_threads) {
  const std::size_t k = mixture.n_components();
  RowSummary facts{std::vector<std::size_t>(k), Matrix(k, k), std::vector<double>(kBins), {}};
  const RowsShown rows{data, &mixture, RowColour::responsibilities, n_threads};
  std::vector<std::size_t> candidates;
  for_each_chunk(rows, [&](const RowChunk& chunk) {
    const std::vector<double> log_density = log_densities(mixture, chunk.x, n_threads);
    for (std::size_t i = 0; i < chunk.x.rows(); ++i) {
      const std::span<const double> r = chunk.responsibilities.row(i);
      const auto label = static_cast<std::size_t>(std::ranges::max_element(r) - r.begin());
      const double weight = data.weight(chunk.first + i);
      find_candidates(r, candidates);
      add_row(facts, r, candidates, weight, label);
      if (weight > 0) offer(facts.worst, {chunk.first + i, log_density[i], label, r[label]}, n_worst);
    }
  });
  for (std::size_t j = 0; j < k; ++j) {
    for (std::size_t l = j + 1; l < k; ++l) facts.shared(j, l) = facts.shared(l, j);
  }
  return facts;
}

}  // namespace mogul
