// Any rows, parameters and names give a picture without a bad number or foreign markup, or a sentence.
#include <cmath>
#include <limits>

#include "message_of.hpp"
#include "mogul/error.hpp"
#include "mogul/plot.hpp"
#include "mogul/sample.hpp"
#include "report/mixtures.hpp"
#include "report/svg_reader.hpp"

namespace mogul {
namespace {

using test::Element;
using test::message_of;

void expect_good(const Mixture* mixture, const DataView* data, const std::vector<std::string>& names = {},
                 PlotOptions options = {}) {
  const std::string svg = plot_svg(mixture, data, names, options);
  EXPECT_LT(svg.size(), 2000000u);
  EXPECT_NO_THROW(test::check_numbers(test::read_xml(svg)));
}

// Every kind that goes with what is given.
void expect_all_kinds_good(const Mixture* mixture, const DataView* data) {
  const std::size_t d = mixture != nullptr ? mixture->n_features() : data->cols();
  for (const auto& [kind, name] : plot_kinds()) {
    SCOPED_TRACE(name);
    PlotOptions options;
    options.kind = kind;
    if (kind == PlotKind::pairs && d < 2) continue;
    if (kind == PlotKind::ellipses && d < 2) continue;
    if (data == nullptr && (kind == PlotKind::rows || (kind == PlotKind::uncertainty && d > 1))) continue;
    if (mixture == nullptr && kind != PlotKind::rows && kind != PlotKind::pairs) continue;
    expect_good(mixture, data, {}, options);
  }
}

TEST(Plot, OfEveryStructureKindAndNumberOfFeaturesIsWellFormed) {
  for (const CovarianceFamily structure : test::all_structures()) {
    for (const std::size_t d : {1, 2, 4, 12}) {
      for (const std::size_t k : {1, 3}) {
        SCOPED_TRACE(fmt::format("{} D = {} K = {}", to_string(structure), d, k));
        const Mixture mixture = test::of_structure(structure, k, d);
        const Matrix x = sample(mixture, 40, 3).x;
        const DataView data(x);
        expect_all_kinds_good(&mixture, nullptr);
        expect_all_kinds_good(&mixture, &data);
      }
    }
  }
}

TEST(Plot, OfExtremeValuesHasNoBadNumber) {
  const std::vector<std::vector<double>> columns{{5, 5, 5, 5},           {1e100, 1e100, 1e100, 1e100},
                                                 {-1e100, 1e100, 0, 1},  {0, 0, 0, 0},
                                                 {1e-300, 2e-300, 0, 0}, {1e8, std::nextafter(1e8, 2e8), 1e8, 1e8},
                                                 {5e-324, 0, 0, 0},      {0, 1, 2, 1e100}};
  for (const std::vector<double>& a : columns) {
    const Matrix line(4, 1, a);
    const DataView rows(line);
    expect_all_kinds_good(nullptr, &rows);
    for (const std::vector<double>& b : columns) {
      Matrix plane(4, 2);
      for (std::size_t i = 0; i < 4; ++i) {
        plane(i, 0) = a[i];
        plane(i, 1) = b[i];
      }
      const DataView data(plane);
      expect_all_kinds_good(nullptr, &data);
    }
  }
  const Matrix one(1, 3, {1, 2, 3});
  const DataView row(one);
  expect_all_kinds_good(nullptr, &row);
}

TEST(Plot, OfExtremeParametersHasNoBadNumber) {
  for (const double mean : {0.0, 5.0, 1e90, -1e-200}) {
    for (const double variance : {1e-300, 1e-30, 1.0, 1e30, 1e190}) {
      SCOPED_TRACE(fmt::format("mean {} variance {}", mean, variance));
      const Mixture line(families::full, {0.5, 0.5}, Matrix(2, 1, {mean, 1}), {variance, 1});
      expect_all_kinds_good(&line, nullptr);
      const Mixture plane(families::spherical, {0.5, 0.5}, Matrix(2, 2, {mean, 1, 0, 0}), {variance, 1});
      expect_all_kinds_good(&plane, nullptr);
      const Matrix x(3, 2, {0, 0, 1, mean, mean, 3});
      const DataView data(x);
      expect_all_kinds_good(&plane, &data);
    }
  }
}

TEST(Plot, OfComponentsWithoutWeightLeavesThemOut) {
  const Mixture plane(families::spherical, {0, 1}, Matrix(2, 2, {1e90, -1e90, 0, 0}), {1e-12, 1});
  expect_all_kinds_good(&plane, nullptr);
  const Element svg = test::read_xml(plot_svg(&plane, nullptr, {}, {}));
  EXPECT_EQ(with_class(svg, "ellipse").size(), 3u) << "of component 1 alone";
  const Mixture line = test::uneven_line();
  expect_all_kinds_good(&line, nullptr);
}

TEST(Plot, OfManyComponentsIsWellFormed) {
  for (const std::size_t d : {1, 2, 3}) {
    const Mixture mixture = test::of_structure(families::full, 30, d);
    expect_all_kinds_good(&mixture, nullptr);
  }
}

TEST(Plot, OfHostileNamesIsTextAndNothingElse) {
  const Mixture mixture = test::of_structure(families::full, 2, 3);
  const Matrix x = sample(mixture, 40, 3).x;
  const DataView data(x);
  const std::vector<std::string> names{"<script>alert(1)</script>", "\"'&]]><!--\xFF\x01", std::string(10000, 'x')};
  PlotOptions options;
  options.title = "</text><script>x</script>\n\"";
  expect_good(&mixture, &data, names, options);
  const std::string svg = plot_svg(&mixture, &data, names, options);
  EXPECT_EQ(svg.find("<script"), std::string::npos);
  EXPECT_LT(svg.size(), 200000u) << "long names are cut";
  const Element root = test::read_xml(svg);
  EXPECT_EQ(with_class(root, "title").at(0)->text, options.title);
  EXPECT_EQ(with_class(root, "name").at(0)->text, names[0]);
  EXPECT_EQ(with_class(root, "name").at(1)->text, "\"'&]]><!--\xEF\xBF\xBD\xEF\xBF\xBD");
  const std::string page = picture_page(svg, options.title);
  EXPECT_EQ(page.find("<script"), std::string::npos);
}

RC_GTEST_PROP(Plot, OfAnyRowsIsWellFormed, ()) {
  const auto n = *rc::gen::inRange<std::size_t>(1, 12);
  const auto d = *rc::gen::inRange<std::size_t>(1, 4);
  Matrix x(n, d);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < d; ++j) x(i, j) = *rc::gen::inRange(-5, 5) * std::pow(10, *rc::gen::inRange(-300, 99));
  }
  std::vector<double> weights;
  for (std::size_t i = 0; i < n; ++i) weights.push_back(i == 0 ? 1 : *rc::gen::inRange(0, 3));
  const DataView data(x, weights);
  const std::string svg = plot_svg(nullptr, &data, {}, {});
  test::check_numbers(test::read_xml(svg));
}

