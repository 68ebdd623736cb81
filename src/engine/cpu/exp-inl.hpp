// exp for arguments that are never positive. Compiled once per instruction set.

#if defined(MOGUL_EXP_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef MOGUL_EXP_INL_HPP
#undef MOGUL_EXP_INL_HPP
#else
#define MOGUL_EXP_INL_HPP
#endif

#include <cstdint>

#include "engine/cpu/vector-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace mogul::cpu::HWY_NAMESPACE {

// Q(g) = (exp(g / 2) - 1) / g for |g| <= log 2 / kTable, highest power first: Chebyshev interpolations, whose error in
// exp is 1e-17 in double and 4e-8 in float.
template <class T, std::size_t kTable>
struct ExpPolynomial;
template <>
struct ExpPolynomial<double, 1> {
  static constexpr double kQ[] = {0x1.af4ddd84882fep-37,
                                  0x1.28a2c0a7209fbp-32,
                                  0x1.71de02375656cp-28,
                                  0x1.a019a66a75dd4p-24,
                                  0x1.a01a01abe62ddp-20,
                                  0x1.6c16c17f43a58p-16,
                                  0x1.11111111100dfp-12,
                                  0x1.55555555520afp-9,
                                  0x1.5555555555557p-6,
                                  0x1.0000000000005p-3,
                                  0.5};
};
template <>
struct ExpPolynomial<double, 8> {
  static constexpr double kQ[] = {0x1.a01edd94e0c6ep-20,
                                  0x1.6c1c38e12909dp-16,
                                  0x1.1111110c65bbfp-12,
                                  0x1.5555554ad3d18p-9,
                                  0x1.555555555559dp-6,
                                  0x1.00000000000a2p-3,
                                  0.5};
};
template <>
struct ExpPolynomial<float, 1> {
  static constexpr float kQ[] = {0x1.6d4316p-16F, 0x1.123d82p-12F, 0x1.5554eap-9F, 0x1.55547cp-6F, 0x1p-3F, 0.5F};
};
template <>
struct ExpPolynomial<float, 8> {
  static constexpr float kQ[] = {0x1.555b7cp-6F, 0x1.0007bp-3F, 0.5F};
};

// The bits of 2^(j / 8), less j / 8 in the exponent: adding n / 8 = m + j / 8 there makes it 2^(n / 8).
HWY_ALIGN constexpr std::int64_t kEighths64[] = {0x3ff0000000000000, 0x3fef72b83c7d517b, 0x3fef06fe0a31b715,
                                                 0x3feebfdad5362a27, 0x3feea09e667f3bcd, 0x3feeace5422aa0db,
                                                 0x3feee89f995ad3ad, 0x3fef5818dcfba487};
HWY_ALIGN constexpr std::int32_t kEighths32[] = {0x3f800000, 0x3f7b95c2, 0x3f7837f0, 0x3f75fed7, 0x3f7504f3, 0x3f75672a,
                                                 0x3f7744fd, 0x3f7ac0c7, 0x3f800000, 0x3f7b95c2, 0x3f7837f0, 0x3f75fed7,
                                                 0x3f7504f3, 0x3f75672a, 0x3f7744fd, 0x3f7ac0c7};
inline const std::int64_t* eighths(std::int64_t /*type*/) { return kEighths64; }
inline const std::int32_t* eighths(std::int32_t /*type*/) { return kEighths32; }

// What adding to a number rounds to an integer, which then stands in the lowest bits.
template <class T>
constexpr double kRounder = std::is_same_v<T, double> ? 0x1.8p52 : 0x1.8p23;
template <class T>
constexpr int kMantissaBits = std::is_same_v<T, double> ? 52 : 23;

/// exp(t / 2) is taken to be 0 from this t down, long before a square of it is denormal.
template <class T>
constexpr double kNegligibleExponent = std::is_same_v<T, double> ? -700.0 : -85.0;

/// exp(t / 2) for several t <= 0 side by side.
///
/// t = n 2 log 2 / kTable + g, |g| <= log 2 / kTable; exp(t / 2) = 2^(n / kTable) (1 + g Q(g)). Vectors of eight lanes
/// or more hold a table of 2^(j / 8), which makes Q short.
/// @error  1 ulp, and as much as half an ulp of t makes
template <class T, std::size_t kCount>
HWY_ATTR HWY_INLINE void exp_of_half(const V<T> (&t)[kCount], V<T> (&out)[kCount]) {
  constexpr std::size_t kTable = kLanes<T> >= 8 ? 8 : 1;
  constexpr int kTableBits = kTable == 8 ? 3 : 0;
  constexpr Tag<T> d;
  constexpr hn::RebindToSigned<Tag<T>> di;
  constexpr auto& kQ = ExpPolynomial<T, kTable>::kQ;
  constexpr double kStep = 0x1.62e42fefa39efp0 / kTable;  // 2 log 2 / kTable
  V<T> shifted[kCount], g[kCount], q[kCount];
  HWY_UNROLL(4) for (std::size_t i = 0; i < kCount; ++i) {
    shifted[i] = hn::MulAdd(t[i], set<T>(1 / kStep), set<T>(kRounder<T>));
    g[i] = hn::NegMulAdd(hn::Sub(shifted[i], set<T>(kRounder<T>)), set<T>(kStep), t[i]);
    q[i] = set<T>(kQ[0]);
  }
  for (std::size_t c = 1; c < std::size(kQ); ++c) {
    HWY_UNROLL(4) for (std::size_t i = 0; i < kCount; ++i) q[i] = hn::MulAdd(q[i], g[i], set<T>(kQ[c]));
  }
  HWY_UNROLL(4) for (std::size_t i = 0; i < kCount; ++i) {
    const V<T> exp_g = hn::MulAdd(q[i], g[i], set<T>(1));
    const auto n = hn::BitCast(di, shifted[i]);
    // Adding n to the exponent multiplies by 2^n.
    const auto exponent = hn::ShiftLeft<kMantissaBits<T> - kTableBits>(n);
    V<T> h;
    if constexpr (kTable == 8) {
      const auto j = hn::IndicesFromVec(di, hn::And(n, hn::Set(di, 7)));
      const auto table = hn::Load(di, eighths(hn::TFromD<decltype(di)>()));
      h = hn::Mul(exp_g, hn::BitCast(d, hn::Add(hn::TableLookupLanes(table, j), exponent)));
    } else {
      h = hn::BitCast(d, hn::Add(hn::BitCast(di, exp_g), exponent));
    }
    out[i] = hn::IfThenElseZero(hn::Gt(t[i], set<T>(kNegligibleExponent<T>)), h);
  }
}

}  // namespace mogul::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
