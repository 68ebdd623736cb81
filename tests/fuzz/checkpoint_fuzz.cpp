// Checkpoints of EmLoop: what is read can be gone on from, and is written as it was.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "mogul/error.hpp"
#include "mogul/io.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  try {
    const mogul::EmCheckpoint checkpoint = mogul::parse_checkpoint(text, "fuzz");
    const std::string written = mogul::checkpoint_json(mogul::EmLoop(checkpoint).checkpoint());
    if (mogul::checkpoint_json(mogul::parse_checkpoint(written, "written")) != written) __builtin_trap();
  } catch (const mogul::invalid_data&) {
  }
  return 0;
}
