// Moves of a component to where another one is split, which lead from one local maximum to a higher one.
#pragma once

#include <cstddef>

#include "search/contest.hpp"

namespace mogul {

/// Rounds of moves from a maximum, until one finds none that raises it. In a round every component j gives its place
/// to the half of another one k; the pairs with the largest gain_k + l_j (split.hpp, membership.hpp) are run against
/// each other, and the best is followed to the next maximum.
/// @param best  a maximum; replaced by a higher one
/// @source  Ueda, Nakano, Ghahramani, Hinton (2000), SMEM algorithm for mixture models, Neural Computation 12(9)
void improve_by_moves(Contest& contest, Contender& best, SearchReport& report);

}  // namespace mogul
