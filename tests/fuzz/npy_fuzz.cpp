// Any bytes as an NPY file, also behind a valid magic so that the fuzzer need not find it.
// Whatever comes out must be finite, whatever is refused in one line.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <variant>

#include "mogul/io.hpp"

namespace {

void read(std::string_view bytes, const mogul::ReadOptions& options) {
  try {
    const mogul::Dataset data = mogul::parse_dataset(bytes, "fuzz.npy", options);
    for (std::size_t row = 0; row < data.rows(); ++row) {
      for (std::size_t col = 0; col < data.cols(); ++col) {
        if (!std::isfinite(data.view().value(row, col))) std::abort();
      }
    }
  } catch (const mogul::invalid_argument& e) {
    if (std::string_view(e.what()).find('\n') != std::string_view::npos) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string input(reinterpret_cast<const char*>(bytes), size);
  mogul::ReadOptions options;
  options.n_threads = 1;
  read(input, options);
  read("\x93NUMPY" + input, options);
  options.weights = "x2";
  read(input, options);
  return 0;
}
