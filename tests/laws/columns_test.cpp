// Rows that lie column by column in memory give the bytes of the same rows row by row: statistics, fits, everything
// that is told of a model and rows. Enough rows for many blocks, and for sums in float lanes where the rows are float.
#include <gtest/gtest.h>

#include "laws/bytes.hpp"
#include "mogul/fit.hpp"
#include "mogul/score.hpp"
#include "mogul/stats.hpp"
#include "reference/generators.hpp"

namespace {

using laws::bytes_of;
using mogul::CovarianceFamily;
using mogul::DataView;
using mogul::FitOptions;
using mogul::Mixture;
using oracle::Problem;
using oracle::RowWeights;
using oracle::Shape;

class Columns : public testing::TestWithParam<CovarianceFamily> {};

// Calls check(rows, columns, model, n_threads) with two views of the same values, of either type, with and without
// weights.
template <class Check>
void for_each_pair(CovarianceFamily structure, const Check& check) {
  for (const bool float32 : {false, true}) {
    for (const RowWeights weights : {RowWeights::none, RowWeights::some_zero}) {
      Shape shape{.n = 20011, .d = 9, .k = 6, .structure = structure, .weights = weights, .float32 = float32};
      shape.padding = 1;
      shape.offset = 100;
      const Problem rows(shape);
      shape.columns = true;
      const Problem columns(shape);
      SCOPED_TRACE(testing::Message() << shape);
      for (const unsigned n_threads : {1U, 2U}) check(rows.view(), columns.view(), rows.model(), n_threads);
    }
  }
}

TEST_P(Columns, StatisticsAreThoseOfRows) {
  for_each_pair(GetParam(), [](const DataView& rows, const DataView& columns, const Mixture& model, unsigned n) {
    EXPECT_TRUE(bytes_of(accumulate(model, columns, n)) == bytes_of(accumulate(model, rows, n)));
  });
}

TEST_P(Columns, FitsAreThoseOfRows) {
  for_each_pair(GetParam(), [](const DataView& rows, const DataView& columns, const Mixture& model, unsigned n) {
    FitOptions options;
    options.n_components = model.n_components();
    options.covariance = model.family();
    options.n_init = 2;
    options.max_iter = 4;
    options.n_threads = n;
    EXPECT_TRUE(bytes_of(fit(columns, options)) == bytes_of(fit(rows, options)));
  });
}

TEST_P(Columns, ScoresAndLabelsAreThoseOfRows) {
  for_each_pair(GetParam(), [](const DataView& rows, const DataView& columns, const Mixture& model, unsigned n) {
    const auto z = labels(model, rows, n);
    EXPECT_EQ(labels(model, columns, n), z);
    const auto everything = [&](const DataView& data) {
      laws::Bytes bytes = bytes_of(log_densities(model, data, n));
      laws::append(bytes, component_log_densities(model, data, n).values());
      laws::append(bytes, log_joint(model, data, n).values());
      laws::append(bytes, responsibilities(model, data, n).values());
      laws::append(bytes, squared_mahalanobis(model, data, n).values());
      const mogul::Evaluation e = evaluate(model, data, n);
      const double sums[] = {log_likelihood(model, data, n),
                             entropy(model, data, n),
                             complete_log_likelihood(model, data, z, n),
                             expected_complete_log_likelihood(model, data, n),
                             e.log_likelihood,
                             e.icl};
      laws::append(bytes, sums);
      return bytes;
    };
    EXPECT_TRUE(everything(columns) == everything(rows));
  });
}

TEST_P(Columns, AnMStepIsThatOfRows) {
  for_each_pair(GetParam(), [](const DataView& rows, const DataView& columns, const Mixture& model, unsigned n) {
    const mogul::Matrix r = responsibilities(model, rows, n);
    mogul::MStepOptions options;
    options.covariance = model.family();
    EXPECT_TRUE(maximise(model, columns, r.view(), options, n) == maximise(model, rows, r.view(), options, n));
  });
}

// Whole numbers of 16 bits, in rows that lie backwards.
TEST(ConvertedView, OfWholeNumbersGivesTheBytesOfDoubles) {
  constexpr std::size_t kRows = 5000, kCols = 3;
  std::vector<std::int16_t> values(kRows * kCols);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<std::int16_t>(i * 7919 % 4001);
  mogul::Matrix doubles(kRows, kCols);
  for (std::size_t i = 0; i < kRows; ++i) {
    for (std::size_t j = 0; j < kCols; ++j) doubles(i, j) = values[(kRows - 1 - i) * kCols + j];
  }
  std::vector<mogul::ConvertedView::Column> columns;
  for (std::size_t j = 0; j < kCols; ++j) {
    const auto* first = reinterpret_cast<const std::byte*>(&values[(kRows - 1) * kCols + j]);
    const auto read = [](const std::byte* p) { return static_cast<double>(*reinterpret_cast<const std::int16_t*>(p)); };
    columns.push_back({first, -static_cast<std::ptrdiff_t>(kCols * sizeof(std::int16_t)), read});
  }
  const DataView converted = mogul::ConvertedView(columns, kRows);
  FitOptions options{.n_components = 3, .max_iter = 5};
  const mogul::FitResult expected = fit(doubles, options);
  EXPECT_TRUE(bytes_of(fit(converted, options)) == bytes_of(expected));
  EXPECT_EQ(log_densities(expected.mixture, converted), log_densities(expected.mixture, doubles));
}

INSTANTIATE_TEST_SUITE_P(Structures, Columns,
                         testing::Values(mogul::families::full, mogul::families::tied, mogul::families::diagonal,
                                         mogul::families::tied_diagonal, mogul::families::spherical,
                                         mogul::families::tied_spherical),
                         [](const auto& parameter) { return std::string(to_string(parameter.param)); });

}  // namespace
