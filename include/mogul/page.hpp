// Pages about a fit: a report, and EM replayed iteration by iteration. Each is one HTML file that asks the network for
// nothing and works from file://.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "mogul/dataset.hpp"
#include "mogul/io.hpp"
#include "mogul/options.hpp"
#include "mogul/trace.hpp"

namespace mogul {

/// L and its parts at one iteration.
struct LikelihoodParts {
  std::size_t restart;
  std::size_t iteration;
  double log_likelihood;                    ///< L = Q + H
  double expected_complete_log_likelihood;  ///< Q
  double entropy;                           ///< H
};
LikelihoodParts likelihood_parts(const TraceStep& step);

struct ReportPageOptions {
  std::string title = {};
  std::string command = {};                      ///< that made the page or the fit, as it was typed; may be empty
  std::vector<LikelihoodParts> iterations = {};  ///< of the fit and all its restarts; may be empty
  std::string trace_name = "the trace";          ///< stands for `iterations` in messages
  std::optional<Hold> hold = {};                 ///< what the fit held; default: as the model's settings say
  std::vector<std::size_t> dropped_rows = {};    ///< ReadReport::dropped, so that rows have the numbers of their file
  unsigned n_threads = 0;
};

/// What was fitted and how it ended, parameters, pictures, convergence, sizes and overlap of the components, the rows
/// that are explained worst, criteria, and how to make it again. Without a report in `model` the parts about the fit
/// are left out. Where `data` are not the rows of the fit, or have other weights, the page says so and which numbers
/// are about which.
/// @return  less than 2 MB, whatever the number of rows
/// @throws  invalid_argument on a wrong number of columns or names, and for iterations without a report; invalid_data
///          on bad values or row weights, and for iterations of another fit
/// @cost    five passes over the rows
std::string report_page(const ModelFile& model, const DataView& data, const ReportPageOptions& options = {});

struct ReplayPageOptions {
  std::string title = {};
  std::size_t max_rows = 2000;                   ///< rows that the page holds, drawn from equal stretches
  std::optional<std::size_t> best_restart = {};  ///< the one that was kept; default: that of highest last L
  std::string data_name = "the rows";            ///< stands for `data` in messages
  std::string trace_name = "the trace";          ///< stands for `steps` in messages
};

/// @throws invalid_argument if a mixture of this size is too large for replay_page(): K D (D + 1) > 60,000
void check_replay_size(std::size_t n_components, std::size_t n_features);

/// The steps of a fit for replay_page(), added as the fit takes them. Of a fit that is longer than a page it keeps the
/// first and the latest step of each restart and some that are evenly spread between them, so that its memory does not
/// grow with the number of iterations.
class ReplaySteps {
 public:
  /// @param step  the next one of its restart, of the same size as those before
  void add(TraceStep step);
  /// What was kept, in the order of the restarts. Leaves none.
  std::vector<TraceStep> take();

 private:
  void thin();

  std::map<std::size_t, std::vector<TraceStep>> restarts_;
  std::size_t stride_ = 1;  ///< between the iterations that are kept
  std::size_t n_steps_ = 0;
};

/// A page on which a reader goes through the iterations and restarts of a fit. Where rows or iterations are too many
/// for a page, some are left out, which it says.
/// @param steps          of one fit, as read_trace(), ReplaySteps or callbacks give them: at least one
/// @param feature_names  (D), or empty for "x1", "x2", ...
/// @throws               invalid_argument for no steps, another number of columns, or a mixture that is too large for a
///                       page (K (D^2 + D) > 60,000); invalid_data on bad values, and where L of a step is another
///                       on these rows, which then are not those of the fit
/// @cost                 one pass over the rows
std::string replay_page(std::span<const TraceStep> steps, const DataView& data,
                        std::span<const std::string> feature_names = {}, const ReplayPageOptions& options = {});

}  // namespace mogul
