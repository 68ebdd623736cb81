// Documents as HTML pages: one file each, which asks the network for nothing.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "report/document.hpp"

namespace mogul {

/// What a page has beside its document.
struct PageParts {
  std::vector<std::pair<std::string, std::string>> data = {};  ///< for scripts: id and JSON
  std::vector<std::string_view> scripts = {};                  ///< page_files.hpp
  std::size_t most_rows = 1000;                                ///< of a table; longer ones are cut, which is said
};
std::string html_of(const Document& document, const PageParts& parts = {});

}  // namespace mogul
