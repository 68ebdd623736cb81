// What a page has in it: tables, pictures and the data of its scripts.
#pragma once

#include <cmath>
#include <cstdlib>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace mogul::test {

inline std::string between(const std::string& text, const std::string& before, const std::string& after) {
  const std::size_t begin = text.find(before);
  if (begin == std::string::npos) {
    ADD_FAILURE() << "there is no " << before;
    return {};
  }
  const std::size_t start = begin + before.size();
  return text.substr(start, text.find(after, start) - start);
}

/// The text from the heading with that id to the next one.
inline std::string section_of(const std::string& page, const std::string& id) {
  return between(page, "<h2 id=\"" + id + "\"", "<h2 ");
}

inline std::size_t count_of(const std::string& text, const std::string& what) {
  std::size_t n = 0;
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++n;
  return n;
}

/// The text as a person reads it: without the places where a line may end.
inline std::string without_breaks(std::string text) {
  const std::string place = "<wbr>";
  for (std::size_t at = text.find(place); at != std::string::npos; at = text.find(place, at))
    text.erase(at, place.size());
  return text;
}

/// The cells of the body of the first table in a text, row by row: values in full precision where there are numbers.
inline std::vector<std::vector<std::string>> cells_of(const std::string& text) {
  std::vector<std::vector<std::string>> rows;
  const std::string body = between(text, "<tbody>", "</tbody>");
  for (std::size_t at = body.find("<tr>"); at != std::string::npos; at = body.find("<tr>", at + 1)) {
    const std::string row = body.substr(at, body.find("</tr>", at) - at);
    rows.emplace_back();
    for (std::size_t cell = row.find("<td"); cell != std::string::npos; cell = row.find("<td", cell + 1)) {
      const std::string all = row.substr(cell, row.find("</td>", cell) - cell);
      const std::size_t value = all.find("data-value=\"");
      rows.back().push_back(value == std::string::npos
                                ? without_breaks(all.substr(all.find('>') + 1))
                                : all.substr(value + 12, all.find('"', value + 12) - value - 12));
    }
  }
  return rows;
}

/// The JSON that a page holds for its scripts.
inline nlohmann::json data_of(const std::string& page, const std::string& id) {
  return nlohmann::json::parse(between(page, "<script type=\"application/json\" id=\"" + id + "\">", "</script>"));
}

}  // namespace mogul::test
