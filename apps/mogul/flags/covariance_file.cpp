// A file of covariance matrices, one component's rows after the other's.
#include "flags/covariance_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <string_view>
#include <system_error>
#include <utility>

#include "mogul/error.hpp"
#include "mogul/io.hpp"
#include "print/counted.hpp"
#include "verbs/verbs.hpp"

namespace mogul::cli {

namespace {

// Numbers, nan and inf among them, and damaged ones: a name that begins with a digit is not worth a lost row.
bool looks_like_a_number(std::string_view text) {
  const std::string_view bare = normal_name(text);
  if (bare.find_first_of("+-.0123456789") == 0) return true;
  double value = 0;
  const auto [end, error] = std::from_chars(bare.data(), bare.data() + bare.size(), value);
  return error == std::errc() && end == bare.data() + bare.size();
}

// The detection of headers in rows of data would ask about matrices such as 1,0 above 0,1. A line of a covariance
// matrix has a number in every field, and a line of names in none. Below an empty first name stand the names of the
// rows, as pandas and R write them.
ReadOptions options_for(const FileContent& file, unsigned n_threads) {
  const TextColumns text = parse_text_columns(file.bytes(), file.name, {.header = Header::no});
  const auto n_fields = static_cast<std::ptrdiff_t>(std::min(text.names.size(), text.fields.size()));
  const auto first_line = text.fields.begin();
  ReadOptions options{.header = Header::no, .n_threads = n_threads};
  if (std::any_of(first_line, first_line + n_fields, looks_like_a_number)) return options;
  options.header = Header::yes;
  if (n_fields > 1 && first_line->empty()) options.exclude = {"1"};
  return options;
}

// The reader says with which flag to read rows otherwise, or to delete them; there is neither for matrices.
std::string without_advice(const std::string& message) {
  const std::size_t correct = message.find("; correct it, or delete");
  const std::size_t flag = message.find("(--");
  return message.substr(0, flag == std::string::npos ? correct : message.rfind("; ", flag));
}

// "rows 3 to 4" of component 1 in 2 dimensions.
std::string rows_of(std::size_t component, std::size_t n_features) {
  if (n_features == 1) return fmt::format("row {}", component + 1);
  return fmt::format("rows {} to {}", component * n_features + 1, (component + 1) * n_features);
}

CovarianceFamily family_of(const CovarianceFile& file, std::optional<CovarianceFamily> asked, const MixtureSize& size) {
  const auto [n_components, n_features] = size;
  const std::size_t n_rows = file.rows.rows();
  if (file.rows.cols() != n_features) {
    throw invalid_data(fmt::format("{}: {}; must be {}, the number of features of --means", file.name,
                                   counted(file.rows.cols(), "column"), n_features));
  }
  if (asked && asked->layout != Layout::matrix) {
    throw UsageError(
        fmt::format("--covariances does not go with --covariance {}, which has no matrices; give the "
                    "variances with --variances",
                    to_string(*asked)));
  }
  const bool one_each = !asked || !asked->shared;
  const bool one_for_all = !asked || asked->shared;
  if (n_rows == n_components * n_features && one_each) return asked.value_or(families::full);
  if (n_rows == n_features && one_for_all) return asked.value_or(families::tied);
  const std::string for_all = fmt::format("{} (D), a matrix that all components share", n_features);
  const std::string for_each = fmt::format("{} (K D), the matrices of {} components one after the other",
                                           n_components * n_features, n_components);
  throw invalid_data(fmt::format("{}: {} of {}; must be {}", file.name, counted(n_rows, "row"),
                                 counted(n_features, "number"),
                                 !one_each      ? for_all
                                 : !one_for_all ? for_each
                                                : fmt::format("{}, or {}", for_each, for_all)));
}

// A matrix alone, under the rules of every mixture.
void check_matrix(const CovarianceFile& file, CovarianceFamily family, std::size_t component, std::size_t d) {
  const auto first = file.rows.values().begin() + static_cast<std::ptrdiff_t>(component * d * d);
  const std::vector<double> values(first, first + static_cast<std::ptrdiff_t>(d * d));
  try {
    Mixture(families::tied, {1}, Matrix(1, d), values);
  } catch (const invalid_argument& error) {
    const std::string what = error.what();
    const std::string fault = what.substr(what.find(": ") + 2);  // behind "the shared covariance"
    throw invalid_data(fmt::format("{}: {}, the covariance of {}: {}", file.name, rows_of(component, d),
                                   family.shared ? "all components" : fmt::format("component {}", component), fault));
  }
}

}  // namespace

CovarianceFile read_covariance_file(const std::string& path, unsigned n_threads) {
  std::vector<FileContent> files;
  files.push_back(read_file(path, n_threads));
  const ReadOptions options = options_for(files[0], n_threads);
  try {
    const Dataset rows = parse_datasets(files, options);
    const DataView view = rows.view();
    Matrix values(view.rows(), view.cols());
    for (std::size_t i = 0; i < values.rows(); ++i) {
      for (std::size_t j = 0; j < values.cols(); ++j) values(i, j) = view.value(i, j);
    }
    return {files[0].name, std::move(values),
            options.header == Header::yes ? rows.column_names() : std::vector<std::string>{}};
  } catch (const invalid_data& error) {
    throw invalid_data(without_advice(error.what()));
  }
}

KnownCovariances covariances_from_file(const CovarianceFile& file, std::optional<CovarianceFamily> asked,
                                       const MixtureSize& size) {
  const CovarianceFamily family = family_of(file, asked, size);
  const std::size_t n_matrices = file.rows.rows() / size.n_features;
  for (std::size_t k = 0; k < n_matrices; ++k) check_matrix(file, family, k, size.n_features);
  return {family, file.rows.values()};
}

}  // namespace mogul::cli
