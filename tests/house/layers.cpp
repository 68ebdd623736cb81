#include "house/layers.hpp"

namespace mogul::house {

const std::vector<Layer>& layers() {
  static const std::vector<Layer> table = {
      {"include/", {"mogul/"}},
      {"apps/mogul/", {"mogul/"}},
      {"python/bindings/convert/", {"mogul/"}},
      {"python/bindings/", {"mogul/"}},
      {"examples/", {"mogul/"}},
      {"tests/consume/", {"mogul/"}},
      {"src/base/", {"mogul/"}},
      {"src/data/", {"mogul/", "base/"}},
      {"src/model/", {"mogul/", "base/", "data/"}},
      {"src/covariance/", {"mogul/", "base/", "model/"}},
      {"src/engine/", {"mogul/", "base/", "data/", "model/"}},
      {"src/io/", {"mogul/", "base/", "data/", "model/", "covariance/", "engine/", "acceleration/", "em/"}},
      {"src/start/", {"mogul/", "base/", "data/", "model/", "covariance/", "engine/"}},
      {"src/acceleration/", {"mogul/", "base/", "model/", "covariance/"}},
      {"src/em/", {"mogul/", "base/", "data/", "model/", "covariance/", "engine/", "acceleration/"}},
      {"src/search/",
       {"mogul/", "base/", "data/", "model/", "covariance/", "engine/", "start/", "acceleration/", "em/"}},
      {"src/select/",
       {"mogul/", "base/", "data/", "model/", "covariance/", "engine/", "start/", "acceleration/", "em/", "search/",
        "use/"}},
      {"src/uncertainty/",
       {"mogul/", "base/", "data/", "model/", "covariance/", "engine/", "start/", "acceleration/", "em/", "search/"}},
      {"src/use/", {"mogul/", "base/", "data/", "model/", "covariance/", "engine/"}},
      {"src/report/",
       {"mogul/", "base/", "data/", "model/", "covariance/", "engine/", "acceleration/", "em/", "use/", "io/"}},
      {"src/",
       {"mogul/", "base/", "data/", "model/", "covariance/", "engine/", "start/", "acceleration/", "em/", "search/",
        "select/", "uncertainty/", "use/", "io/", "report/"}},
  };
  return table;
}

}  // namespace mogul::house
