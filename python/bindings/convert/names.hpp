// Enumerations are words in Python, the same as on the command line.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "arrays.hpp"
#include "mogul/hierarchy.hpp"
#include "mogul/options.hpp"
#include "mogul/prior.hpp"
#include "mogul/report.hpp"
#include "mogul/select.hpp"
#include "mogul/stats.hpp"

namespace mogul::python {

/// A number, or a text such as "relative:1e-6".
class RegCovarLike : public nb::object {
  NB_OBJECT(RegCovarLike, nb::object, "float | str", is_anything)
};
/// @throws invalid_argument for another value
RegCovar reg_covar_from(const RegCovarLike& value);
/// A number, or a text where it is relative.
nb::object to_python(const RegCovar& reg_covar);

/// A text such as "default" or "dof=6", a dict of fields, or None.
class PriorLike : public nb::object {
  NB_OBJECT(PriorLike, nb::object, "str | dict[str, typing.Any] | None", is_anything)
};
/// @throws invalid_argument for another value
std::optional<Prior> prior_from(const PriorLike& value);
/// A dict of the fields that are given, a scale of D * D values as rows; or None.
nb::object to_python(const std::optional<Prior>& prior);

/// A name, or one of covariance_families().
/// @throws TypeError for what is neither; invalid_argument for a name that is not known
CovarianceFamily family_from(nb::handle value, const char* name);

/// Names, as ["weights"], or a dict, as {"means": [0, 2], "weights": True}.
class HoldLike : public nb::object {
  NB_OBJECT(HoldLike, nb::object, "collections.abc.Iterable[str] | dict[str, typing.Any]", is_anything)
};
/// @throws invalid_argument for another value
Hold hold_from(const HoldLike& value);
/// A dict as above, of what is held.
nb::object to_python(const Hold& hold);

/// A number, or None where there is none.
class OptionalNumber : public nb::object {
  NB_OBJECT(OptionalNumber, nb::object, "float | None", is_anything)
};
/// @throws invalid_argument, naming the argument, for what is neither
std::optional<double> number_from(const OptionalNumber& value, const char* name);

/// All: @throws invalid_argument for an unknown word, listing those that are known.
Moments moments_from(std::string_view name);
/// Also as scikit-learn calls it, "k-means++".
InitMethod init_method_from(std::string_view name);
MergeCost merge_cost_from(std::string_view name);
HierarchyTransform hierarchy_transform_from(std::string_view name);
Search search_from(std::string_view name);
AccelerationMethod acceleration_from(std::string_view name);
Criterion criterion_from(std::string_view name);
DegeneratePolicy degenerate_policy_from(std::string_view name);
TerminationReason termination_reason_from(std::string_view name);

}  // namespace mogul::python
