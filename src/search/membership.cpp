#include "search/membership.hpp"

#include <algorithm>
#include <cmath>
#include <mutex>
#include <utility>

namespace mogul {
namespace {

constexpr double kLeastResponsibility = 1e-3;
constexpr double kSmallest = 1e-300;  // so that the logarithm of what is left stays finite

struct Block {
  std::size_t first_row;
  Membership found;
};

Membership of_block(const BlockScores& scores) {
  const std::size_t k = scores.responsibilities.rows();
  Membership found{std::vector<Members>(k), std::vector<double>(k)};
  std::vector<double> after(k + 1);  // sums of responsibilities from component j on
  for (std::size_t i = 0; i < scores.n_rows; ++i) {
    const double weight = scores.weights[i];
    if (!(weight > 0)) continue;
    for (std::size_t j = k; j-- > 0;) after[j] = after[j + 1] + scores.responsibilities(j, i);
    double before = 0;
    for (std::size_t j = 0; j < k; ++j) {
      const double r = scores.responsibilities(j, i);
      found.losses[j] += weight * std::log(std::max(before + after[j + 1], kSmallest));  // 1 - r would lose digits
      before += r;
      if (!(r > kLeastResponsibility)) continue;
      found.members[j].rows.push_back(scores.first_row + i);
      found.members[j].weights.push_back(weight * r);
    }
  }
  return found;
}

void append(Members& to, const Members& members) {
  to.rows.insert(to.rows.end(), members.rows.begin(), members.rows.end());
  to.weights.insert(to.weights.end(), members.weights.begin(), members.weights.end());
}

}  // namespace

Membership membership(Engine& engine, const Mixture& mixture) {
  std::vector<Block> blocks;
  std::mutex mutex;
  engine.visit(row_model(mixture), [&](const BlockScores& scores) {
    Block block{scores.first_row, of_block(scores)};
    const std::scoped_lock lock(mutex);
    blocks.push_back(std::move(block));
  });
  std::ranges::sort(blocks, {}, &Block::first_row);
  const std::size_t k = mixture.n_components();
  Membership all{std::vector<Members>(k), std::vector<double>(k)};
  double sum_weights = 0;
  for_each_block(engine.source(), [&](const RowBlock& rows) {
    for (std::size_t i = 0; i < rows.n_rows; ++i) sum_weights += rows.weight(i);
    return true;
  });
  for (std::size_t j = 0; j < k; ++j) {
    for (const Block& block : blocks) {
      append(all.members[j], block.found.members[j]);
      all.losses[j] += block.found.losses[j];
    }
    all.losses[j] -= sum_weights * std::log1p(-std::min(mixture.weights()[j], 1 - 1e-12));
  }
  return all;
}

}  // namespace mogul
