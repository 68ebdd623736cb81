// mogul/merge.hpp
#include "mogul/merge.hpp"

#include <fmt/format.h>
#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>

#include <cstdint>
#include <utility>
#include <vector>

#include "bindings.hpp"
#include "convert/arrays.hpp"
#include "convert/interpreter.hpp"
#include "convert/rows.hpp"
#include "convert/threads.hpp"

namespace mogul::python {
namespace {

const char* const kDoc = R"(Merge components into clusters by entropy. The density stays the same.

Step by step, the two clusters become one whose union lowers the entropy of the clustering most, from a cluster for each
component to a single one.

Parameters
----------
model : Mixture
x : array-like of shape (N, D)
weights : array-like of shape (N,), optional
    A row of weight 2 counts as two equal rows.
n_threads : int

Returns
-------
ComponentTree
    With recommended, clusters(n_clusters), n_components, component_sizes, merges, entropy_falls and entropies.

Notes
-----
The number of clusters that is recommended is at the elbow of the entropies, where two straight lines fit them best.
Of one or two components, and of components that hardly overlap, all are kept.

Baudry, Raftery, Celeux, Lo and Gottardo (2010), Combining mixture components for clustering, J. Comput. Graph. Stat.
19(2). The formulas are in docs/method.md.)";

LabelArray merges_of(const ComponentTree& self) {
  std::vector<std::int64_t> values;
  for (const ComponentMerge& merge : self.merges) {
    values.push_back(static_cast<std::int64_t>(merge.first));
    values.push_back(static_cast<std::int64_t>(merge.second));
  }
  return nb::cast<LabelArray>(to_numpy(std::move(values)).attr("reshape")(-1, 2));
}

std::size_t number_of(const ComponentTree& self, const IntLike& n_clusters) {
  return n_clusters.is_none() ? self.recommended : whole_from<std::size_t>(n_clusters, "n_clusters");
}

void bind_class(nb::module_& m) {
  nb::class_<ComponentTree> type(m, "ComponentTree", "Merges of components, as merge() makes them.");
  type.def_prop_ro(
          "n_components", [](const ComponentTree& self) { return self.n_components(); }, "K.")
      .def_ro("recommended", &ComponentTree::recommended, "The number of clusters that is recommended.")
      .def_prop_ro(
          "component_sizes",
          [](nb::handle_t<ComponentTree> self) {
            return view_of(nb::cast<const ComponentTree&>(self).component_sizes, self);
          },
          "(K,), the N_k.")
      .def_prop_ro(
          "merges", &merges_of,
          "(K - 1, 2), the two clusters that become one. Clusters 0 .. K - 1 are the components; merge t makes cluster "
          "K + t.")
      .def_prop_ro(
          "entropy_falls",
          [](const ComponentTree& self) {
            std::vector<double> falls;
            for (const ComponentMerge& merge : self.merges) falls.push_back(merge.entropy_fall);
            return to_numpy(std::move(falls));
          },
          nb::rv_policy::automatic, "(K - 1,), how much each merge lowers the entropy, in nats.")
      .def_prop_ro(
          "entropies",
          [](nb::handle_t<ComponentTree> self) {
            return view_of(nb::cast<const ComponentTree&>(self).entropies, self);
          },
          "(K,), the entropy of 1, 2, ... K clusters, in nats; the last is that of the components.")
      .def(
          "clusters",
          [](const ComponentTree& self, const IntLike& n_clusters) {
            return to_numpy(self.clusters(number_of(self, n_clusters)));
          },
          nb::arg("n_clusters") = nb::none(),
          R"(The cluster of each component.

Parameters
----------
n_clusters : int, optional
    From 1 to n_components. Default: the number that is recommended.

Returns
-------
numpy.ndarray of shape (K,)
    Clusters are numbered 0, 1, ... by their first components.)")
      .def(
          "summary",
          [](const ComponentTree& self, const IntLike& n_clusters) {
            return summary(self, number_of(self, n_clusters));
          },
          nb::arg("n_clusters") = nb::none(), "The table of merges, the number that is recommended, and the clusters.")
      .def("__repr__", [](const ComponentTree& self) {
        return fmt::format("ComponentTree(n_components={}, recommended={})", self.n_components(), self.recommended);
      });
}

void bind_cluster_functions(nb::module_& m) {
  m.def(
      "cluster_responsibilities",
      [](const Mixture& model, const RowsLike& x, const ArrayLike& clusters, const IntLike& n_threads) {
        const Rows rows(x, nb::none());
        const std::vector<std::int32_t> map = labels_from(clusters, "clusters");
        const auto threads = threads_from(n_threads);
        return to_numpy(without_lock([&] { return cluster_responsibilities(model, rows.view(), map, threads); }));
      },
      nb::arg("model"), nb::arg("x"), nb::arg("clusters"), nb::arg("n_threads") = 0,
      "The posterior of the clusters of components: (N, C), the sum of the responsibilities of each one's components. "
      "clusters: (K,), the cluster of each component, as of merge().");
  m.def(
      "cluster_labels",
      [](const Mixture& model, const RowsLike& x, const ArrayLike& clusters, const IntLike& n_threads) {
        const Rows rows(x, nb::none());
        const std::vector<std::int32_t> map = labels_from(clusters, "clusters");
        const auto threads = threads_from(n_threads);
        return to_numpy(without_lock([&] { return cluster_labels(model, rows.view(), map, threads); }));
      },
      nb::arg("model"), nb::arg("x"), nb::arg("clusters"), nb::arg("n_threads") = 0,
      "The most probable cluster of each row, the lowest of equals: (N,). It is not always that of the most probable "
      "component.");
}

}  // namespace

void bind_merge(nb::module_& m) {
  bind_class(m);
  m.def(
      "merge",
      [](const Mixture& model, const RowsLike& x, const ArrayLike& weights, const IntLike& n_threads) {
        const Rows rows(x, weights);
        const auto threads = threads_from(n_threads);
        const WithoutLock unlocked;
        return merge(model, rows.view(), threads);
      },
      nb::arg("model"), nb::arg("x"), nb::arg("weights") = nb::none(), nb::arg("n_threads") = 0, kDoc);
  bind_cluster_functions(m);
}

}  // namespace mogul::python
