// Model files, schema "mogul-model/1" (docs/formats.md). The last stage of a fit and the first of every use of it.
// Twin: stats_json.cpp.
#include <set>
#include <utility>

#include <fmt/format.h>

#include "io/file_bytes.hpp"
#include "io/file_format.hpp"
#include "io/gzip.hpp"
#include "io/json/json_fields.hpp"
#include "io/json/json_parse.hpp"
#include "io/json/json_text.hpp"
#include "io/json/mixture_json.hpp"
#include "io/json/report_json.hpp"
#include "io/json/standard_errors_json.hpp"
#include "mogul/io.hpp"
#include "mogul/merge.hpp"
#include "mogul/version.hpp"

namespace mogul {
namespace {

constexpr std::string_view kSchema = "mogul-model/1";

// Counts are compared to the arrays' own sizes before anything is allocated for them.
Mixture read_model_mixture(const JsonField& root) {
  const Size k{root.member("n_components").integer(1), "n_components"};
  const Size d{root.member("n_features").integer(1), "n_features"};
  return read_mixture(root, k, d);
}

std::vector<std::string> read_names(const JsonField& field) {
  std::vector<std::string> names;
  for (const JsonField& element : field.elements()) names.push_back(element.text());
  return names;
}

std::vector<std::string> default_names(std::size_t n_features) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < n_features; ++i) names.push_back(default_column_name(i));
  return names;
}

void add_clusters(JsonValue& file, const std::vector<std::int32_t>& clusters) {
  JsonValue& array = file.add("clusters", JsonValue::array());
  for (const std::int32_t cluster : clusters) array.add(cluster);
}

std::vector<std::int32_t> read_clusters(const JsonField& field, std::size_t n_components) {
  std::vector<std::int32_t> clusters;
  for (const JsonField& element : field.elements({n_components, "n_components"})) {
    const std::uint64_t cluster = element.integer();
    if (cluster >= n_components) element.must_be(fmt::format("< n_components = {}", n_components));
    clusters.push_back(static_cast<std::int32_t>(cluster));
  }
  count_clusters(clusters, n_components);
  return clusters;
}

/// What the names must satisfy; so that all that is written can be read.
void check_names(const std::vector<std::string>& names, std::size_t n_features) {
  if (names.size() != n_features) {
    throw invalid_argument(
        fmt::format("feature_names has {}; must have n_features = {}", counted(names.size()), n_features));
  }
  std::set<std::string_view> seen;
  for (const std::string& name : names) {
    if (!seen.insert(name).second)
      throw invalid_argument(fmt::format("feature_names has {} twice; names must differ", shown(name)));
  }
}

}  // namespace

std::string model_json(const ModelFile& model) {
  const Mixture& mixture = model.mixture;
  const std::vector<std::string> names =
      model.feature_names.empty() ? default_names(mixture.n_features()) : model.feature_names;
  check_names(names, mixture.n_features());
  if (model.settings) check_settings(*model.settings, mixture, model.report);
  if (model.report) check_report(*model.report, mixture);
  if (!model.clusters.empty()) count_clusters(model.clusters, mixture.n_components());
  if (model.standard_errors) check(*model.standard_errors, mixture);
  JsonValue file = JsonValue::object();
  file.add("schema", kSchema);
  file.add("mogul_version", MOGUL_VERSION);
  file.add("n_components", mixture.n_components());
  file.add("n_features", mixture.n_features());
  file.add("feature_names", names);
  add_mixture(file, mixture);
  if (!model.clusters.empty()) add_clusters(file, model.clusters);
  if (model.settings) file.add("settings", settings_json(*model.settings));
  if (model.report) file.add("report", report_json(*model.report));
  if (model.standard_errors) file.add("standard_errors", standard_errors_json(*model.standard_errors));
  return json_text(file);
}

ModelFile parse_model(std::string_view text, const std::string& name) {
  std::string unpacked;
  text = content_of(text, name, unpacked);
  require_json(text, name);
  const JsonValue document = parse_json(text, name);
  const JsonField root(document, name);
  root.require_schema(kSchema);
  root.require_only({"schema", "mogul_version", "n_components", "n_features", "feature_names", "covariance", "weights",
                     "means", "covariances", "clusters", "settings", "report", "standard_errors"});
  if (root.has("mogul_version")) root.member("mogul_version").text();
  try {
    ModelFile model{read_model_mixture(root), {}};
    const std::size_t n_features = model.mixture.n_features();
    model.feature_names =
        root.has("feature_names") ? read_names(root.member("feature_names")) : default_names(n_features);
    check_names(model.feature_names, n_features);
    if (root.has("clusters")) {
      model.clusters = read_clusters(root.member("clusters"), model.mixture.n_components());
    }
    if (root.has("settings")) model.settings = read_settings(root.member("settings"), model.notes);
    if (root.has("report")) model.report = read_report(root.member("report"), model.notes);
    if (root.has("standard_errors")) {
      model.standard_errors = read_standard_errors(root.member("standard_errors"), model.mixture);
    }
    if (model.settings) check_settings(*model.settings, model.mixture, model.report);
    if (model.report) check_report(*model.report, model.mixture);
    for (std::string& note : model.notes) note = fmt::format("{}: {}", name, note);
    return model;
  } catch (const invalid_data&) {
    throw;
  } catch (const invalid_argument& error) {  // a rule of Mixture or of the checks above, which do not know the file
    throw invalid_data(fmt::format("{}: {}", name, error.what()));
  }
}

void write_model(const std::string& path, const ModelFile& model) { write_text(path, model_json(model)); }

ModelFile read_model(const std::string& path) { return parse_model(FileBytes(path).view(), display_name(path)); }

}  // namespace mogul
