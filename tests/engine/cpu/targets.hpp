// Runs a test of the kernels once on each instruction set that this machine has.
#pragma once

#include <gtest/gtest.h>
#include <hwy/targets.h>

namespace mogul::test {

template <class Test>
void on_every_target(const Test& test) {
  for (const std::int64_t target : hwy::SupportedAndGeneratedTargets()) {
    SCOPED_TRACE(hwy::TargetName(target));
    hwy::SetSupportedTargetsForTest(target);
    hwy::GetChosenTarget().DeInit();  // the next call of a kernel chooses again
    test();
    EXPECT_TRUE(hwy::GetChosenTarget().IsInitialized()) << "no kernel was called";
  }
  hwy::SetSupportedTargetsForTest(0);
  hwy::GetChosenTarget().DeInit();
}

}  // namespace mogul::test
