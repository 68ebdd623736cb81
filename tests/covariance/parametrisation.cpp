#include "covariance/parametrisation.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace oracle {

using mogul::Matrix;
using mogul::Scatters;

// How many numbers one set of a letter's takes: 0 volume, 1 shape, 2 orientation.
std::size_t Parametrisation::numbers_of(std::size_t letter) const {
  if (letters_[letter] == 'I') return 0;
  const std::size_t sizes[] = {1, d_ - 1, d_ * (d_ - 1) / 2};
  return sizes[letter];
}

std::size_t Parametrisation::size() const {
  std::size_t sum = 0;
  for (std::size_t letter = 0; letter < 3; ++letter) sum += numbers_of(letter) * (letters_[letter] == 'V' ? k_ : 1);
  return sum;
}

Parametrisation::Parts Parametrisation::parts(const std::vector<double>& numbers, std::size_t k) const {
  std::vector<double> own[3];
  std::size_t first = 0;
  for (std::size_t letter = 0; letter < 3; ++letter) {
    const std::size_t n = numbers_of(letter);
    const std::size_t from = first + (letters_[letter] == 'V' ? k * n : 0);
    for (std::size_t i = 0; i < n; ++i) own[letter].push_back(numbers[from + i]);
    first += n * (letters_[letter] == 'V' ? k_ : 1);
  }
  Parts out{own[0][0], std::vector<double>(d_), Matrix(d_, d_)};
  for (std::size_t i = 0; i < own[1].size(); ++i) {
    out.log_shape[i] = own[1][i];
    out.log_shape[d_ - 1] -= own[1][i];
  }
  for (std::size_t i = 0; i < d_; ++i) out.axes(i, i) = 1;
  for (std::size_t i = 1, at = 0; at < own[2].size(); ++i) {
    for (std::size_t j = 0; j < i; ++j, ++at) {
      const double cosine = std::cos(own[2][at]);
      const double sine = std::sin(own[2][at]);
      for (std::size_t l = 0; l < d_; ++l) {
        const double a = out.axes(i, l);
        const double b = out.axes(j, l);
        out.axes(i, l) = cosine * a + sine * b;
        out.axes(j, l) = cosine * b - sine * a;
      }
    }
  }
  return out;
}

std::vector<double> Parametrisation::matrices(const std::vector<double>& numbers) const {
  std::vector<double> out;
  for (std::size_t k = 0; k < k_; ++k) {
    const Parts at = parts(numbers, k);
    for (std::size_t i = 0; i < d_; ++i) {
      for (std::size_t j = 0; j < d_; ++j) {
        double sum = 0;
        for (std::size_t l = 0; l < d_; ++l) {
          sum += at.axes(l, i) * at.axes(l, j) * std::exp(at.log_volume + at.log_shape[l]);
        }
        out.push_back(sum);
      }
    }
  }
  return out;
}

double Parametrisation::objective(const Scatters& full, const std::vector<double>& numbers) const {
  double sum = 0;
  double total = 0;
  for (std::size_t k = 0; k < k_; ++k) {
    const Parts at = parts(numbers, k);
    sum -= full.counts[k] * static_cast<double>(d_) * at.log_volume / 2;
    total += full.counts[k];
    for (std::size_t l = 0; l < d_; ++l) {
      double along = 0;
      for (std::size_t i = 0, packed = 0; i < d_; ++i) {
        for (std::size_t j = 0; j <= i; ++j, ++packed) {
          along += (i == j ? 1 : 2) * at.axes(l, i) * at.axes(l, j) * full.second(k, packed);
        }
      }
      sum -= along * std::exp(-at.log_volume - at.log_shape[l]) / 2;
    }
  }
  return sum / (total * static_cast<double>(d_) / 2);
}

