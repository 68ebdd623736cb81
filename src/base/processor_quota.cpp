#include "base/processor_quota.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>
#include <string_view>

namespace mogul {
namespace {

constexpr double kNoLimit = std::numeric_limits<double>::infinity();

// "max" and -1 say that there is no quota.
double read_quota(std::istream& quota_text, std::istream& period_text) {
  long long quota = 0;
  long long period = 0;
  const bool limited = quota_text >> quota && period_text >> period && quota > 0 && period > 0;
  return limited ? std::ceil(static_cast<double>(quota) / static_cast<double>(period)) : kNoLimit;
}

// By the files of either version; a file that is not there sets no limit.
double quota_of_folder(const std::string& folder) {
  std::ifstream v2(folder + "/cpu.max");
  std::ifstream v1_quota(folder + "/cpu.cfs_quota_us");
  std::ifstream v1_period(folder + "/cpu.cfs_period_us");
  return std::min(read_quota(v2, v2), read_quota(v1_quota, v1_period));
}

// Of a group and all above it. No folder has to exist: a container may see its own group at the root only.
double quota_of_group(const std::string& root, std::string_view path) {
  double least = kNoLimit;
  while (path.starts_with('/')) {
    least = std::min(least, quota_of_folder(root + std::string(path)));
    path = path.substr(0, path.rfind('/'));
  }
  return std::min(least, quota_of_folder(root));
}

}  // namespace

double processor_quota() {
  static const double quota = [] {
    std::ifstream groups("/proc/self/cgroup");
    return processor_quota(groups, "/sys/fs/cgroup");
  }();
  return quota;
}

double processor_quota(std::istream& groups, const std::string& root) {
  double least = kNoLimit;
  for (std::string line; std::getline(groups, line);) {
    // number:controllers:path, without controllers in version 2
    const std::size_t first = line.find(':');
    const std::size_t second = line.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos) continue;
    const std::string controllers = "," + line.substr(first + 1, second - first - 1) + ",";
    const std::string_view path = std::string_view(line).substr(second + 1);
    if (controllers == ",,") least = std::min(least, quota_of_group(root, path));
    if (controllers.find(",cpu,") != std::string::npos) least = std::min(least, quota_of_group(root + "/cpu", path));
  }
  return least;
}

}  // namespace mogul
