#include "report/page_data.hpp"

#include <algorithm>

#include "base/random.hpp"
#include "io/json/json_text.hpp"

namespace mogul {

std::vector<std::size_t> rows_for_page(std::size_t n_rows, std::size_t most) {
  std::vector<std::size_t> rows;
  const std::size_t n = std::min(n_rows, most);
  RandomStream random(0, Purpose::subsample);
  for (std::size_t i = 0; i < n; ++i) {
    const std::size_t first = i * n_rows / n;
    const std::size_t size = (i + 1) * n_rows / n - first;
    rows.push_back(first + std::min(size - 1, static_cast<std::size_t>(random.uniform() * static_cast<double>(size))));
  }
  return rows;
}

std::vector<double> row_numbers(std::size_t n_rows, std::span<const std::size_t> dropped) {
  std::vector<double> numbers;
  auto next_dropped = dropped.begin();
  for (std::size_t row = 0; numbers.size() < n_rows; ++row) {
    if (next_dropped != dropped.end() && *next_dropped == row) {
      ++next_dropped;
    } else {
      numbers.push_back(static_cast<double>(row + 1));
    }
  }
  return numbers;
}

JsonValue page_rows(const DataView& data, std::size_t most) {
  JsonValue rows = JsonValue::array();
  for (const std::size_t i : rows_for_page(data.rows(), most)) {
    std::vector<double> row;
    for (std::size_t d = 0; d < data.cols(); ++d) row.push_back(data.value(i, d));
    rows.add(JsonValue(row));
  }
  return rows;
}

JsonValue page_mixture(const Mixture& mixture) {
  JsonValue covariances = JsonValue::array();
  for (std::size_t k = 0; k < mixture.n_components(); ++k) covariances.add(rows_json(mixture.covariance(k).view()));
  JsonValue object = JsonValue::object();
  object.add("weights", mixture.weights());
  object.add("means", rows_json(mixture.means().view()));
  object.add("covariances", std::move(covariances));
  return object;
}

}  // namespace mogul
