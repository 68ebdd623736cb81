// Any bytes as a file of statistics. What is accepted must be written and read back as the same bytes, whatever is
// refused must be refused in one line.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "mogul/io.hpp"

namespace {

void check(const mogul::Stats& stats) {
  const std::string text = mogul::stats_json(stats);
  if (mogul::stats_json(mogul::parse_stats(text, "written.json")) != text) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(bytes), size);
  try {
    check(mogul::parse_stats(input, "fuzz.json"));
  } catch (const mogul::invalid_data& e) {
    const std::string_view message = e.what();
    if (!message.starts_with("fuzz.json: ") || message.find('\n') != std::string_view::npos) std::abort();
  }
  return 0;
}
