// Files of sufficient statistics, schema "mogul-stats/1" (docs/formats.md): what machines exchange to fit together.
// Twin: model_json.cpp.
#include <charconv>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "io/file_bytes.hpp"
#include "io/file_format.hpp"
#include "io/gzip.hpp"
#include "io/json/json_fields.hpp"
#include "io/json/json_parse.hpp"
#include "io/json/json_text.hpp"
#include "io/json/stats_json.hpp"
#include "model/counts.hpp"
#include "mogul/io.hpp"
#include "mogul/version.hpp"

namespace mogul {
namespace {

constexpr std::string_view kSchema = "mogul-stats/1";

/// The columns of `second`, as Stats makes them.
Size second_columns(Moments moments, std::size_t d) {
  switch (moments) {
    case Moments::none:
    case Moments::mean: break;
    case Moments::spherical: return {1, "the row size of spherical moments"};
    case Moments::diagonal: return {d, "n_features"};
    case Moments::pooled:
    case Moments::full: return {d * (d + 1) / 2, "n_features (n_features + 1) / 2"};
  }
  return {0, ""};
}

/// The rows of moments that are kept, or (0, 0).
Matrix read_rows(const JsonField& field, bool kept, Moments moments, Size rows, Size cols) {
  if (kept) return field.matrix(rows, cols);
  if (!field.elements().empty()) field.must_be(fmt::format("[] for moments = {}", to_string(moments)));
  return {};
}

std::uint64_t read_fingerprint(const JsonField& field) {
  const std::string& text = field.text();
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
  if (text.size() != 16 || error != std::errc{} || end != text.data() + text.size() || value == 0) {
    field.must_be("16 hexadecimal digits, not all 0");
  }
  return value;
}

JsonValue resolution_json(const Resolution& resolution) {
  JsonValue object = JsonValue::object();
  object.add("max_move", resolution.max_move);
  object.add("min_conditional_variance", resolution.min_conditional_variance);
  object.add("min_deviation", resolution.min_deviation);
  return object;
}

// What sums in lanes narrower than double tell of themselves.
void read_rounding(const JsonField& object, Stats& stats) {
  stats.rounding = object.member("rounding").number();
  if (!(stats.rounding > 0)) object.member("rounding").must_be("a number > 0");
  const JsonField resolution = object.member("resolution");
  stats.resolution = {resolution.member("max_move").number(), resolution.member("min_conditional_variance").number(),
                      resolution.member("min_deviation").number()};
  stats.n_promoted = object.member("n_promoted").integer();
}

}  // namespace

void add_stats(JsonValue& file, const Stats& stats) {
  check_counts(stats.n, stats.sum_weights, "n");
  if (stats.model != 0) file.add("model", fmt::format("{:016x}", stats.model));
  file.add("moments", to_string(stats.moments));
  file.add("n_components", stats.n_components());
  file.add("n_features", stats.n_features());
  file.add("sum_weights", stats.sum_weights);
  file.add("log_likelihood", stats.log_likelihood);
  file.add("entropy", stats.entropy);
  file.add("map_log_likelihood", stats.map_log_likelihood);
  if (!stats.is_exact()) {
    file.add("rounding", stats.rounding);
    file.add("resolution", resolution_json(stats.resolution));
    file.add("n_promoted", stats.n_promoted);
  }
  file.add("n", stats.n);
  file.add("shift", rows_json(stats.shift.view()));
  file.add("first", rows_json(stats.first.view()));
  file.add("second", rows_json(stats.second.view()));
}

Stats read_stats(const JsonField& object) {
  using enum Moments;
  const Moments moments = object.member("moments").one_of({none, mean, spherical, diagonal, pooled, full});
  const Size k{object.member("n_components").integer(1), "n_components"};
  const Size d{object.member("n_features").integer(1), "n_features"};
  // Each count is compared to its array's own size before anything is allocated for it.
  Stats stats(none, object.member("shift").matrix(k, d));
  stats.moments = moments;
  if (object.has("model")) stats.model = read_fingerprint(object.member("model"));
  stats.n = object.member("n").numbers(k);
  stats.first = read_rows(object.member("first"), moments >= mean, moments, k, d);
  const Size second_rows = moments == pooled ? Size{1, "the rows of pooled moments"} : k;
  stats.second =
      read_rows(object.member("second"), moments >= spherical, moments, second_rows, second_columns(moments, d.value));
  stats.sum_weights = object.member("sum_weights").number();
  stats.log_likelihood = object.member("log_likelihood").number();
  stats.entropy = object.member("entropy").number();
  stats.map_log_likelihood = object.member("map_log_likelihood").number();
  if (object.has("rounding")) read_rounding(object, stats);
  check_counts(stats.n, stats.sum_weights, "n");
  return stats;
}

std::string stats_json(const Stats& stats) {
  JsonValue file = JsonValue::object();
  file.add("schema", kSchema);
  file.add("mogul_version", MOGUL_VERSION);
  add_stats(file, stats);
  return json_text(file);
}

Stats parse_stats(std::string_view text, const std::string& name) {
  std::string unpacked;
  text = content_of(text, name, unpacked);
  require_json(text, name);
  const JsonValue document = parse_json(text, name);
  const JsonField root(document, name);
  root.require_schema(kSchema);
  root.require_only({"schema", "mogul_version", "model", "moments", "n_components", "n_features", "sum_weights",
                     "log_likelihood", "entropy", "map_log_likelihood", "rounding", "resolution", "n_promoted", "n",
                     "shift", "first", "second"});
  if (root.has("mogul_version")) root.member("mogul_version").text();
  try {
    return read_stats(root);
  } catch (const invalid_data&) {
    throw;
  } catch (const invalid_argument& error) {  // a rule of the sizes, which does not know the file
    throw invalid_data(fmt::format("{}: {}", name, error.what()));
  }
}

void write_stats(const std::string& path, const Stats& stats) { write_text(path, stats_json(stats)); }

Stats read_stats(const std::string& path) { return parse_stats(FileBytes(path).view(), display_name(path)); }

}  // namespace mogul
