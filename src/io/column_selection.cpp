// columns, exclude and weights of ReadOptions -> positions of columns.
#include "io/column_selection.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <numeric>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "base/message.hpp"
#include "mogul/error.hpp"

namespace mogul {
namespace {

// Number of insertions, deletions and replacements that turn a into b (Levenshtein).
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i] != b[j] ? 1 : 0);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}

// "did you mean 'waiting'?" where a name is near, else the names that there are.
std::string hint(std::string_view wanted, const std::vector<std::string>& names) {
  constexpr std::size_t kMaxNameBytes = 64;
  constexpr std::size_t kMaxListed = 10;
  std::size_t nearest = std::max<std::size_t>(1, wanted.size() / 3) + 1;
  std::string_view best;
  for (const std::string& name : names) {
    if (wanted.size() > kMaxNameBytes || name.size() > kMaxNameBytes) continue;
    const std::size_t distance = edit_distance(wanted, name);
    if (distance < nearest && distance < name.size()) {
      nearest = distance;
      best = name;
    }
  }
  if (!best.empty()) return fmt::format("did you mean '{}'?", printable(best));
  std::vector<std::string> listed;
  for (std::size_t i = 0; i < std::min(names.size(), kMaxListed); ++i) listed.push_back(printable(names[i]));
  return fmt::format("its {} columns are {}{}", names.size(), fmt::join(listed, ", "),
                     listed.size() < names.size() ? ", ..." : "");
}

class Selector {
 public:
  Selector(const std::vector<std::string>& names, const std::string& file) : names_(names), file_(file) {
    for (std::size_t i = 0; i < names.size(); ++i) {
      add(exact_, names[i], i);
      add(normal_, normal_name(names[i]), i);
    }
  }

  [[noreturn]] void fail(std::string_view option, std::string_view wanted, std::string_view why) const {
    throw invalid_argument(fmt::format("{}: {} = '{}': {}", file_, option, printable(wanted), why));
  }

  // The column that a name or position means. A name wins over a position, and over one that differs by blanks or
  // quotes around it.
  std::size_t find(std::string_view option, std::string_view wanted) const {
    for (const auto& [columns, name] : {std::pair(&exact_, wanted), std::pair(&normal_, normal_name(wanted))}) {
      const auto named = columns->find(name);
      if (named == columns->end()) continue;
      if (named->second == kSeveral) fail(option, wanted, "more than one column has this name; give its position");
      return named->second;
    }
    std::size_t position = 0;
    const char* end = wanted.data() + wanted.size();
    const auto parsed = std::from_chars(wanted.data(), end, position);
    if (parsed.ec == std::errc() && parsed.ptr == end && position >= 1 && position <= names_.size()) {
      return position - 1;
    }
    fail(option, wanted, fmt::format("no such column; {}", hint(wanted, names_)));
  }

 private:
  using Columns = std::unordered_map<std::string_view, std::size_t>;
  static constexpr std::size_t kSeveral = static_cast<std::size_t>(-1);

  static void add(Columns& columns, std::string_view name, std::size_t column) {
    const auto [entry, is_new] = columns.emplace(name, column);
    if (!is_new) entry->second = kSeveral;
  }

  const std::vector<std::string>& names_;
  const std::string& file_;
  Columns exact_;
  Columns normal_;
};

// A model tells its features apart by their names.
void check_distinct(const ColumnSelection& selection, const std::string& file) {
  std::unordered_map<std::string_view, std::size_t> first_with;
  for (std::size_t i = 0; i < selection.names.size(); ++i) {
    const auto [first, is_new] = first_with.emplace(selection.names[i], i);
    if (is_new) continue;
    const std::size_t a = selection.features[first->second] + 1;
    const std::size_t b = selection.features[i] + 1;
    throw invalid_data(fmt::format("{}: columns {} and {} are both called '{}'; rename one, or exclude it by position",
                                   file, std::min(a, b), std::max(a, b), printable(selection.names[i])));
  }
}

}  // namespace

std::string_view normal_name(std::string_view name) {
  const auto trim = [&] {
    const std::size_t first = std::min(name.find_first_not_of(" \t"), name.size());
    name = name.substr(first, name.find_last_not_of(" \t") + 1 - first);
  };
  trim();
  if (name.size() < 2 || name.front() != '"' || name.back() != '"') return name;
  name = name.substr(1, name.size() - 2);
  trim();
  return name;
}

std::size_t find_column(const std::vector<std::string>& names, std::string_view option, std::string_view wanted,
                        const std::string& file) {
  return Selector(names, file).find(option, wanted);
}

ColumnSelection select_columns(const std::vector<std::string>& names, const ReadOptions& options,
                               const std::string& file, std::span<const std::size_t> no_data) {
  enum class Use { nothing, feature, weights, excluded };
  const Selector selector(names, file);
  std::vector<Use> use(names.size(), Use::nothing);
  ColumnSelection selection;
  if (!options.weights.empty()) {
    selection.weights = selector.find("weights", options.weights);
    use[*selection.weights] = Use::weights;
  }
  for (const std::string& wanted : options.exclude) {
    Use& column = use[selector.find("exclude", wanted)];
    if (column == Use::nothing) column = Use::excluded;
  }
  for (const std::string& wanted : options.columns) {
    const std::size_t column = selector.find("columns", wanted);
    if (use[column] == Use::feature) selector.fail("columns", wanted, "the column is listed twice");
    if (use[column] == Use::weights) selector.fail("columns", wanted, "the column holds the weights");
    if (use[column] == Use::excluded) selector.fail("columns", wanted, "the column is excluded");
    use[column] = Use::feature;
    selection.features.push_back(column);
  }
  if (options.columns.empty()) {
    for (const std::size_t column : no_data) {
      if (use[column] != Use::nothing) continue;
      use[column] = Use::excluded;
      selection.left_out.push_back(column);
    }
    for (std::size_t column = 0; column < names.size(); ++column) {
      if (use[column] == Use::nothing) selection.features.push_back(column);
    }
  }
  if (selection.features.empty()) throw invalid_argument(file + ": no column is left; keep at least one");
  for (const std::size_t column : selection.features) selection.names.push_back(names[column]);
  check_distinct(selection, file);
  return selection;
}

}  // namespace mogul
