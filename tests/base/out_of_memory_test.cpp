// What the message says of sizes, and products of sizes that no integer holds.
#include <gtest/gtest.h>

#include <array>
#include <string>

#include "mogul/error.hpp"

namespace mogul {
namespace {

TEST(OutOfMemory, TheMessageSaysHowMuchWasWanted) {
  EXPECT_STREQ(out_of_memory(17).what(), "out of memory: 17 bytes wanted");
  EXPECT_STREQ(out_of_memory(999.4).what(), "out of memory: 999 bytes wanted");
  EXPECT_STREQ(out_of_memory(999.6).what(), "out of memory: 1 kB wanted");
  EXPECT_STREQ(out_of_memory(3.2e9).what(), "out of memory: 3.2 GB wanted");
  EXPECT_STREQ(out_of_memory(0x1p64).what(), "out of memory: 18.4 EB wanted");
  EXPECT_EQ(out_of_memory(3.2e9).bytes(), 3.2e9);
}

TEST(OutOfMemory, ArraySizesAreProductsThatAProcessCanAddress) {
  using Sizes = std::array<std::size_t, 3>;
  EXPECT_EQ(array_size(Sizes{2, 3, 4}, 8), 24U);
  EXPECT_EQ(array_size(Sizes{std::size_t{1} << 62, 0, 4}, 8), 0U);
  EXPECT_EQ(array_size(Sizes{std::size_t{1} << 59, 1, 1}, 8), std::size_t{1} << 59);
  EXPECT_THROW(array_size(Sizes{std::size_t{1} << 60, 1, 1}, 8), out_of_memory);
  EXPECT_THROW(array_size(Sizes{std::size_t{1} << 32, std::size_t{1} << 32, 1}, 8), out_of_memory);  // 0 modulo 2^64
  EXPECT_THROW(array_size(Sizes{std::size_t{1} << 32, std::size_t{1} << 32, std::size_t{1} << 32}, 1), out_of_memory);
}

}  // namespace
}  // namespace mogul
