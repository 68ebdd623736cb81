// fit --trace: one JSON object per E-step.
#include "print/trace.hpp"

#include "mogul/trace.hpp"

namespace mogul::cli {

void Trace::write(const Iteration& iteration) { file_.stream() << trace_line(trace_step(iteration)); }

}  // namespace mogul::cli
