// Text on its way to a stream: collected, and handed on in large pieces.
#pragma once

#include <ostream>
#include <string>
#include <string_view>

namespace mogul {

/// Writes what was added once there is enough of it, and the rest at finish(). The stream remembers its errors.
class TextPieces {
 public:
  explicit TextPieces(std::ostream& stream) : stream_(stream) {}

  void add(std::string_view text) { text_ += text; }
  void add(char c) { text_ += c; }
  /// In the fewest digits that read back equal.
  void add_number(double value);
  void add_number(float value);

  /// @throws interrupted_error if the caller wants the work to end
  void end_row();
  void finish();

 private:
  std::ostream& stream_;
  std::string text_;
};

}  // namespace mogul
