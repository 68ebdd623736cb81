// Any bytes as a model file. What is accepted must be written and read back as the same bytes, whatever is refused
// must be refused in one line.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "mogul/io.hpp"

namespace {

void check(const mogul::ModelFile& model) {
  const std::string text = mogul::model_json(model);
  if (mogul::model_json(mogul::parse_model(text, "written.json")) != text) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(bytes), size);
  try {
    check(mogul::parse_model(input, "fuzz.json"));
  } catch (const mogul::invalid_data& e) {
    const std::string_view message = e.what();
    if (!message.starts_with("fuzz.json: ") || message.find('\n') != std::string_view::npos) std::abort();
  }
  return 0;
}
