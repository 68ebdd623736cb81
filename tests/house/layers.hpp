// The layers of ARCHITECTURE.md: which folders may know which.
#pragma once

#include <string>
#include <vector>

namespace mogul::house {

/// What the files of a folder may include, and what its objects may call, besides the folder itself.
struct Layer {
  std::string folder;
  std::vector<std::string> may_use;
};

/// The first whose folder holds a file decides.
const std::vector<Layer>& layers();

}  // namespace mogul::house