TEST(Plot, RefusesRowsThatAreNotFinite) {
  const Matrix x(2, 1, {0, std::numeric_limits<double>::quiet_NaN()});
  const DataView data(x);
  const std::string message = message_of<invalid_data>([&] { plot_svg(nullptr, &data, {}, {}); });
  EXPECT_NE(message.find("row"), std::string::npos) << message;
}

TEST(Plot, RefusesWhatDoesNotGoTogether) {
  const Mixture plane = test::uneven_plane();
  const Mixture line = test::uneven_line();
  const Matrix x(2, 2, {0, 1, 2, 3});
  const DataView data(x);
  const auto refused = [](const Mixture* mixture, const DataView* rows, const PlotOptions& options) {
    return message_of<invalid_argument>([&] { plot_svg(mixture, rows, {}, options); });
  };
  const auto of_kind = [](PlotKind kind) {
    PlotOptions options;
    options.kind = kind;
    return options;
  };
  EXPECT_EQ(refused(nullptr, nullptr, {}), "plot: there is neither a mixture nor rows");
  EXPECT_EQ(refused(&line, &data, {}), "data has 2 columns, but the mixture has 1 features");
  EXPECT_EQ(refused(nullptr, &data, of_kind(PlotKind::contour)),
            "kind = contour needs a model (rows alone have the kinds rows and pairs)");
  EXPECT_EQ(refused(&plane, nullptr, of_kind(PlotKind::rows)),
            "kind = rows needs rows (a model alone has none to show)");
  const Mixture four = test::of_structure(families::full, 2, 4);
  for (const Mixture* mixture : {&plane, &four}) {
    EXPECT_EQ(refused(mixture, nullptr, of_kind(PlotKind::uncertainty)),
              "kind = uncertainty needs rows, whose uncertainty it shows (one feature alone needs none)");
  }
  EXPECT_EQ(refused(&line, nullptr, of_kind(PlotKind::pairs)), "kind = pairs needs two or more features");
  EXPECT_EQ(refused(&line, nullptr, of_kind(PlotKind::ellipses)),
            "kind = ellipses needs two or more features (one feature has the kind components)");
  const Matrix column(2, 1, {0, 1});
  const DataView one_column(column);
  EXPECT_EQ(refused(nullptr, &one_column, of_kind(PlotKind::ellipses)),
            "kind = ellipses needs a model (rows alone have the kinds rows and pairs); it also needs two or more "
            "features (one feature has the kind components)")
      << "both at once";
  const std::vector<std::string> one_name{"a"};
  EXPECT_EQ(message_of<invalid_argument>([&] { plot_svg(&plane, nullptr, one_name, {}); }),
            "1 feature names for 2 features; must have one per feature");
  PlotOptions pca;
  pca.principal_axes = true;
  EXPECT_EQ(refused(nullptr, &data, pca), "projection = pca needs a model, whose covariance it takes");
  pca.features = {"x1"};
  EXPECT_EQ(refused(&plane, nullptr, pca), "projection = pca needs 2 to 2000 features, and there are 1");
}

