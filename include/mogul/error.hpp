// The errors of the library. Each border (command line, Python) translates them once.
#pragma once

#include <array>
#include <cstddef>
#include <new>
#include <span>
#include <stdexcept>
#include <string>

namespace mogul {

/// The caller's mistake: an option or argument that breaks a rule. The message names the field, its
/// value and the rule: "n_components = 0; must be >= 1".
class invalid_argument : public std::invalid_argument {
 public:
  using std::invalid_argument::invalid_argument;
};

/// The data's mistake: a value, row, column or file content that breaks a rule (NaN, a ragged row, a
/// covariance in a model file that is not positive definite). The message says where and what to do.
class invalid_data : public invalid_argument {
 public:
  using invalid_argument::invalid_argument;
};

/// The world's failure: a file that cannot be opened, read, written or renamed. Names the path.
class io_error : public std::runtime_error {
 public:
  /// @param code  errno, or 0 where the system gave none
  explicit io_error(const std::string& message, int code = 0) : std::runtime_error(message), code_(code) {}

  int code() const { return code_; }

 private:
  int code_;
};

/// Memory that the system does not give. The message says how much was wanted at once: "out of memory: 3.2 GB wanted".
/// Any std::bad_alloc means the same; this type is thrown where the size is known.
class out_of_memory : public std::bad_alloc {
 public:
  /// @param bytes  as a floating-point number, because the product of the sizes may exceed every integer
  explicit out_of_memory(double bytes) noexcept;

  const char* what() const noexcept override { return message_.data(); }
  double bytes() const { return bytes_; }

 private:
  double bytes_;
  std::array<char, 64> message_{};  // in place: there is no memory for a string
};

/// The product of the sizes of an array.
/// @throws out_of_memory if the elements would need more bytes than a process can address
std::size_t array_size(std::span<const std::size_t> sizes, std::size_t bytes_per_element);

/// No mixture can be fitted: a component stays empty or its covariance singular. Says what to change.
class fit_error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The caller ended the work before there was a result: see FitOptions::interrupted and mogul/interrupt.hpp.
class interrupted_error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace mogul
