// What the JSON readers refuse, seen through model files: text that is not JSON, and fields that are missing, unknown,
// of the wrong type or of the wrong count. Each message names the file, the place, the value and the rule.
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "io/json_example.hpp"
#include "mogul/io.hpp"
#include "mogul/version.hpp"

namespace mogul {
namespace {

using namespace test;

std::string reading_fails(std::string_view text) {
  return refusal([&] { parse_model(text, "m.json"); });
}

std::string reading_fails(std::string_view from, std::string_view to) {
  return reading_fails(edited(kModelFile, from, to));
}

TEST(Json, AByteOrderMarkAndBlanksAroundAreSkipped) {
  EXPECT_EQ(model_json(parse_model("\xEF\xBB\xBF\r\n " + kModelFile + " \r\n", "m.json")), kModelFile);
}

TEST(JsonRefuses, AnEmptyFile) {
  EXPECT_EQ(reading_fails(""), "m.json: the file is empty");
  EXPECT_EQ(reading_fails(" \n\t\r\n"), "m.json: the file is empty");
}

TEST(JsonRefuses, ATruncatedFileWhereverItEnds) {
  for (std::size_t size = 1; size < kModelFile.rfind('}'); ++size) {
    EXPECT_TRUE(says(reading_fails(kModelFile.substr(0, size)), "m.json: not valid JSON at line ")) << size;
  }
}

TEST(JsonRefuses, ASyntaxErrorWithItsLineAndColumn) {
  EXPECT_TRUE(says(reading_fails("2,\n  \"n_features\"", "2\n  \"n_features\""),
                   "m.json: not valid JSON at line 5, column 14: ", "expected '}'"));
}

TEST(JsonRefuses, NanAndInfinityAsSyntax) {
  EXPECT_TRUE(says(reading_fails("54.5", "NaN"), "m.json: not valid JSON at line 10, column 11: "));
  EXPECT_TRUE(says(reading_fails("54.5", "-Infinity"), "m.json: not valid JSON at line 10, column 12: "));
}

TEST(JsonRefuses, ATableOfNumbers) {
  EXPECT_TRUE(
      says(reading_fails("eruptions,waiting\n3.6,79\n"), "m.json: text that looks like rows, not a model file"));
}

TEST(JsonRefuses, ASecondDocument) {
  EXPECT_TRUE(says(reading_fails(kModelFile + "{}"), "m.json: not valid JSON at line ", "expected end of input"));
}

TEST(JsonRefuses, BytesThatAreNotText) {
  EXPECT_TRUE(says(reading_fails(std::string("\0\x01\xFF\xFE", 4)),
                   "m.json: neither text nor NPY (it begins with the bytes 00 01 ff fe)"));
  EXPECT_TRUE(says(reading_fails("eruptions", "l\xE4nge"), "m.json: not valid JSON at line 6, ", "UTF-8"));
}

TEST(JsonRefuses, ALongTokenInAShortMessage) { EXPECT_LT(reading_fails("\"" + std::string(100000, 'a')).size(), 400u); }

TEST(JsonRefuses, AMillionOpenBrackets) {
  const std::string message = "m.json: nested deeper than 8 levels";
  EXPECT_EQ(reading_fails(std::string(1000000, '[')), message);
  EXPECT_EQ(reading_fails(std::string(1000000, '[') + std::string(1000000, ']')), message);
  std::string objects;
  for (int i = 0; i < 1000000; ++i) objects += "{\"a\":";
  EXPECT_EQ(reading_fails(objects), message);
}

TEST(JsonRefuses, ANumberBeyondDouble) {
  EXPECT_EQ(reading_fails("54.5", "1e999"), "m.json: the number '1e999' is beyond the range of double");
  const std::string message = reading_fails("54.5", std::string(100000, '9'));
  EXPECT_TRUE(says(message, "m.json: the number '9999", "... is beyond the range of double"));
  EXPECT_LT(message.size(), 200u);
}

TEST(JsonRefuses, TwoFieldsOfOneName) {
  EXPECT_EQ(reading_fails("\"n_features\": 2", "\"n_components\": 2"),
            "m.json: two fields \"n_components\"; remove one");
}

TEST(JsonRefuses, ADocumentThatIsNoObject) {
  for (const auto& [text, found] : {std::pair{"[]", "an array"}, {"[null]", "an array"}}) {
    EXPECT_EQ(reading_fails(text), std::string("m.json: the document is ") + found +
                                       "; must be an object with \"schema\": \"mogul-model/1\"");
  }
}

TEST(JsonRefuses, AMissingSchema) { EXPECT_EQ(reading_fails("{}"), "m.json: the field schema is missing"); }

TEST(JsonRefuses, AnotherSchema) {
  EXPECT_EQ(reading_fails(kStatsFile), "m.json: schema = \"mogul-stats/1\"; must be \"mogul-model/1\"");
  for (const char* schema :
       {"mogul-model", "mogul-model/", "mogul-model/0", "mogul-model/01x", "mogul-model/-2", "x"}) {
    EXPECT_EQ(reading_fails("mogul-model/1", schema),
              std::string("m.json: schema = \"") + schema + "\"; must be \"mogul-model/1\"");
  }
}

TEST(JsonRefuses, ANewerSchema) {
  EXPECT_EQ(reading_fails("mogul-model/1", "mogul-model/2"),
            "m.json: schema = \"mogul-model/2\" is newer than this program (mogul " MOGUL_VERSION
            " reads mogul-model/1); update mogul");
  EXPECT_TRUE(says(reading_fails("mogul-model/1", "mogul-model/12345"),
                   "m.json: schema = \"mogul-model/12345\" is newer than this program"));
}

TEST(JsonRefuses, AnyMissingFieldOfTheModel) {
  for (const char* name : {"n_components", "n_features", "covariance", "weights", "means", "covariances"}) {
    nlohmann::json document = nlohmann::json::parse(kModelFile);
    document.erase(name);
    EXPECT_EQ(reading_fails(document.dump()), std::string("m.json: the field ") + name + " is missing");
  }
}

TEST(JsonRefuses, AnyFieldOfAnotherType) {
  const nlohmann::json whole = nlohmann::json::parse(kModelFile);
  for (const auto& [name, value] : whole.items()) {
    nlohmann::json document = whole;
    document[name] = nullptr;
    EXPECT_TRUE(says(reading_fails(document.dump()), "m.json: " + name + " is null; must be a"));
    document[name] = true;
    EXPECT_TRUE(says(reading_fails(document.dump()), "m.json: " + name + " = true; must be a"));
    document[name] = value.is_object() ? nlohmann::json::array() : nlohmann::json::object();
    EXPECT_TRUE(says(reading_fails(document.dump()), "m.json: " + name + " is an ", "; must be a"));
  }
}

TEST(JsonRefuses, AnyFieldOfSettingsAndReportOfAnotherType) {
  const nlohmann::json whole = nlohmann::json::parse(kModelFile);
  for (const std::string part : {"settings", "report"}) {
    for (const auto& [name, value] : whole[part].items()) {
      nlohmann::json document = whole;
      document[part][name] = nullptr;
      EXPECT_TRUE(says(reading_fails(document.dump()), "m.json: " + part + "." + name + " is null; must be "));
    }
  }
}

TEST(JsonRefuses, AnUnknownField) {
  EXPECT_TRUE(says(reading_fails("\"schema\"", "\"comment\": \"mine\",\n\"schema\""),
                   "m.json: unknown field \"comment\"; must be one of schema, mogul_version, n_components"));
}

TEST(JsonRefuses, CountsThatAreNotPositiveIntegers) {
  for (const char* count : {"0", "-1", "2.5", "2.0", "\"2\"", "1e18", "18446744073709551616"}) {
    EXPECT_TRUE(says(reading_fails("\"n_features\": 2", std::string("\"n_features\": ") + count),
                     "m.json: n_features = ", "; must be an integer >= 1"));
  }
  EXPECT_EQ(reading_fails("\"n_rows\": 3", "\"n_rows\": -3"), "m.json: report.n_rows = -3; must be an integer >= 0");
}

TEST(JsonRefuses, CountsThatNoArrayHasWithoutAllocatingThem) {
  EXPECT_EQ(reading_fails("2,\n  \"n_features\"", "1000000000000000000,\n  \"n_features\""),
            "m.json: weights has 2 values; must have n_components = 1000000000000000000");
  EXPECT_EQ(reading_fails("\"n_features\": 2", "\"n_features\": 18446744073709551615"),
            "m.json: means[0] has 2 values; must have n_features = 18446744073709551615");
}

TEST(JsonRefuses, ARowTooShortOrTooLong) {
  EXPECT_EQ(reading_fails("[-0.0, 1e-07]", "[-0.0, 1e-07, 3]"),
            "m.json: means[1] has 3 values; must have n_features = 2");
  EXPECT_EQ(reading_fails("[0.1, 33.0]", "[0.1]"), "m.json: covariances[0][1] has 1 value; must have n_features = 2");
  EXPECT_EQ(reading_fails(",\n    [-0.0, 1e-07]", ""), "m.json: means has 1 value; must have n_components = 2");
}

TEST(JsonRefuses, ANumberThatIsNone) {
  EXPECT_EQ(reading_fails("54.5", "null"), "m.json: means[0][1] is null; must be a number");
  EXPECT_EQ(reading_fails("54.5", "\"54.5\""), "m.json: means[0][1] = \"54.5\"; must be a number");
  EXPECT_EQ(reading_fails("[2.0, 54.5]", "2.0"), "m.json: means[0] = 2.0; must be an array");
  EXPECT_EQ(reading_fails("[0.1, 33.0]", "[0.1, []]"), "m.json: covariances[0][1][1] is an array; must be a number");
}

TEST(JsonRefuses, OtherTypesOfElements) {
  EXPECT_EQ(reading_fails("\"waiting\"", "2"), "m.json: feature_names[1] = 2; must be a string");
  EXPECT_EQ(reading_fails("{\"covariances\": true}", "{\"covariances\": 1}"),
            "m.json: settings.hold.covariances = 1; must be true or false");
  EXPECT_EQ(reading_fails("{\"initialise\": 0.001, \"e_step\": 0.002, \"m_step\": 0.0, \"total\": 0.004}", "0.004"),
            "m.json: report.seconds = 0.004; must be an object");
}

}  // namespace
}  // namespace mogul
