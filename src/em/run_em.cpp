#include "em/run_em.hpp"

#include <utility>
#include <vector>

#include "base/timer.hpp"
#include "engine/worst_rows.hpp"
#include "mogul/error.hpp"

namespace mogul {
namespace {

bool is_active(const Run& run) { return run.loop && run.loop->next().has_value(); }

Stats statistics(Engine& engine, const StatsRequest& asked) {
  const Precision precision = asked.exact ? Precision::exact : Precision::fast;
  Stats stats = engine.accumulate(row_model(*asked.model), *asked.about, asked.moments, Assignment::soft, precision);
  stats.model = asked.model->fingerprint();
  return stats;
}

Matrix rows(Engine& engine, const WorstRowsRequest& asked) {
  return engine.rows(worst_rows(engine, row_model(*asked.model), asked.count));
}

// One pass for all that do not ask for exact sums, as most do not until they come to rest.
std::vector<Stats> e_step(Engine& engine, const std::vector<Run*>& active) {
  std::vector<RowModel> together;
  Moments moments = Moments::none;
  for (const Run* run : active) {
    const auto asked = std::get<StatsRequest>(*run->loop->next());
    moments = asked.moments;
    if (!asked.exact) together.push_back(row_model(*asked.model));
  }
  std::vector<Stats> shared;
  if (!together.empty()) shared = engine.accumulate(together, moments);
  auto next = shared.begin();
  std::vector<Stats> all;
  all.reserve(active.size());
  for (const Run* run : active) {
    const auto asked = std::get<StatsRequest>(*run->loop->next());
    all.push_back(asked.exact ? statistics(engine, asked) : std::move(*next++));
    all.back().model = asked.model->fingerprint();
  }
  return all;
}

}  // namespace

Stats answer(const StatsRequest& asked, const DataView& data, unsigned n_threads) {
  return statistics(*make_engine_for(*asked.model, data, n_threads), asked);
}

Matrix answer(const WorstRowsRequest& asked, const DataView& data, unsigned n_threads) {
  return rows(*make_engine_for(*asked.model, data, n_threads), asked);
}

void answer(Engine& engine, EmLoop& loop) {
  while (!loop.waits_for_step()) {
    const auto request = loop.next();
    if (!request) return;
    if (const auto* asked = std::get_if<StatsRequest>(&*request)) {
      loop.feed(statistics(engine, *asked));
    } else {
      loop.feed(rows(engine, std::get<WorstRowsRequest>(*request)));
    }
  }
}

void run_em(Engine& engine, std::span<Run> runs, PhaseSeconds& seconds) {
  bool cancelled = false;
  while (!cancelled) {
    std::vector<Run*> active;
    for (Run& run : runs) {
      if (is_active(run)) active.push_back(&run);
    }
    if (active.empty()) return;
    std::vector<Stats> stats;
    try {
      const Timer timer(seconds.e_step);
      stats = e_step(engine, active);
    } catch (const interrupted_error&) {
      break;
    }
    const Timer timer(seconds.m_step);
    for (std::size_t i = 0; i < active.size(); ++i) {
      EmLoop& loop = *active[i]->loop;
      active[i]->attempt([&] {
        if (cancelled) loop.end_at_next_step();
        try {
          loop.feed(std::move(stats[i]));
          answer(engine, loop);
        } catch (const interrupted_error&) {
          loop.cancel();
        }
        cancelled |= loop.is_cancelled();
      });
    }
  }
  for (Run& run : runs) {
    if (is_active(run)) run.loop->cancel();
  }
}

}  // namespace mogul
