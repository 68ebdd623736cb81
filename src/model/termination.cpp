#include "mogul/report.hpp"

namespace mogul {

std::string_view to_string(TerminationReason reason) {
  switch (reason) {
    case TerminationReason::converged: return "converged";
    case TerminationReason::max_iter: return "max_iter";
    case TerminationReason::cancelled: return "cancelled";
    case TerminationReason::coincident: return "coincident";
    case TerminationReason::max_passes: return "max_passes";
    case TerminationReason::dropped: return "dropped";
  }
  return "";
}

}  // namespace mogul
