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

double row_number(std::size_t row, std::span<const std::size_t> dropped) {
  // dropped[i] - i rows are kept before dropped[i], and that never falls with i.
  const auto before = [&](const std::size_t& each) {
    return each - static_cast<std::size_t>(&each - dropped.data()) <= row;
  };
  const auto n_before = static_cast<std::size_t>(std::ranges::partition_point(dropped, before) - dropped.begin());
  return static_cast<double>(row + n_before + 1);
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
