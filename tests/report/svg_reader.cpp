#include "report/svg_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace mogul::test {
namespace {

double number_of(std::string_view text, const std::string& where) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) {
    throw std::runtime_error(fmt::format("{} is not a number: '{}'", where, text));
  }
  if (!std::isfinite(value)) throw std::runtime_error(fmt::format("{} is {}", where, value));
  return value;
}

bool is_name(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == ':' || c == '_'; }

// Characters that XML 1.0 allows, by their numbers.
bool is_allowed(std::uint32_t code) {
  return code == 0x9 || code == 0xA || code == 0xD || (code >= 0x20 && code <= 0xD7FF) ||
         (code >= 0xE000 && code <= 0xFFFD) || (code >= 0x10000 && code <= 0x10FFFF);
}

void check_characters(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t bytes = lead < 0x80   ? 1
                              : lead < 0xC0 ? 0
                              : lead < 0xE0 ? 2
                              : lead < 0xF0 ? 3
                              : lead < 0xF8 ? 4
                                            : 0;
    if (bytes == 0 || i + bytes > text.size()) throw std::runtime_error(fmt::format("byte {:#x} is not UTF-8", lead));
    std::uint32_t code = bytes == 1 ? lead : lead % (1U << (7 - bytes));
    for (std::size_t j = 1; j < bytes; ++j) {
      const auto next = static_cast<unsigned char>(text[i + j]);
      if (next / 64 != 2) throw std::runtime_error(fmt::format("byte {:#x} does not continue a character", next));
      code = 64 * code + next % 64;
    }
    constexpr std::uint32_t kFirst[] = {0, 0, 0x80, 0x800, 0x10000};  // that needs so many bytes
    if (code < kFirst[bytes]) throw std::runtime_error("a character in more bytes than it needs");
    if (!is_allowed(code)) throw std::runtime_error(fmt::format("character {:#x} is not for XML", code));
    i += bytes;
  }
}

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  Element document() {
    Element root = element();
    blanks();
    if (!text_.empty()) fail("something after the root element");
    return root;
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    throw std::runtime_error(fmt::format("{}, before '{}'", what, text_.substr(0, 40)));
  }
  void expect(std::string_view token) {
    if (!text_.starts_with(token)) fail(fmt::format("no '{}'", token));
    text_.remove_prefix(token.size());
  }
  void blanks() {
    while (!text_.empty() && std::isspace(static_cast<unsigned char>(text_[0])) != 0) text_.remove_prefix(1);
  }
  std::string name() {
    std::size_t n = 0;
    while (n < text_.size() && is_name(text_[n])) ++n;
    if (n == 0) fail("no name");
    const std::string found(text_.substr(0, n));
    text_.remove_prefix(n);
    return found;
  }
  // Characters up to one of `ends`; markup inside it must be escaped.
  std::string characters(std::string_view ends) {
    std::string out;
    while (!text_.empty() && ends.find(text_[0]) == std::string_view::npos) {
      if (text_[0] == '<') fail("'<' inside text");
      if (text_[0] == '&') {
        out += entity();
      } else {
        out += text_[0];
        text_.remove_prefix(1);
      }
    }
    return out;
  }
  char entity() {
    constexpr std::pair<std::string_view, char> kEntities[] = {
        {"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&#39;", '\''}};
    for (const auto& [written, character] : kEntities) {
      if (!text_.starts_with(written)) continue;
      text_.remove_prefix(written.size());
      return character;
    }
    fail("'&' begins no entity");
  }
  Element element() {
    blanks();
    expect("<");
    Element made{name(), {}, {}, {}};
    blanks();
    while (!text_.empty() && text_[0] != '>' && text_[0] != '/') {
      const std::string attribute = name();
      expect("=\"");
      if (!made.attributes.emplace(attribute, characters("\"")).second) fail("an attribute twice");
      expect("\"");
      if (!text_.starts_with('>') && !text_.starts_with("/>") && !text_.starts_with(' ')) fail("no blank");
      blanks();
    }
    if (text_.starts_with("/>")) {
      expect("/>");
      return made;
    }
    expect(">");
    while (true) {
      made.text += characters("<");
      if (text_.starts_with("</")) break;
      made.children.push_back(element());
    }
    expect("</" + made.name + ">");
    return made;
  }

  std::string_view text_;
};

