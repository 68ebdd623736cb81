#include "io/csv/layout/first_records.hpp"

#include <algorithm>
#include <map>

namespace mogul {

std::vector<CsvRecord> first_records(std::string_view text, const CsvDialect& dialect) {
  constexpr std::size_t kMaxRecords = 50;
  constexpr std::size_t kMaxBytes = 1 << 16;
  std::vector<CsvRecord> records;
  CsvCursor cursor(text, dialect);
  for (cursor.skip_to_row(); !cursor.at_end() && records.size() < kMaxRecords; cursor.skip_to_row()) {
    const auto n_bytes = static_cast<std::size_t>(cursor.position() - text.data());
    if (records.size() >= 2 && n_bytes > kMaxBytes) break;
    CsvRecord& record = records.emplace_back(CsvRecord{cursor.position(), {}});
    do {
      record.fields.push_back(cursor.read_field());
    } while (record.fields.back().fault.empty() && cursor.next_field());
    cursor.skip_line();
  }
  return records;
}

bool read_alike(const std::vector<CsvField>& a, const std::vector<CsvField>& b) {
  return std::ranges::equal(
      a, b, [](const CsvField& x, const CsvField& y) { return x.text == y.text && x.quoted == y.quoted; });
}

std::size_t usual_width(const std::vector<CsvRecord>& records) {
  std::map<std::size_t, std::size_t> counts;
  for (std::size_t i = records.size() > 1 ? 1 : 0; i < records.size(); ++i) ++counts[records[i].fields.size()];
  const auto usual = std::ranges::max_element(counts, {}, [](const auto& entry) { return entry.second; });
  return usual == counts.end() ? 0 : usual->first;
}

std::optional<std::size_t> n_before_even_rows(const std::vector<CsvRecord>& records, std::size_t width) {
  std::size_t n = records.size();
  while (n > 0 && records[n - 1].fields.size() == width) --n;
  const std::size_t n_even = records.size() - n;
  return n_even >= 2 && n_even >= n ? std::optional(n) : std::nullopt;
}

}  // namespace mogul
