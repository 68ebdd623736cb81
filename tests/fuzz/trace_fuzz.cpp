// Any bytes as a trace. What is accepted must be written and read back as the same bytes, whatever is refused must be
// refused in one line.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "mogul/error.hpp"
#include "mogul/trace.hpp"

namespace {

std::string text_of(const std::vector<mogul::TraceStep>& steps) {
  std::string text;
  for (const mogul::TraceStep& step : steps) text += mogul::trace_line(step);
  return text;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(bytes), size);
  try {
    const std::string text = text_of(mogul::parse_trace(input, "fuzz.jsonl"));
    if (text_of(mogul::parse_trace(text, "written.jsonl")) != text) std::abort();
  } catch (const mogul::invalid_data& e) {
    const std::string_view message = e.what();
    if (!message.starts_with("fuzz.jsonl: ") || message.find('\n') != std::string_view::npos) std::abort();
  }
  return 0;
}
