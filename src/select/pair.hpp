// Fits of K and K + 1 components to the same rows.
#pragma once

#include "engine/engine.hpp"
#include "mogul/options.hpp"
#include "mogul/select.hpp"

namespace mogul {

struct Pair {
  SelectionCell fewer;
  SelectionCell more;

  bool is_fitted() const { return fewer.fit && more.fit; }
};

/// Both start as a search does, K + 1 also from splits of the fit of K, and K from merges of K + 1, until neither gains
/// by the other. No hierarchy of the rows: of thousands it takes a hundred times as long as the fits.
/// @param options  with n_components = K
/// @return         cells with a reason where there is no fit
/// @throws         interrupted_error
Pair fit_pair(Engine& engine, const FitOptions& options);

/// Each from one start: of this kind, or the mixture of that number of components.
Pair fit_pair_from(Engine& engine, const FitOptions& options, InitMethod init);
Pair fit_pair_from(Engine& engine, const FitOptions& options, const Mixture& fewer, const Mixture& more);

}  // namespace mogul
