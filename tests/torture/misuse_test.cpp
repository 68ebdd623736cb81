// Every wrong call that the issue lists, through the library's own doors: one line each that names the place, the value
// and the rule. The same through the command line: tests/cli.
#include <cmath>
#include <limits>
#include <string>

#include <gtest/gtest.h>

#include "mogul/mogul.hpp"
#include "torture/messages.hpp"

namespace {

using mogul::CovarianceFamily;
using mogul::DataView;
using mogul::FitOptions;
using mogul::invalid_argument;
using mogul::invalid_data;
using mogul::Matrix;
using mogul::Mixture;
using torture::expect_message;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();
const std::vector<std::string> kNames = {"length", "width"};

Mixture unit_model() { return Mixture(mogul::families::full, {1}, Matrix(1, 2, {0, 0}), {1, 0, 0, 1}); }

// Everything that looks at rows refuses them in the same words.
void expect_everywhere(const DataView& view, std::initializer_list<std::string_view> words) {
  const DataView data = view.with_names(kNames);
  const Mixture model = unit_model();
  const Matrix r(data.rows(), 1, std::vector<double>(data.rows(), 1));
  const std::vector<std::int32_t> z(data.rows(), 0);
  FitOptions from_model;
  from_model.init = model;
  expect_message<invalid_data>([&] { fit(data, FitOptions{}); }, words);
  expect_message<invalid_data>([&] { fit(data, from_model); }, words);
  expect_message<invalid_data>([&] { component_log_densities(model, data); }, words);
  expect_message<invalid_data>([&] { log_joint(model, data); }, words);
  expect_message<invalid_data>([&] { log_densities(model, data); }, words);
  expect_message<invalid_data>([&] { log_likelihood(model, data); }, words);
  expect_message<invalid_data>([&] { responsibilities(model, data); }, words);
  expect_message<invalid_data>([&] { labels(model, data); }, words);
  expect_message<invalid_data>([&] { squared_mahalanobis(model, data); }, words);
  expect_message<invalid_data>([&] { complete_log_likelihood(model, data, z); }, words);
  expect_message<invalid_data>([&] { expected_complete_log_likelihood(model, data, r.view()); }, words);
  expect_message<invalid_data>([&] { expected_complete_log_likelihood(model, data); }, words);
  expect_message<invalid_data>([&] { entropy(model, data); }, words);
  expect_message<invalid_data>([&] { evaluate(model, data); }, words);
  expect_message<invalid_data>([&] { accumulate(model, data); }, words);
  expect_message<invalid_data>([&] { maximise(model, data, r.view(), {}); }, words);
}

TEST(Misuse, NaNIsNamedByRowAndColumn) {
  expect_everywhere(Matrix(3, 2, {1, 2, 3, kNaN, 5, 6}), {"row 2", "width", "nan", "finite"});
}

TEST(Misuse, InfinityIsNamedByRowAndColumn) {
  expect_everywhere(Matrix(3, 2, {1, 2, 3, 4, -kInfinity, 6}), {"row 3", "length", "-inf", "finite"});
}

TEST(Misuse, NaNInFloatRowsIsNamedByRowAndColumn) {
  const mogul::FloatMatrix x(2, 2, {1, 2, std::numeric_limits<float>::quiet_NaN(), 4});
  expect_everywhere(x, {"row 2", "length", "nan", "finite"});
}

TEST(Misuse, NaNInColumnsIsNamedByRowAndColumn) {
  const std::vector<double> length = {1, 2, kNaN}, width = {3, kInfinity, 4};
  const std::vector<const double*> columns = {length.data(), width.data()};
  expect_everywhere(mogul::ColumnsView<const double>(columns, 3), {"row 2", "width", "inf", "finite"});
}

TEST(Misuse, NaNInConvertedValuesIsNamedByRowAndColumn) {
  const std::vector<double> length = {1, 2, 3}, width = {3, 1, kNaN};
  const auto column = [](const std::vector<double>& values) {
    return mogul::ConvertedView::Column{reinterpret_cast<const std::byte*>(values.data()), sizeof(double),
                                        [](const std::byte* p) { return *reinterpret_cast<const double*>(p); }};
  };
  const std::vector<mogul::ConvertedView::Column> columns = {column(length), column(width)};
  expect_everywhere(mogul::ConvertedView(columns, 3), {"row 3", "width", "nan", "finite"});
}

// In the middle of many blocks and threads the first bad value is still the one that is named.
TEST(Misuse, TheFirstOfManyBadValuesIsNamed) {
  Matrix x(100000, 2);
  for (const std::size_t row : {99999u, 70001u, 50002u}) x(row, 1) = kNaN;
  for (const unsigned n_threads : {1u, 2u, 7u}) {
    FitOptions options;
    options.n_threads = n_threads;
    expect_message<invalid_data>([&] { fit(DataView(x).with_names(kNames), options); }, {"row 50003", "width"});
  }
}

TEST(Misuse, BadWeightsAreNamedByRow) {
  const Matrix x(3, 2, {1, 2, 3, 4, 5, 7});
  const std::vector<double> negative = {1, -0.5, 1}, nan = {1, 1, kNaN}, infinite = {kInfinity, 1, 1}, zero(3, 0);
  expect_everywhere(DataView(x, negative), {"row 2", "weight", "-0.5", ">= 0"});
  expect_everywhere(DataView(x, nan), {"row 3", "weight", "nan", "finite"});
  expect_everywhere(DataView(x, infinite), {"row 1", "weight", "inf", "finite"});
  expect_everywhere(DataView(x, zero), {"weights", "zero", "positive"});
}

TEST(Misuse, WrongShapesAreRefused) {
  const Matrix x(3, 2, {1, 2, 3, 4, 5, 7});
  const std::vector<double> two(2, 1);
  const std::vector<std::string> three = {"a", "b", "c"};
  expect_message<invalid_argument>([&] { DataView(x, two); }, {"2", "3", "weights"});
  expect_message<invalid_argument>([&] { DataView(x).with_names(three); }, {"3", "2", "names"});
  EXPECT_THROW(DataView(Matrix(0, 2)), invalid_argument);
  EXPECT_THROW(DataView(Matrix(2, 0)), invalid_argument);
  EXPECT_THROW(mogul::Dataset(Matrix(3, 2), {"only one"}), invalid_argument);
  EXPECT_THROW(mogul::Dataset(Matrix(3, 2), {}, {1, 2}), invalid_argument);
  EXPECT_THROW(Matrix(2, 2, {1, 2, 3}), invalid_argument);
  EXPECT_THROW(mogul::MatrixView<const double>(x.data(), 3, 2, 1), invalid_argument);
  EXPECT_THROW(mogul::MatrixView<const double>(nullptr, 3, 2), invalid_argument);
  const std::vector<const double*> columns = {x.data(), nullptr};
  using Columns = mogul::ColumnsView<const double>;
  expect_message<invalid_argument>([&] { Columns(columns, 3); }, {"columns[1]", "null"});
  const std::vector<mogul::ConvertedView::Column> converted = {{nullptr, 8, nullptr}};
  expect_message<invalid_argument>([&] { mogul::ConvertedView(converted, 3); }, {"columns[0]", "null"});
  EXPECT_THROW(DataView(Columns(columns, 0)), invalid_argument);
  EXPECT_THROW(DataView(Columns({}, 3)), invalid_argument);
  EXPECT_THROW(DataView(Columns({columns.data(), 1}, 3), two), invalid_argument);
}

TEST(Misuse, AModelOfOtherFeaturesIsRefusedEverywhere) {
  const Matrix x(2, 3, {1, 2, 3, 4, 5, 6});
  const Mixture model = unit_model();
  const Matrix r(2, 1, {1, 1});
  const std::vector<std::int32_t> z(2, 0);
  const auto refused = [](const auto& call) { expect_message<invalid_argument>(call, {"2", "3", "features"}); };
  refused([&] { component_log_densities(model, x); });
  refused([&] { log_joint(model, x); });
  refused([&] { log_densities(model, x); });
  refused([&] { log_likelihood(model, x); });
  refused([&] { responsibilities(model, x); });
  refused([&] { labels(model, x); });
  refused([&] { squared_mahalanobis(model, x); });
  refused([&] { complete_log_likelihood(model, x, z); });
  refused([&] { expected_complete_log_likelihood(model, x, r.view()); });
  refused([&] { expected_complete_log_likelihood(model, x); });
  refused([&] { entropy(model, x); });
  refused([&] { evaluate(model, x); });
  refused([&] { accumulate(model, x); });
  refused([&] { maximise(model, x, r.view(), {}); });
  FitOptions options;
  options.init = model;
  refused([&] { fit(x, options); });
}

TEST(Misuse, LabelsAndResponsibilitiesThatBreakTheirRulesAreNamed) {
  const Matrix x(3, 2, {1, 2, 3, 4, 5, 7});
  const auto with = [&](mogul::Init init, std::initializer_list<std::string_view> words) {
    FitOptions options;
    options.n_components = 2;
    options.init = std::move(init);
    expect_message<invalid_argument>([&] { fit(x, options); }, words);
  };
  with(mogul::Labels{{0, 1}}, {"labels", "2", "3"});
  with(mogul::Labels{{0, 1, 2}}, {"labels[2]", "2", "0..1"});
  with(mogul::Labels{{0, -1, 1}}, {"labels[1]", "-1", "0..1"});
  with(mogul::Responsibilities{Matrix(2, 2, {1, 0, 0, 1})}, {"responsibilities", "2", "3"});
  with(mogul::Responsibilities{Matrix(3, 3, {1, 0, 0, 1, 0, 0, 1, 0, 0})},
       {"responsibilities", "n_components = 2", "3"});
  with(mogul::Responsibilities{Matrix(3, 2, {1, 0, 0.5, 0.6, 0, 1})}, {"responsibilities[1]", "1.1", "must sum to 1"});
  with(mogul::Responsibilities{Matrix(3, 2, {1, 0, 0, 1, -1, 2})}, {"responsibilities[2][0]", "-1", ">= 0"});
  with(mogul::Responsibilities{Matrix(3, 2, {1, 0, kNaN, 1, 1, 0})}, {"responsibilities[1][0]", "nan", ">= 0"});
  const std::vector<std::int32_t> outside = {0, 0, 1};
  expect_message<invalid_argument>([&] { complete_log_likelihood(unit_model(), x, outside); }, {"z[2]", "1", "0..0"});
  const std::vector<std::int32_t> one = {0};
  expect_message<invalid_argument>([&] { complete_log_likelihood(unit_model(), x, one); }, {"z", "1", "3"});
}

TEST(Misuse, OptionsThatBreakTheirRulesAreNamed) {
  const Matrix x(3, 2, {1, 2, 3, 4, 5, 7});
  const auto with = [&](auto change, std::initializer_list<std::string_view> words) {
    FitOptions options;
    change(options);
    expect_message<invalid_argument>([&] { check(options); }, words);
    expect_message<invalid_argument>([&] { fit(x, options); }, words);
  };
  with([](FitOptions& o) { o.n_components = 0; }, {"n_components = 0", ">= 1"});
  with([](FitOptions& o) { o.n_init = 0; }, {"n_init = 0", ">= 1"});
  with([](FitOptions& o) { o.tol = -1; }, {"tol = -1", ">= 0"});
  with([](FitOptions& o) { o.tol = kNaN; }, {"tol = nan", ">= 0"});
  with([](FitOptions& o) { o.reg_covar = -1e-9; }, {"reg_covar = -1e-09"});
  with([](FitOptions& o) { o.reg_covar = kInfinity; }, {"reg_covar = inf"});
  with([](FitOptions& o) { o.n_components = 2, o.init = unit_model(); }, {"n_components = 2", "1"});
}

TEST(Misuse, AMixtureThatIsNotOneIsNamed) {
  const auto refused = [](CovarianceFamily structure, std::vector<double> weights, Matrix means,
                          std::vector<double> covariances, std::initializer_list<std::string_view> words) {
    expect_message<invalid_argument>([&] { Mixture(structure, weights, means, covariances); }, words);
  };
  // Elements are named by their index, [component] first; covariances by their component.
  const Matrix means(2, 2, {0, 0, 1, 1});
  using mogul::families::diagonal, mogul::families::full;
  refused(diagonal, {0.5, 0.6}, means, {1, 1, 1, 1}, {"weights", "1.1", "1"});
  refused(diagonal, {-0.5, 1.5}, means, {1, 1, 1, 1}, {"weights[0]", "-0.5", "[0, 1]"});
  refused(diagonal, {kNaN, 1}, means, {1, 1, 1, 1}, {"weights[0]", "nan"});
  refused(diagonal, {1}, means, {1, 1, 1, 1}, {"weights", "1", "2"});
  refused(diagonal, {0.5, 0.5}, Matrix(2, 2, {0, kNaN, 0, 0}), {1, 1, 1, 1}, {"means[0][1]", "nan", "finite"});
  refused(diagonal, {0.5, 0.5}, means, {1, 1, 1}, {"covariances", "3", "4"});
  refused(diagonal, {0.5, 0.5}, means, {1, 1, 1, -2}, {"component 1", "-2"});
  refused(diagonal, {0.5, 0.5}, means, {1, 0, 1, 1}, {"component 0", "0"});
  refused(full, {0.5, 0.5}, means, {1, 0, 0, 1, 1, 0.5, 0.4, 1}, {"component 1", "symmetric"});
  refused(full, {0.5, 0.5}, means, {1, 0, 0, 1, 1, 2, 2, 1}, {"component 1", "positive definite"});
  refused(full, {}, Matrix(0, 2), {}, {"component"});
}

TEST(Misuse, MarginalsAndPermutationsNeedTheRightIndices) {
  const Mixture model(mogul::families::spherical, {0.5, 0.5}, Matrix(2, 3), {1, 1});
  using Indices = std::vector<std::size_t>;
  for (const Indices& features : {Indices{}, Indices{3}, Indices{0, 0}}) {
    EXPECT_THROW(model.marginal(features), invalid_argument);
  }
  for (const Indices& order : {Indices{}, Indices{0}, Indices{0, 0}, Indices{0, 2}, Indices{0, 1, 0}}) {
    EXPECT_THROW(model.permuted(order), invalid_argument);
  }
}

TEST(Misuse, BadTextIsNamedByFileLineAndColumn) {
  const auto refused = [](std::string_view bytes, std::initializer_list<std::string_view> words,
                          mogul::ReadOptions options = {}) {
    expect_message<invalid_data>([&] { mogul::parse_dataset(bytes, "data.csv", options); }, words);
  };
  refused("a,b\n1,2\n3\n", {"data.csv", "line 3", "1", "2"});
  refused("a,b\n1,2\n3,4,5\n", {"data.csv", "line 3", "3", "2"});
  refused("a,b\n1,2\n3,four\n", {"data.csv", "line 3", "b", "four", "number"});
  refused("a,b\n1,2\n3,nan\n", {"data.csv", "line 3", "b", "nan"});
  refused("a,b\n1,2\ninf,4\n", {"data.csv", "line 3", "a", "inf"});
  refused("", {"data.csv", "no data"});
  refused("a,b\n", {"data.csv", "row"});
  mogul::ReadOptions weighted;
  weighted.weights = "w";
  expect_message<invalid_argument>([&] { mogul::parse_dataset("a,b\n1,2\n", "data.csv", weighted); },
                                   {"data.csv", "w", "column"});
  refused("a,w\n1,2\n3,-4\n", {"data.csv", "line 3", "w", "-4"}, weighted);
}

TEST(Misuse, ATruncatedNpyFileIsNamed) {
  const std::string header = "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 2), }";
  std::string bytes = std::string("\x93NUMPY\x01\x00", 8) + std::string("\x76\x00", 2) + header;
  bytes += std::string(0x76 - header.size() - 1, ' ') + '\n';
  EXPECT_EQ(mogul::parse_dataset(bytes + std::string(32, '\0'), "x.npy").rows(), 2u);
  for (const std::size_t n : {0u, 8u, 31u}) {
    expect_message<invalid_data>([&] { mogul::parse_dataset(bytes + std::string(n, '\0'), "x.npy"); },
                                 {"x.npy", "truncated", "(2, 2)", std::to_string(n)});
  }
  for (const std::size_t n : {7u, 9u, 40u}) {
    expect_message<invalid_data>([&] { mogul::parse_dataset(bytes.substr(0, n), "x.npy"); }, {"x.npy"});
  }
}

TEST(Misuse, ABadModelFileIsNamed) {
  const Mixture model(mogul::families::full, {0.5, 0.5}, Matrix(2, 2, {0, 0, 8, 8}), {1, 0, 0, 1, 3, 0, 0, 3});
  const std::string good = model_json(mogul::ModelFile{model, {"a", "b"}});
  EXPECT_TRUE(mogul::parse_model(good, "model.json").mixture == model);
  // Replaces what follows "field": up to the next field.
  const auto with = [&](const std::string& field, const std::string& value) {
    const std::size_t begin = good.find('"' + field + '"');
    EXPECT_NE(begin, std::string::npos);
    std::size_t end = good.find(':', begin) + 1;
    int depth = 0;
    while (depth > 0 || (good[end] != ',' && good[end] != '}' && good[end] != '\n')) {
      depth += good[end] == '[' || good[end] == '{';
      depth -= good[end] == ']' || good[end] == '}';
      ++end;
    }
    return good.substr(0, begin) + '"' + field + "\": " + value + good.substr(end);
  };
  const auto refused = [](const std::string& json, std::initializer_list<std::string_view> words) {
    expect_message<invalid_data>([&] { mogul::parse_model(json, "model.json"); }, words);
  };
  refused(with("covariances", "[[[1, 2], [2, 1]], [[3, 0], [0, 3]]]"),
          {"model.json", "component 0", "positive definite"});
  refused(with("covariances", "[[[1, 0], [0, 1]]]"), {"model.json", "covariances", "2"});
  refused(with("weights", "[0.5, 0.25, 0.25]"), {"model.json", "weights"});
  refused(with("weights", "[0.5, \"half\"]"), {"model.json", "weights", "number"});
  refused(with("means", "[[0, 0], [8]]"), {"model.json", "means"});
  refused(with("schema", "\"mogul-model/99\""), {"model.json", "schema", "mogul-model/99", "mogul-model/1"});
  refused(good.substr(0, good.size() / 2), {"model.json"});
  refused("", {"model.json"});
}

}  // namespace
