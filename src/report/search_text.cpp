#include "report/search_text.hpp"

#include <fmt/format.h>

namespace mogul {

std::string search_text(const SearchReport& search) {
  const auto plural = [](std::size_t n, const char* one, const char* several) {
    return fmt::format("{} {}", n, n == 1 ? one : several);
  };
  std::string text = fmt::format("{}, {} of {} agree, {} of {} taken", plural(search.n_starts, "start", "starts"),
                                 search.n_agreeing, plural(search.n_finalists, "finalist", "finalists"),
                                 search.n_moves_taken, plural(search.n_moves_tried, "move", "moves"));
  if (search.n_flagged > 0) text += ", " + plural(search.n_flagged, "flagged maximum", "flagged maxima");
  return text;
}

}  // namespace mogul
