#include "io/csv/csv_source.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/message.hpp"
#include "mogul/error.hpp"

namespace mogul {

std::size_t CsvSource::line(const char* at) const {
  return 1 + static_cast<std::size_t>(std::count(text.data(), at, '\n'));
}

void CsvSource::fail(const char* at, std::string_view what) const {
  throw invalid_data(fmt::format("{}: line {}: {}", name, line(at), what));
}

void CsvSource::fail(const char* at, std::string_view column, std::string_view what) const {
  throw invalid_data(fmt::format("{}: line {}, column '{}': {}", name, line(at), printable(column), what));
}

}  // namespace mogul
