#include "base/text_pieces.hpp"

#include <fmt/format.h>

#include <iterator>

#include "base/check_interrupted.hpp"

namespace mogul {

void TextPieces::add_number(double value) { fmt::format_to(std::back_inserter(text_), "{}", value); }
void TextPieces::add_number(float value) { fmt::format_to(std::back_inserter(text_), "{}", value); }

void TextPieces::end_row() {
  constexpr std::size_t kPiece = 1 << 16;
  if (text_.size() > kPiece) finish();
}

void TextPieces::finish() {
  stream_.write(text_.data(), static_cast<std::streamsize>(text_.size()));
  text_.clear();
  check_interrupted();
}

}  // namespace mogul
