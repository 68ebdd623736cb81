// How many threads a call takes that is not told.
#pragma once

#include "arrays.hpp"

namespace mogul::python {

/// The most that may work where nobody says how many: what set_num_threads() was told or, before that, what
/// OMP_NUM_THREADS says, which joblib sets for its workers; never more than the process may use.
unsigned default_threads();

/// The value of the argument n_threads, 0 for default_threads().
/// @throws  invalid_argument, TypeError as whole_from()
unsigned threads_from(const IntLike& n_threads);

void bind_threads(nb::module_& m);

}  // namespace mogul::python
