// Any bytes as delimited text. The first byte chooses options, the rest is the file.
// Whatever comes out must be finite, whatever is refused in one line.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "mogul/io.hpp"

namespace {

mogul::ReadOptions options_from(std::uint8_t choice) {
  constexpr char kDelimiters[] = {'\0', ',', '\t', ' '};
  mogul::ReadOptions options;
  options.n_threads = 1;
  options.delimiter = kDelimiters[choice & 3];
  options.header = static_cast<mogul::Header>((choice >> 2) % 3);
  if ((choice & 32) != 0) options.weights = "2";
  if ((choice & 64) != 0) options.exclude = {"1"};
  if ((choice & 128) != 0) options.columns = {"3", "a"};
  return options;
}

void check(const mogul::Dataset& data) {
  for (const double value : std::get<mogul::Matrix>(data.values()).values()) {
    if (!std::isfinite(value)) std::abort();
  }
  for (const double weight : data.weights()) {
    if (!(std::isfinite(weight) && weight >= 0)) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(bytes), size);
  if (input.empty() || input.substr(1).starts_with("\x93NUMPY")) return 0;  // npy_fuzz.cpp
  const mogul::ReadOptions options = options_from(bytes[0]);
  try {
    check(mogul::parse_dataset(input.substr(1), "fuzz.csv", options));
  } catch (const mogul::invalid_argument& e) {
    if (std::string_view(e.what()).find('\n') != std::string_view::npos) std::abort();
  }
  return 0;
}
