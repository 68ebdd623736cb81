// How fast read_dataset reads a CSV file of numbers, beside std::from_chars on bytes that lie in memory already:
// csv_rate [megabytes] [columns] [threads]. Writes the file to the temporary folder, reads it 5 times from the page
// cache, in turn with the other, prints the medians, and exits with 1 where their ratio is below the floor.
#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "mogul/io.hpp"
#include "mogul/output_file.hpp"

namespace {

// Of the rate of std::from_chars on one thread: finding, checking and storing rows comes on top.
constexpr double kFloor = 0.5;

std::string header(std::size_t columns) {
  std::string line = "x1";
  for (std::size_t col = 1; col < columns; ++col) line += ",x" + std::to_string(col + 1);
  return line + '\n';
}

void write_numbers(const std::string& path, std::size_t bytes, std::size_t columns) {
  mogul::OutputFile file(path);
  file.stream() << header(columns);
  std::mt19937_64 engine(1);
  std::normal_distribution<double> normal(0.0, 10.0);
  std::string block;
  for (std::size_t written = 0; written < bytes; written += block.size()) {
    block.clear();
    while (block.size() < (1 << 20)) {
      for (std::size_t col = 0; col < columns; ++col) {
        std::array<char, 32> text;
        const int size = std::snprintf(text.data(), text.size(), "%.6g", normal(engine));
        block.append(text.data(), static_cast<std::size_t>(size)).append(col + 1 < columns ? "," : "\n");
      }
    }
    file.stream() << block;
  }
  file.commit();
}

// The numbers of the lines below the first: what no reader that uses std::from_chars can do without.
std::vector<double> numbers(const std::string& bytes) {
  std::vector<double> values;
  values.reserve(bytes.size() / 8);
  const char* const end = bytes.data() + bytes.size();
  for (const char* next = bytes.data() + bytes.find('\n') + 1; next < end; ++next) {
    next = std::from_chars(next, end, values.emplace_back()).ptr;
  }
  return values;
}

template <class Function>
double seconds(const Function& function) {
  const auto start = std::chrono::steady_clock::now();
  function();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

}  // namespace

int main(int argc, char** argv) {
  const auto argument = [&](int i, unsigned long otherwise) { return argc > i ? std::stoul(argv[i]) : otherwise; };
  const std::size_t columns = argument(2, 8);
  mogul::ReadOptions options;
  options.n_threads = static_cast<unsigned>(argument(3, 0));

  const std::filesystem::path path = std::filesystem::temp_directory_path() / "mogul_csv_rate.csv";
  write_numbers(path, argument(1, 200) * 1000000, columns);
  std::ifstream file(path, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  std::vector<double> reading;
  std::vector<double> converting;
  std::size_t rows = 0;
  std::size_t count = 0;
  for (int repeat = 0; repeat < 5; ++repeat) {
    reading.push_back(seconds([&] { rows = mogul::read_dataset(path, options).rows(); }));
    converting.push_back(seconds([&] { count = numbers(bytes).size(); }));
  }
  std::filesystem::remove(path);
  if (count != rows * columns) {
    std::printf("FAILED: %zu numbers in %zu rows of %zu columns\n", count, rows, columns);
    return 1;
  }
  const double megabytes = static_cast<double>(bytes.size()) / 1e6;
  const double ratio = median(converting) / median(reading);
  std::printf(
      "%.0f MB, %zu rows, %zu columns: %.0f MB/s with threads %u; std::from_chars alone, on one thread: %.0f MB/s\n",
      megabytes, rows, columns, megabytes / median(reading), options.n_threads, megabytes / median(converting));
  if (ratio < kFloor) {
    std::printf("FAILED: %.2f of that rate, below the floor of %.2f\n", ratio, kFloor);
    return 1;
  }
  std::printf("Floor held: %.2f of that rate, at least %.2f.\n", ratio, kFloor);
}
