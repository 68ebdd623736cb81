// The name of the vector instructions that the kernels use.
#include "mogul/instruction_set.hpp"

#include <hwy/targets.h>

#include <gtest/gtest.h>

namespace mogul {
namespace {

TEST(InstructionSet, IsOneThatThisProcessorHas) {
  bool found = false;
  for (std::int64_t target = 1; target > 0 && target <= HWY_SCALAR; target <<= 1) {
    if ((hwy::SupportedTargets() & target) != 0 && hwy::TargetName(target) == instruction_set()) found = true;
  }
  EXPECT_TRUE(found) << instruction_set();
}

}  // namespace
}  // namespace mogul
