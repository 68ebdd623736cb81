// Limits as control groups of either version write them, in a folder of our own instead of /sys/fs/cgroup.
#include "base/processor_quota.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <sstream>

#include "io/files.hpp"

namespace mogul {
namespace {

constexpr double kNoLimit = std::numeric_limits<double>::infinity();

class ProcessorQuota : public testing::Test {
 protected:
  void write(const std::string& file, const std::string& text) {
    const std::string path = root_ / file;
    std::filesystem::create_directories(std::filesystem::path(path).parent_path());
    test::write_bytes(path, text);
  }
  double quota(const std::string& groups) const {
    std::istringstream lines(groups);
    return processor_quota(lines, root_.path.string());
  }

 private:
  test::TemporaryFolder root_;
};

TEST_F(ProcessorQuota, IsTheTimePerPeriodRoundedUp) {
  for (const auto& [text, expected] : {std::pair{"200000 100000\n", 2.0},
                                       {"150000 100000\n", 2.0},
                                       {"1000 100000\n", 1.0},
                                       {"300000 100000\n", 3.0},
                                       {"250000 50000\n", 5.0},
                                       {"300001 100000", 4.0}}) {
    write("a/cpu.max", text);
    EXPECT_EQ(quota("0::/a\n"), expected) << text;
  }
}

TEST_F(ProcessorQuota, IsNoneWithoutALimit) {
  EXPECT_EQ(quota("0::/a\n"), kNoLimit);  // no file
  write("a/cpu.max", "max 100000\n");
  EXPECT_EQ(quota("0::/a\n"), kNoLimit);
  EXPECT_EQ(quota(""), kNoLimit);
}

TEST_F(ProcessorQuota, IsTheLeastOfAGroupAndThoseAboveIt) {
  write("cpu.max", "800000 100000\n");
  write("a/cpu.max", "300000 100000\n");
  write("a/b/c/cpu.max", "500000 100000\n");  // and none of a/b
  write("a/b/d/cpu.max", "max 100000\n");
  write("a/b/e/cpu.max", "200000 100000\n");
  EXPECT_EQ(quota("0::/a/b/c\n"), 3);
  EXPECT_EQ(quota("0::/a/b/d\n"), 3);
  EXPECT_EQ(quota("0::/a/b/e\n"), 2);
  EXPECT_EQ(quota("0::/\n"), 8);
  EXPECT_EQ(quota("0::/elsewhere\n"), 8);
}

// A container that has its group at the root, but is told the path outside.
TEST_F(ProcessorQuota, IsThatOfTheRootWhereTheOwnGroupIsNotSeen) {
  write("cpu.max", "200000 100000\n");
  EXPECT_EQ(quota("0::/system.slice/docker-1.scope\n"), 2);
  EXPECT_EQ(quota("0::/../neighbour\n"), 2);
}

TEST_F(ProcessorQuota, ReadsVersionOneByTheGroupOfTheCpuController) {
  write("cpu/a/cpu.cfs_quota_us", "250000\n");
  write("cpu/a/cpu.cfs_period_us", "100000\n");
  write("cpu/b/cpu.cfs_quota_us", "-1\n");
  write("cpu/b/cpu.cfs_period_us", "100000\n");
  EXPECT_EQ(quota("9:memory:/b\n4:cpu,cpuacct:/a\n1:name=systemd:/b\n0::/b\n"), 3);
  EXPECT_EQ(quota("4:cpuacct,cpu:/a/deeper\n"), 3);
  EXPECT_EQ(quota("4:cpu:/b\n"), kNoLimit);
  EXPECT_EQ(quota("4:cpuset:/a\n3:cpuacct:/a\n"), kNoLimit);
  write("cpu/cpu.cfs_quota_us", "50000\n");
  write("cpu/cpu.cfs_period_us", "100000\n");
  EXPECT_EQ(quota("4:cpu,cpuacct:/a\n"), 1);
}

TEST_F(ProcessorQuota, IgnoresNonsense) {
  for (const char* text : {"", "\n", "100000\n", "0 100000\n", "100000 0\n", "-5 100000\n", "100000 -5\n", "nan nan\n",
                           "two 100000\n", "99999999999999999999999 100000\n"}) {
    write("a/cpu.max", text);
    EXPECT_EQ(quota("0::/a\n"), kNoLimit) << text;
  }
  write("a/cpu.max", "200000 100000\n");
  for (const char* groups : {"nonsense", ":", "::", "0:", "0:/a", "0::a", "\n\n", "cpu.max"}) {
    EXPECT_EQ(quota(groups), kNoLimit) << groups;
  }
  EXPECT_EQ(quota("nonsense\n0::/a"), 2);
}

TEST_F(ProcessorQuota, OfThisProcessIsAtLeastOne) { EXPECT_GE(processor_quota(), 1); }

}  // namespace
}  // namespace mogul
