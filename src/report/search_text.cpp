#include "report/search_text.hpp"

#include <fmt/format.h>

namespace mogul {

std::string search_text(const SearchReport& search) {
  const auto plural = [](std::size_t n, const char* one, const char* several) {
    return fmt::format("{} {}", n, n == 1 ? one : several);
  };
  std::string text = plural(search.n_starts, "start", "starts");
  if (search.n_finalists > 0) text += fmt::format(", {} of {} finalists agree", search.n_agreeing, search.n_finalists);
  if (search.n_moves_tried > 0) {
    text += fmt::format(", {} of {} moves taken", search.n_moves_taken, search.n_moves_tried);
  }
  if (search.n_flagged > 0) text += ", " + plural(search.n_flagged, "flagged maximum", "flagged maxima");
  return text;
}

}  // namespace mogul
