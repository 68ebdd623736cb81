// mogul/hierarchy.hpp
#include "mogul/hierarchy.hpp"

#include <fmt/format.h>
#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>

#include <cstdint>
#include <utility>
#include <vector>

#include "bindings.hpp"
#include "convert/arguments.hpp"
#include "convert/arrays.hpp"
#include "convert/interpreter.hpp"
#include "convert/names.hpp"
#include "convert/rows.hpp"
#include "convert/threads.hpp"

namespace mogul::python {
namespace {

const char* const kDoc = R"(A tree of merges of the rows: model-based agglomerative hierarchical clustering.

The two clusters whose merge raises a classification likelihood's criterion least become one, until one is left. One
tree has the partitions into any number of clusters; ``fit(x, k, init="hierarchical")`` starts from such a partition.
Rows of equal values are merged first. Of more than 5,000 rows, micro-clusters (1,000 or so, by k-means) are merged.

Parameters
----------
x : array-like of shape (N, D)
cost : str
    'EII' (Ward's criterion), 'VII', 'EEE' or 'VVV', after the covariance family whose likelihood it stands for.
transform : str
    'STD': standardised columns. 'SVD': the singular value decomposition of these.
weights : array-like of shape (N,), optional
    A row of weight 2 counts as two equal rows, one of weight 0 goes with the nearest leaf.
seed : int
    Of the micro-clusters.
n_threads : int

Returns
-------
Hierarchy
    With labels(n_clusters), n_leaves, leaf_of_row, merges and costs.

Notes
-----
Banfield and Raftery (1993), Biometrics 49; Fraley (1998), SIAM J. Sci. Comput. 20(1). The formulas are in
docs/method.md.)";

LabelArray merges_of(const Hierarchy& self) {
  std::vector<std::int64_t> values;
  for (const Merge& merge : self.merges) {
    values.push_back(static_cast<std::int64_t>(merge.first));
    values.push_back(static_cast<std::int64_t>(merge.second));
  }
  return nb::cast<LabelArray>(to_numpy(std::move(values)).attr("reshape")(-1, 2));
}

void bind_class(nb::module_& m) {
  nb::class_<Hierarchy>(m, "Hierarchy", "A tree of merges, as hierarchy() makes it.")
      .def_prop_ro(
          "n_leaves", [](const Hierarchy& self) { return self.n_leaves(); },
          "Number of leaves: rows of positive weight, or micro-clusters of many rows.")
      .def_prop_ro(
          "leaf_of_row", [](const Hierarchy& self) { return to_numpy(self.leaf_of_row); },
          "(N,), the leaf of each row.")
      .def_prop_ro(
          "merges", &merges_of,
          "(n_leaves - 1, 2), the two clusters that become one. Clusters 0 .. n_leaves - 1 are the leaves; merge "
          "t makes cluster n_leaves + t.")
      .def_prop_ro(
          "costs",
          [](const Hierarchy& self) {
            std::vector<double> costs;
            for (const Merge& merge : self.merges) costs.push_back(merge.cost);
            return to_numpy(std::move(costs));
          },
          nb::rv_policy::automatic, "(n_leaves - 1,), what each merge adds to the criterion.")
      .def(
          "labels",
          [](const Hierarchy& self, const IntLike& n_clusters) {
            return to_numpy(self.labels(whole_from<std::size_t>(n_clusters, "n_clusters")));
          },
          nb::arg("n_clusters"),
          R"(The partition into so many clusters.

Parameters
----------
n_clusters : int
    From 1 to n_leaves.

Returns
-------
numpy.ndarray of shape (N,)
    Clusters are numbered 0, 1, ... by their first rows.)")
      .def("__repr__", [](const Hierarchy& self) {
        return fmt::format("Hierarchy(n_rows={}, n_leaves={})", self.leaf_of_row.size(), self.n_leaves());
      });
}

}  // namespace

void bind_hierarchy(nb::module_& m) {
  bind_class(m);
  m.def(
      "hierarchy",
      [](const RowsLike& x, std::string_view cost, std::string_view transform, const ArrayLike& weights,
         const IntLike& seed, const IntLike& n_threads) {
        const Rows rows(x, weights);
        const HierarchyOptions options{merge_cost_from(cost), hierarchy_transform_from(transform),
                                       whole_from<std::uint64_t>(seed, "seed"), threads_from(n_threads)};
        const WithoutLock unlocked;
        return hierarchy(rows.view(), options);
      },
      nb::arg("x"), nb::kw_only(), nb::arg("cost") = "VVV", nb::arg("transform") = "SVD",
      nb::arg("weights") = nb::none(), nb::arg("seed") = 0, nb::arg("n_threads") = 0, kDoc);
}

}  // namespace mogul::python
