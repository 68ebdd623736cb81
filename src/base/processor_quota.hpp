// How much processor time the system leaves this process: the CPU quota of Linux's control groups, as of a container.
#pragma once

#include <istream>
#include <string>

namespace mogul {

/// Processors whose time the control groups of this process leave it, rounded up: the least quota of its own groups and
/// those above them. Infinity: no limit, none that can be read, or another system. Read once per process.
double processor_quota();

/// The same of any process.
/// @param groups  lines as of /proc/self/cgroup, of version 1 or 2
/// @param root    where the control groups are, /sys/fs/cgroup
/// @source        cgroups(7); the kernel's cgroup-v2.rst (cpu.max) and sched-bwc.rst (cpu.cfs_quota_us)
double processor_quota(std::istream& groups, const std::string& root);

}  // namespace mogul
