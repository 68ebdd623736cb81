// The numbers of Gaussian mixtures, as the C++ library computes them: in logs, by Cholesky factors. No DOM here.
// A model is {weights: [K], means: [K][D], covariances: [K][D][D]}; x is a row of D numbers.
"use strict";

var mogul = globalThis.mogul || {};  // one namespace, however many <script> elements the files stand in

// The lower triangle L with L L^T = matrix. Pivots that rounding made too small are raised to where the library calls a
// matrix singular, D eps of the diagonal element, so that a model at that limit can still be drawn.
mogul.cholesky = function (matrix) {
  const n = matrix.length;
  const factor = [];
  for (let i = 0; i < n; ++i) {
    factor.push(new Array(n).fill(0));
    for (let j = 0; j <= i; ++j) {
      let rest = matrix[i][j];
      for (let k = 0; k < j; ++k) rest -= factor[i][k] * factor[j][k];
      const least = n * Number.EPSILON * matrix[i][i];
      factor[i][j] = i === j ? Math.sqrt(Math.max(rest, least)) : rest / factor[j][j];
    }
  }
  return factor;
};

// What the density of any row needs of a model, computed once.
mogul.prepare = function (model) {
  const factors = model.covariances.map(mogul.cholesky);
  const log_norm = (factor) =>
    factor.reduce((sum, row, i) => sum - Math.log(row[i]), -0.5 * factor.length * Math.log(2 * Math.PI));
  return {
    weights: model.weights,
    means: model.means,
    factors,
    log_weights: model.weights.map(Math.log),
    log_norms: factors.map(log_norm),
  };
};

// Mahalanobis distance |L^-1 (x - mean)|. hypot, because the square of a distance may overflow.
mogul.distance = function (x, mean, factor) {
  const y = [];
  for (let i = 0; i < x.length; ++i) {
    let rest = x[i] - mean[i];
    for (let j = 0; j < i; ++j) rest -= factor[i][j] * y[j];
    y.push(rest / factor[i][i]);
  }
  return Math.hypot(...y);
};

// log N(x | mu_k, Sigma_k) for each k.
mogul.log_densities = function (prepared, x) {
  return prepared.means.map((mean, k) => {
    const distance = mogul.distance(x, mean, prepared.factors[k]);
    return prepared.log_norms[k] - 0.5 * distance * distance;
  });
};

// log (pi_k N(x | mu_k, Sigma_k)) for each k.
mogul.log_joint = function (prepared, x) {
  return mogul.log_densities(prepared, x).map((log_density, k) => prepared.log_weights[k] + log_density);
};

// log of the sum of exp(values): shifted by the largest, so that the sum cannot underflow.
mogul.log_sum_exp = function (values) {
  const largest = Math.max(...values);
  if (!Number.isFinite(largest)) return largest;
  return largest + Math.log(values.reduce((sum, value) => sum + Math.exp(value - largest), 0));
};

// log p(x).
mogul.log_density = function (prepared, x) {
  return mogul.log_sum_exp(mogul.log_joint(prepared, x));
};

// p(z = k | x) for each k. Where even the logs of all densities are infinite, the nearest component has the row.
mogul.responsibilities = function (prepared, x) {
  const log_joint = mogul.log_joint(prepared, x);
  const largest = Math.max(...log_joint);
  if (Number.isFinite(largest)) {
    const shares = log_joint.map((value) => Math.exp(value - largest));
    const sum = shares.reduce((partial, share) => partial + share, 0);
    return shares.map((share) => share / sum);  // sums to one, however large the logs are
  }
  const distances = prepared.means.map((mean, k) =>
    prepared.weights[k] > 0 ? mogul.distance(x, mean, prepared.factors[k]) : Infinity);
  const nearest = distances.indexOf(Math.min(...distances));
  return distances.map((_, k) => (k === nearest ? 1 : 0));
};

// The model of the chosen features alone, exactly: parts of the means and of the covariances.
mogul.marginal = function (model, features) {
  return {
    weights: model.weights,
    means: model.means.map((mean) => features.map((i) => mean[i])),
    covariances: model.covariances.map((covariance) => features.map((i) => features.map((j) => covariance[i][j]))),
  };
};

// Radius, in standard deviations, of the ellipse that holds a share `mass` of a Gaussian in two dimensions: the square
// root of the chi-square quantile with two degrees of freedom.
mogul.ellipse_radius = function (mass) {
  return Math.sqrt(-2 * Math.log1p(-mass));
};

// Half axes of the ellipse x^T S^-1 x = 1, and the direction of the major one in radians from x towards y, for
// S = [[xx, xy], [xy, yy]]. The smaller eigenvalue comes from the determinant: their difference would cancel.
mogul.ellipse_axes = function (xx, xy, yy) {
  const larger = (xx + yy) / 2 + Math.hypot((xx - yy) / 2, xy);
  const smaller = larger > 0 ? Math.max(0, (xx / larger) * yy - (xy / larger) * xy) : 0;
  return { major: Math.sqrt(larger), minor: Math.sqrt(smaller), angle: 0.5 * Math.atan2(2 * xy, xx - yy) };
};

// Uniform numbers in [0, 1) of 53 bits, the same for the same seed: xoshiro128** (Blackman and Vigna 2021), whose state
// a linear congruential generator fills from the seed.
mogul.generator = function (seed) {
  const state = new Uint32Array(4);
  let filling = seed >>> 0;
  for (let i = 0; i < 4; ++i) state[i] = filling = (Math.imul(filling, 1664525) + 1013904223) >>> 0;
  const rotated = (value, n) => (value << n) | (value >>> (32 - n));
  const next = () => {
    const result = Math.imul(rotated(Math.imul(state[1], 5), 7), 9) >>> 0;
    const shifted = state[1] << 9;
    state[2] ^= state[0];
    state[3] ^= state[1];
    state[1] ^= state[2];
    state[0] ^= state[3];
    state[2] ^= shifted;
    state[3] = rotated(state[3], 11);
    return result;
  };
  for (let i = 0; i < 16; ++i) next();  // until neighbouring seeds no longer look alike
  return () => ((next() >>> 5) * 0x4000000 + (next() >>> 6)) / 2 ** 53;
};

// A number of N(0, 1), by Box and Muller.
mogul.normal = function (uniform) {
  return Math.sqrt(-2 * Math.log1p(-uniform())) * Math.cos(2 * Math.PI * uniform());
};

// z ~ Categorical(weights).
mogul.draw_component = function (weights, uniform) {
  let left = uniform() * weights.reduce((sum, weight) => sum + weight, 0);
  const found = weights.findIndex((weight) => (left -= weight) < 0);
  return found >= 0 ? found : weights.indexOf(Math.max(...weights));  // rounding may leave nothing for the last
};

// x ~ N(mu_k, Sigma_k), as mu_k + L_k e with e ~ N(0, I).
mogul.draw_row = function (prepared, k, uniform) {
  const e = prepared.means[k].map(() => mogul.normal(uniform));
  return prepared.factors[k].map((row, i) => row.reduce((sum, l, j) => sum + l * e[j], prepared.means[k][i]));
};

// The highest value of the mixture's density at the means, of at most some fifty of the steps.
mogul.highest_density = function (steps) {
  const every = Math.ceil(steps.length / 50);
  const shown = steps.filter((_, i) => i % every === 0 || i === steps.length - 1);
  const highest = (step) => {
    const prepared = mogul.prepare(step);
    return Math.max(...step.means.map((mean) => Math.exp(mogul.log_density(prepared, mean))));
  };
  return Math.max(...shown.map(highest));
};
