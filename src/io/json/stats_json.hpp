// Statistics as the fields of an object. For stats_json.cpp and checkpoint_json.cpp.
#pragma once

#include "io/json/json_fields.hpp"
#include "mogul/stats.hpp"

namespace mogul {

/// Adds the fields of a statistics file, but for its schema.
/// @throws invalid_argument if the counts do not add up to the weight of the rows
void add_stats(JsonValue& object, const Stats& stats);
/// Reads them.
/// @throws invalid_data naming the field; invalid_argument as add_stats()
Stats read_stats(const JsonField& object);

}  // namespace mogul
