#include "print/select_record.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <string_view>
#include <type_traits>
#include <utility>

#include "mogul/error.hpp"
#include "mogul/output_file.hpp"
#include "print/model_output.hpp"

namespace mogul::cli {

namespace {

constexpr std::chrono::seconds kPause{10};  // between two writings

// The first field in which the settings differ, but for what tells fits of a table apart; empty where none does.
std::string different_field(const FitSettings& a, const FitSettings& b) {
  std::string found;
  visit_fields(a, [&]<class Value>(const auto& field, const Value& value) {
    visit_fields(b, [&]<class Other>(const auto& other, const Other& other_value) {
      if constexpr (std::is_same_v<Value, Other>) {
        if (found.empty() && field.name == other.name && !(value == other_value)) found = field.name;
      }
    });
  });
  return found;
}

}  // namespace

SelectRecord::SelectRecord(std::string path, const SelectOptions& options, std::vector<std::string> feature_names)
    : path_(std::move(path)),
      options_(options),
      feature_names_(std::move(feature_names)),
      written_(std::chrono::steady_clock::now()) {
  if (!path_.empty() && std::filesystem::exists(path_)) read();
}

void SelectRecord::read() {
  const FileContent content = read_file(path_);
  std::string_view left = content.bytes();
  for (std::size_t number = 1; !left.empty(); ++number) {
    const std::size_t end = std::min(left.find('\n'), left.size());
    const std::string line = fmt::format("{}, line {}", path_, number);
    ModelFile model = parse_model(left.substr(0, end), line);
    left.remove_prefix(std::min(end + 1, left.size()));
    check_settings(model, line);
    fits_.push_back(std::move(model));
  }
}

void SelectRecord::check_settings(const ModelFile& model, const std::string& line) const {
  if (!model.settings || !model.report) {
    throw invalid_data(
        fmt::format("{}: a model that was not fitted; --resume takes a file that it wrote itself", line));
  }
  if (model.feature_names != feature_names_) {
    throw invalid_data(
        fmt::format("{}: a fit of other columns; choose the same columns, or another file for --resume", line));
  }
  const SelectionCell cell{.n_components = model.mixture.n_components(), .covariance = model.mixture.family()};
  const std::string field = different_field(*model.settings, settings_of(cell));
  if (field.empty()) return;
  throw invalid_data(fmt::format(
      "{}: the fit was made with another {}; give the same flags, or another file for --resume", line, field));
}

std::vector<KnownFit> SelectRecord::known() const {
  std::vector<KnownFit> known;
  for (const ModelFile& fit : fits_) known.push_back({fit.mixture, *fit.report});
  return known;
}

void SelectRecord::add(const SelectionCell& cell) {
  if (path_.empty() || !cell.fit) return;
  const auto same = std::ranges::find_if(fits_, [&](const ModelFile& fit) {
    return fit.mixture.n_components() == cell.n_components && fit.mixture.family() == cell.covariance;
  });
  if (same != fits_.end()) fits_.erase(same);
  fits_.push_back(model_of(cell));
  if (std::chrono::steady_clock::now() - written_ > kPause) write();
}

void SelectRecord::write() {
  if (path_.empty()) return;
  OutputFile file(path_);
  for (const ModelFile& fit : fits_) file.stream() << json_line(model_json(fit));
  file.commit();
  written_ = std::chrono::steady_clock::now();
}

FitSettings SelectRecord::settings_of(const SelectionCell& cell) const {
  FitOptions options = options_.fit;
  options.n_components = cell.n_components;
  options.covariance = cell.covariance;
  options.init = options_.init.value_or(InitMethod::hierarchical);
  FitSettings settings = mogul::settings_of(options);
  settings.search = options_.search;
  return settings;
}

ModelFile SelectRecord::model_of(const SelectionCell& cell) const {
  return {cell.fit->mixture, feature_names_, settings_of(cell), cell.fit->report};
}

}  // namespace mogul::cli
