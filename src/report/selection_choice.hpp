// What is said of the choice between the fits of a selection, line by line.
#pragma once

#include <string>
#include <vector>

#include "mogul/select.hpp"

namespace mogul {

struct ChoiceLine {
  std::string name;  ///< "best", "the choice is"
  std::string text;
};

/// The best three with their differences, whether starts agree in the best, how clear the choice is, the simplest of
/// those that are as good, and reasons.
std::vector<ChoiceLine> choice_lines(const Selection& selection, CriterionSign sign);

}  // namespace mogul
