// How fast read_dataset reads a CSV file of numbers: csv_rate [megabytes] [columns] [threads].
// Writes the file to the temporary folder, reads it 5 times from the page cache, prints the median in MB/s,
// and exits with 1 where it is below the floor.
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include "mogul/io.hpp"
#include "mogul/output_file.hpp"

namespace {

constexpr double kFloor = 300;  // MB/s

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

}  // namespace

int main(int argc, char** argv) {
  const auto argument = [&](int i, unsigned long otherwise) { return argc > i ? std::stoul(argv[i]) : otherwise; };
  const std::size_t bytes = argument(1, 200) * 1000000;
  const std::size_t columns = argument(2, 8);
  mogul::ReadOptions options;
  options.n_threads = static_cast<unsigned>(argument(3, 0));

  const std::filesystem::path path = std::filesystem::temp_directory_path() / "mogul_csv_rate.csv";
  write_numbers(path, bytes, columns);
  const double megabytes = static_cast<double>(std::filesystem::file_size(path)) / 1e6;
  std::vector<double> rates;
  std::size_t rows = 0;
  for (int repeat = 0; repeat < 5; ++repeat) {
    const auto start = std::chrono::steady_clock::now();
    rows = mogul::read_dataset(path, options).rows();
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
    rates.push_back(megabytes / elapsed.count());
  }
  std::filesystem::remove(path);
  std::ranges::sort(rates);
  std::printf("%.0f MB, %zu rows, %zu columns, threads %u: median %.0f MB/s (from %.0f to %.0f)\n", megabytes, rows,
              columns, options.n_threads, rates[2], rates.front(), rates.back());
  if (rates[2] < kFloor) {
    std::printf("FAILED: below the floor of %.0f MB/s\n", kFloor);
    return 1;
  }
  std::printf("Floor held: at least %.0f MB/s.\n", kFloor);
}
