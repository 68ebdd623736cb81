// Unpacking with zlib, between file_bytes and the readers of text and NPY.
#include "io/gzip.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <new>

#include "mogul/error.hpp"

namespace mogul {
namespace {

constexpr std::size_t kMaxStep = std::size_t{1} << 30;  // zlib counts bytes in 32 bits

class Inflater {
 public:
  Inflater() {
    constexpr int kGzipOnly = 16 + MAX_WBITS;
    if (inflateInit2(&stream, kGzipOnly) != Z_OK) throw std::bad_alloc();
  }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  ~Inflater() { inflateEnd(&stream); }

  z_stream stream{};
};

}  // namespace

bool is_gzip(std::string_view bytes) { return bytes.starts_with("\x1f\x8b"); }

std::string gunzip(std::string_view bytes, const std::string& name) {
  Inflater inflater;
  z_stream& z = inflater.stream;
  std::string out;
  std::size_t used = 0;
  for (;;) {
    constexpr std::size_t kMinSpace = 1 << 14;
    if (out.size() < used + kMinSpace) out.resize(2 * out.size() + 4 * kMinSpace);
    z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    z.avail_in = static_cast<uInt>(std::min(bytes.size(), kMaxStep));
    z.next_out = reinterpret_cast<Bytef*>(out.data() + used);
    z.avail_out = static_cast<uInt>(std::min(out.size() - used, kMaxStep));
    const int status = inflate(&z, Z_NO_FLUSH);
    bytes = bytes.substr(static_cast<std::size_t>(reinterpret_cast<const char*>(z.next_in) - bytes.data()));
    used = static_cast<std::size_t>(reinterpret_cast<char*>(z.next_out) - out.data());
    if (status == Z_STREAM_END) {
      const std::size_t padding = std::min(bytes.find_first_not_of('\0'), bytes.size());
      if (padding == bytes.size()) break;  // zeros fill the last block of a device or a tape
      if (padding != 0 || !is_gzip(bytes))
        throw invalid_data(fmt::format("{}: gzip: bytes after the end of the packed data", name));
      inflateReset(&z);  // another member follows
    } else if (status == Z_MEM_ERROR) {
      throw std::bad_alloc();
    } else if (status != Z_OK && status != Z_BUF_ERROR) {
      throw invalid_data(fmt::format("{}: gzip: {}", name, z.msg != nullptr ? z.msg : "damaged"));
    } else if (bytes.empty() && z.avail_out != 0) {
      throw invalid_data(fmt::format("{}: gzip: the file ends early", name));
    }
  }
  out.resize(used);
  return out;
}

std::string_view content_of(std::string_view bytes, const std::string& name, std::string& unpacked) {
  if (!is_gzip(bytes)) return bytes;
  unpacked = gunzip(bytes, name);
  if (is_gzip(unpacked)) throw invalid_data(name + ": gzip inside gzip; unpack it once: gzip -dc FILE");
  return unpacked;
}

}  // namespace mogul
