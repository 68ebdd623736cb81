// JSON in memory: members in order, numbers of all kinds, and what messages show of scalars.
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "io/json/json_fields.hpp"
#include "io/json/json_text.hpp"
#include "io/json/json_value.hpp"
#include "mogul/error.hpp"

namespace mogul {
namespace {

TEST(JsonValue, MembersStayInOrderAndAreReplacedInPlace) {
  JsonValue object;
  object["b"] = 1.5;
  object["a"] = std::vector<std::string>{"x", "y"};
  object["b"] = std::size_t{7};
  EXPECT_EQ(json_text(object), "{\n  \"b\": 7,\n  \"a\": [\"x\", \"y\"]\n}\n");
  ASSERT_NE(object.find("b"), nullptr);
  EXPECT_EQ(object.find("b")->as_unsigned(), 7U);
  EXPECT_EQ(object.find("c"), nullptr);
}

TEST(JsonValue, NumbersOfAllKindsAreDoubles) {
  const JsonValue all = parse_json("[1, -2, 3.5, 18446744073709551615, -0.0]", "f");
  const std::vector<double> expected{1, -2, 3.5, 0x1p64, -0.0};
  ASSERT_EQ(all.elements().size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_TRUE(all.elements()[i].is_number()) << i;
    EXPECT_EQ(all.elements()[i].as_number(), expected[i]) << i;
  }
  EXPECT_TRUE(all.elements()[3].is_unsigned());
  EXPECT_FALSE(all.elements()[1].is_unsigned());
}

TEST(JsonValue, ScalarsInMessagesAreAsciiWhateverTheyHold) {
  EXPECT_EQ(shown(JsonValue("a\xFF\n\xC3\xA4")), "\"a\\ufffd\\n\\u00e4\"");
  EXPECT_EQ(shown(JsonValue(true)), "true");
  EXPECT_EQ(shown(JsonValue(-2.5)), "-2.5");
  EXPECT_EQ(shown(JsonValue()), "null");
  JsonValue object;
  object["name"] = std::string("\xFF");
  EXPECT_THROW(json_text(object), invalid_argument);
}

}  // namespace
}  // namespace mogul
