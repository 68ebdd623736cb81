#include "mogul/instruction_set.hpp"

#include <hwy/targets.h>

#include <cstdint>

namespace mogul {

std::string_view instruction_set() {
  const std::int64_t usable = hwy::SupportedTargets() & HWY_TARGETS;
  return hwy::TargetName(usable & -usable);  // the lowest bit is the best of them
}

}  // namespace mogul