TEST(Plot, ShortensLongNamesInErrors) {
  const Mixture mixture = test::of_structure(families::full, 2, 3);
  const std::vector<std::string> names(3, std::string(10000, 'n'));
  PlotOptions options;
  options.features = {std::string(10000, 'm')};
  const std::string message = message_of<invalid_argument>([&] { plot_svg(&mixture, nullptr, names, options); });
  EXPECT_LT(message.size(), 300u) << message;
  const Matrix x(1, 3, {0, 1, std::numeric_limits<double>::quiet_NaN()});
  const DataView data = DataView(x).with_names(names);
  EXPECT_LT(message_of<invalid_data>([&] { plot_svg(nullptr, &data, names, {}); }).size(), 300u);
}

TEST(Plot, RefusesFeaturesAndMassesThatThereAreNot) {
  const Mixture mixture = test::of_structure(families::full, 2, 12);
  const auto refused = [&](const std::vector<std::string>& features, const std::vector<double>& masses) {
    PlotOptions options;
    options.features = features;
    options.masses = masses;
    return message_of<invalid_argument>([&] { plot_svg(&mixture, nullptr, {}, options); });
  };
  EXPECT_EQ(refused({"height"}, {0.5}),
            "features: there is no feature 'height'; the features are x1, x2, x3, x4, x5, x6, x7, x8, x9, x10, ...");
  for (const char* position : {"0", "13", "-1", "1.5", "1 ", ""}) {
    EXPECT_NE(refused({position}, {0.5}).find("there is no feature"), std::string::npos) << position;
  }
  EXPECT_EQ(refused({"x1", "1"}, {0.5}), "features: '1' is named twice; each may be shown once");
  EXPECT_EQ(refused({}, {}), "masses is empty; name at least one share above 0");
  for (const double mass : {0.0, 1.0, -0.1, 1.5, 1 - 1e-9, std::numeric_limits<double>::quiet_NaN()}) {
    EXPECT_EQ(refused({}, {0.5, mass}), fmt::format("masses: {}; must be above 0 and at most 0.999999", mass));
  }
  const Mixture wide = test::of_structure(families::tied_spherical, 2, 13);
  PlotOptions all;
  for (std::size_t d = 1; d <= 13; ++d) all.features.push_back(std::to_string(d));
  EXPECT_EQ(message_of<invalid_argument>([&] { plot_svg(&wide, nullptr, {}, all); }),
            "13 features are chosen, but a matrix of panels shows at most 12; choose fewer");
}

}  // namespace
}  // namespace mogul
