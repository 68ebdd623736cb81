// Any bytes as a file of labels. What comes out must be numbered 0..K-1 without a gap, whatever is refused must be
// refused in one line.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "mogul/io.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(bytes), size);
  try {
    std::vector<std::int32_t> labels = mogul::parse_labels(input, "fuzz.txt");
    std::ranges::sort(labels);
    if (labels.empty() || labels.front() != 0) std::abort();
    for (std::size_t i = 1; i < labels.size(); ++i) {
      if (labels[i] - labels[i - 1] > 1) std::abort();
    }
  } catch (const mogul::invalid_data& e) {
    const std::string_view message = e.what();
    if (!message.starts_with("fuzz.txt: ") || message.find('\n') != std::string_view::npos) std::abort();
  }
  return 0;
}
