// Files cut at every byte, and files with any bits turned: read, or refused in one line, for every reader.
#include <gtest/gtest.h>
#include <zlib.h>

#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "io/json_example.hpp"
#include "io/npy_bytes.hpp"
#include "mogul/io.hpp"

namespace mogul {
namespace {

std::string packed(std::string_view text) {
  std::string out(text.size() + 200, '\0');
  z_stream z{};
  EXPECT_EQ(deflateInit2(&z, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY), Z_OK);
  z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  z.avail_in = static_cast<uInt>(text.size());
  z.next_out = reinterpret_cast<Bytef*>(out.data());
  z.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&z, Z_FINISH), Z_STREAM_END);
  out.resize(z.total_out);
  deflateEnd(&z);
  return out;
}

std::vector<std::string> whole_files() {
  const Matrix x(3, 2, {1, 2, 3, 4, 5, 6});
  std::vector<std::string> files{"\"\",\"x\"\n\"1\",5\n\"2\",7\n",
                                 "\xEF\xBB\xBF"
                                 "label\r\n+1\r\n2.0\r\n",
                                 "a;b\n1,5;NA\n2;3\n", test::kModelFile,
                                 "{\"schema\": \"mogul-stats/1\", \"n\": [1, 2e3]}"};
  for (const char* type : {"<f8", ">i4", "|u1", "<f2"}) files.push_back(test::npy_of(x, type, "(3, 2)", true));
  files.push_back(
      test::npy(3, "{'descr': [('a', '<f8'), ('b', '<i4')], 'fortran_order': False, 'shape': (2,), }", "x"));
  files.push_back(packed(files[0]) + packed(files[1]) + std::string(9, '\0'));
  files.push_back(packed(files[5]));
  return files;
}

template <class Read>
void one_line(Read&& read) {
  try {
    read();
  } catch (const invalid_argument& error) {
    EXPECT_EQ(std::string_view(error.what()).find('\n'), std::string_view::npos) << error.what();
    EXPECT_NE(std::string_view(error.what()), "");
  }
}

// As each kind of file. A copy of just its size, so that a sanitizer sees what is read beyond it.
void read_as_everything(std::string_view file) {
  const std::vector<char> copy(file.begin(), file.end());
  const std::string_view bytes(copy.data(), copy.size());
  one_line([&] { parse_dataset(bytes, "f", {.n_threads = 1}); });
  one_line([&] { parse_dataset(bytes, "f", {.header = Header::no, .missing = Missing::drop, .n_threads = 1}); });
  one_line([&] { parse_column_names(bytes, "f"); });
  one_line([&] { parse_labels(bytes, "f"); });
  one_line([&] { parse_model(bytes, "f"); });
  one_line([&] { parse_stats(bytes, "f"); });
}

TEST(DamagedFiles, CutAtEveryByte) {
  for (const std::string& file : whole_files()) {
    for (std::size_t size = 0; size <= file.size(); ++size) read_as_everything(std::string_view(file).substr(0, size));
  }
}

TEST(DamagedFiles, WithBitsTurned) {
  std::mt19937 engine(1);
  for (const std::string& file : whole_files()) {
    for (int i = 0; i < 300; ++i) {
      std::string damaged = file;
      for (unsigned n = engine() % 4; n < 4; ++n)
        damaged[engine() % file.size()] ^= static_cast<char>(1U << engine() % 8);
      read_as_everything(damaged);
    }
  }
}

}  // namespace
}  // namespace mogul