namespace {

using Function = std::function<double(const std::vector<double>&)>;

std::vector<double> gradient(const Function& f, std::vector<double> at) {
  constexpr double kStep = 1e-5;  // the cube root of eps, near which the errors of the formula are least
  std::vector<double> out;
  for (double& x : at) {
    const double here = x;
    x = here + kStep;
    const double above = f(at);
    x = here - kStep;
    out.push_back((above - f(at)) / (2 * kStep));
    x = here;
  }
  return out;
}

double dot(const std::vector<double>& a, const std::vector<double>& b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

// y + scale * x.
std::vector<double> add(double scale, const std::vector<double>& x, std::vector<double> y) {
  for (std::size_t i = 0; i < x.size(); ++i) y[i] += scale * x[i];
  return y;
}

std::vector<double> times(const Matrix& a, const std::vector<double>& x) {
  std::vector<double> out;
  for (std::size_t i = 0; i < a.rows(); ++i)
    out.push_back(std::inner_product(x.begin(), x.end(), a.row(i).begin(), 0.0));
  return out;
}

Matrix identity(std::size_t n) {
  Matrix out(n, n);
  for (std::size_t i = 0; i < n; ++i) out(i, i) = 1;
  return out;
}

// The update of Broyden, Fletcher, Goldfarb and Shanno of the negative inverse second derivative; by step s the
// gradient of the function to be maximised fell by y.
void update(Matrix& inverse, const std::vector<double>& s, const std::vector<double>& y) {
  const double sy = dot(s, y);
  if (!(sy > 0)) return;
  const std::vector<double> hy = times(inverse, y);
  const double yhy = dot(y, hy);
  for (std::size_t i = 0; i < s.size(); ++i) {
    for (std::size_t j = 0; j < s.size(); ++j) {
      inverse(i, j) += (1 + yhy / sy) * s[i] * s[j] / sy - (hy[i] * s[j] + s[i] * hy[j]) / sy;
    }
  }
}

double climb_from(const Function& f, std::vector<double> at) {
  double value = f(at);
  std::vector<double> slope = gradient(f, at);
  Matrix inverse = identity(at.size());
  bool fresh = true;
  for (int iteration = 0; iteration < 2000; ++iteration) {
    std::vector<double> direction = times(inverse, slope);
    double step = 1;
    while (step > 1e-12 && !(f(add(step, direction, at)) > value + 1e-4 * step * dot(direction, slope))) step /= 2;
    if (!(step > 1e-12)) {
      if (fresh) return value;
      inverse = identity(at.size());
      fresh = true;
      continue;
    }
    fresh = false;
    at = add(step, direction, std::move(at));
    value = f(at);
    const std::vector<double> before = slope;
    slope = gradient(f, at);
    for (double& x : direction) x *= step;
    update(inverse, direction, add(-1, slope, before));
  }
  return value;
}

}  // namespace

double climb(const Function& f, std::size_t size, int n_starts, Dice& dice) {
  double best = -std::numeric_limits<double>::infinity();
  for (int i = 0; i < n_starts; ++i) {
    std::vector<double> start(size);
    for (double& x : start) x = 2 * dice.uniform() - 1;
    best = std::max(best, climb_from(f, start));
  }
  return best;
}

std::size_t rank_of_derivative(const std::function<std::vector<double>(const std::vector<double>&)>& map,
                               const std::vector<double>& at) {
  std::vector<std::vector<double>> rows;
  for (std::size_t i = 0; i < at.size(); ++i) {
    std::vector<double> moved = at;
    moved[i] += 1e-6;
    const std::vector<double> above = map(moved);
    moved[i] -= 2e-6;
    rows.push_back(add(-1, map(moved), above));
    for (double& x : rows.back()) x /= 2e-6;
  }
  // Elimination with the largest pivot; the rounding of the differences is near 1e-10.
  std::size_t rank = 0;
  while (rank < rows.size()) {
    double largest = 0;
    std::size_t row = rank, column = 0;
    for (std::size_t i = rank; i < rows.size(); ++i) {
      for (std::size_t j = 0; j < rows[i].size(); ++j) {
        if (std::abs(rows[i][j]) <= largest) continue;
        largest = std::abs(rows[i][j]);
        row = i;
        column = j;
      }
    }
    if (largest < 1e-7) return rank;
    std::swap(rows[rank], rows[row]);
    for (std::size_t i = rank + 1; i < rows.size(); ++i) {
      rows[i] = add(-rows[i][column] / rows[rank][column], rows[rank], rows[i]);
    }
    ++rank;
  }
  return rank;
}

}  // namespace oracle
