// Where an axis has its marks, and how numbers are written. The marks are those of the library's own pictures.
"use strict";

var mogul = globalThis.mogul || {};

// The smallest of 1, 2, 5 and 10 times a power of ten that is not below `least`, but for rounding.
mogul.round_step = function (least) {
  const power = 10 ** Math.floor(Math.log10(least));
  return power * [1, 2, 5, 10].find((factor) => factor * power >= least * (1 - 1e-9));
};

// With as many digits as tell marks a step apart. `largest` is the largest magnitude on the axis.
mogul.tick_text = function (value, step, largest) {
  if (value === 0) return "0";
  const exponent = (number) => Math.floor(Math.log10(Math.abs(number)) + 1e-9);
  const digits = Math.min(100, Math.max(0, exponent(value) - exponent(step)));
  const decimals = Math.max(0, -exponent(step));
  const short = digits <= 3 && (largest >= 1e6 || largest < 1e-3);
  return short || decimals > 100 ? value.toExponential(digits) : value.toFixed(decimals);
};

// Marks within [low, high] at multiples of a round step, which is at least 1 / `most` of the interval:
// [{value, text}].
mogul.ticks = function (low, high, most) {
  const step = mogul.round_step(Math.max((high - low) / most, 1e-300));
  const largest = Math.max(Math.abs(low), Math.abs(high));
  const found = [];
  const last = Math.floor(high / step + 1e-9);
  for (let i = Math.ceil(low / step - 1e-9); i <= last && found.length <= most; ++i) {
    const value = i * step;
    found.push({ value, text: mogul.tick_text(value, step, largest) });
  }
  return found;
};

// The interval of finite values, with room on both sides: a share of its length, or of the values' size where they
// are all equal.
mogul.with_room = function (values, share) {
  const finite = values.filter(Number.isFinite);
  const low = finite.reduce((least, value) => Math.min(least, value), Infinity);
  const high = finite.reduce((most, value) => Math.max(most, value), -Infinity);
  if (!(low <= high)) return [0, 1];
  const size = Math.max(Math.abs(low), Math.abs(high));
  let room = share * (high - low);
  if (!(high - low > 1e-12 * size)) room = size > 0 ? Math.max(0.5 * (high - low), 1e-3 * size) : 1;
  return [low - room, high + room];
};

// A value with as many decimals as show three digits of `unit`: means are read against their standard deviation.
mogul.number = function (value, unit) {
  if (typeof value !== "number" || !Number.isFinite(value)) return "\u2013";
  if (value === 0) return "0";
  const decimals = Math.max(0, 2 - Math.floor(Math.log10(unit)));
  return Math.abs(value) < 1e15 && decimals <= 20 ? value.toFixed(decimals) : value.toPrecision(8);
};

// exp(log) with four digits, also where it is too small or too large for a double; where even its power of ten has more
// than six digits, by its logarithm.
mogul.from_log = function (log) {
  if (log === -Infinity) return "0";
  if (log > -9 && log < 700) return Math.exp(log).toPrecision(4);
  const exponent = Math.floor(log / Math.LN10);
  if (!(Math.abs(exponent) < 1e6)) return `exp(${log.toPrecision(3)})`;
  const factor = Math.exp(log - exponent * Math.LN10);
  return factor < 9.9995 ? `${factor.toFixed(3)}e${exponent}` : `1.000e${exponent + 1}`;
};

// The beginning of a name that is too long for its place.
mogul.shortened = function (name, most) {
  const letters = Array.from(name);  // no letter outside the basic plane is cut in two
  return letters.length <= most ? name : letters.slice(0, Math.max(1, most - 1)).join("") + "\u2026";
};