void check_path(const std::string& path) {
  std::string numbers = path;
  for (char& c : numbers) {
    if (std::string_view("MLVHZvhz ").find(c) != std::string_view::npos) c = ' ';
  }
  std::istringstream stream(numbers);
  for (std::string text; stream >> text;) {
    if (std::abs(number_of(text, "path")) > 1.01e6) throw std::runtime_error("a path goes far out: " + text);
  }
}

}  // namespace

double Element::number(const std::string& attribute) const {
  const auto found = attributes.find(attribute);
  if (found == attributes.end()) throw std::runtime_error(fmt::format("<{}> has no {}", name, attribute));
  return number_of(found->second, fmt::format("{} of <{}>", attribute, name));
}

bool Element::has_class(std::string_view wanted) const {
  const auto found = attributes.find("class");
  if (found == attributes.end()) return false;
  std::istringstream stream(found->second);
  for (std::string one; stream >> one;) {
    if (one == wanted) return true;
  }
  return false;
}

Element read_xml(std::string_view document) {
  check_characters(document);
  return Reader(document).document();
}

std::vector<const Element*> with_class(const Element& root, std::string_view name) {
  return find_all(root, [name](const Element& element) { return element.has_class(name); });
}
std::vector<const Element*> named(const Element& root, std::string_view name) {
  return find_all(root, [name](const Element& element) { return element.name == name; });
}

std::vector<std::string> texts_of(const std::vector<const Element*>& elements) {
  std::vector<std::string> texts;
  for (const Element* element : elements) texts.push_back(element->text);
  return texts;
}

PanelReader::PanelReader(const Element& panel)
    : panel_(&panel),
      x_low_(panel.number("data-x-low")),
      x_high_(panel.number("data-x-high")),
      y_low_(panel.number("data-y-low")),
      y_high_(panel.number("data-y-high")) {
  std::istringstream frame(panel.attributes.at("data-frame"));
  frame >> left_ >> top_ >> width_ >> height_;
  if (!frame) throw std::runtime_error("data-frame: " + frame.str());
}

Position PanelReader::data(double x, double y) const {
  return {x_low_ + (x - left_) * x_per_pixel(), y_high_ - (y - top_) * y_per_pixel()};
}

std::vector<Position> PanelReader::path(const Element& path) const {
  std::vector<Position> points;
  std::string text = path.attributes.at("d");
  text = text.substr(0, text.find_first_of("VHZ"));
  std::ranges::replace_if(
      text, [](char c) { return c == 'M' || c == 'L'; }, ' ');
  std::istringstream stream(text);
  for (double x = 0, y = 0; stream >> x >> y;) points.push_back(data(x, y));
  return points;
}

std::vector<PanelReader> panels_of(const Element& svg) {
  std::vector<PanelReader> panels;
  for (const Element* panel : with_class(svg, "panel")) panels.emplace_back(*panel);
  return panels;
}

void check_numbers(const Element& svg) {
  for (const Element* element : find_all(svg, [](const Element&) { return true; })) {
    for (const auto& [name, value] : element->attributes) {
      const bool size = name == "width" || name == "height" || name == "r" || name == "rx" || name == "ry";
      const bool position = name == "x" || name == "y" || name == "cx" || name == "cy" || name == "opacity";
      if (value.ends_with('%')) continue;
      if (name.starts_with("data-") && name != "data-frame") number_of(value, name);
      if (size && number_of(value, name) < 0) throw std::runtime_error(fmt::format("{} = {}", name, value));
      if (position && std::abs(number_of(value, name)) > 1.01e6) throw std::runtime_error("far out: " + value);
      if (name == "d") check_path(value);
      for (const char* word : {"nan", "inf"}) {
        if (name != "aria-label" && value.find(word) != std::string::npos) throw std::runtime_error(name + "=" + value);
      }
    }
  }
}

}  // namespace mogul::test
