// Any bytes as a checkpoint. What is accepted must be written and read back as the same bytes, and gone on from;
// whatever is refused must be refused in one line.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <variant>

#include "mogul/error.hpp"
#include "mogul/io.hpp"

namespace {

void go_on(mogul::EmLoop loop, std::size_t n_features) {
  mogul::Matrix x(4, n_features);
  for (std::size_t i = 0; i < 4 * n_features; ++i) x.data()[i] = static_cast<double>(i * i % 7);
  try {
    for (int steps = 0; steps < 4 && loop.next(); ++steps) {
      std::visit([&](const auto& asked) { loop.feed(answer(asked, x, 1)); }, *loop.next());
    }
  } catch (const mogul::fit_error&) {  // no model comes of it
  }
}

void check_file(const mogul::EmCheckpoint& checkpoint) {
  const std::string text = mogul::checkpoint_json(mogul::EmLoop(checkpoint).checkpoint());
  if (mogul::checkpoint_json(mogul::parse_checkpoint(text, "written.json")) != text) std::abort();
  if (checkpoint.model) go_on(mogul::EmLoop(checkpoint), checkpoint.model->n_features());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(bytes), size);
  try {
    check_file(mogul::parse_checkpoint(input, "fuzz.json"));
  } catch (const mogul::invalid_data& e) {
    const std::string_view message = e.what();
    if (!message.starts_with("fuzz.json: ") || message.find('\n') != std::string_view::npos) std::abort();
  }
  return 0;
}
