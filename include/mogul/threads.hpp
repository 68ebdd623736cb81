// How many threads the library uses where the caller does not say.
#pragma once

namespace mogul {

/// What n_threads = 0 means: the number of processors that this process may use, by the affinity of the calling thread
/// and by the CPU quota of its control groups, as of a container; at least 1.
unsigned available_threads();

}  // namespace mogul
