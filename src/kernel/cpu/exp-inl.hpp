// exp for arguments that are never positive. Compiled once per instruction set.

#if defined(MOGUL_EXP_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef MOGUL_EXP_INL_HPP
#undef MOGUL_EXP_INL_HPP
#else
#define MOGUL_EXP_INL_HPP
#endif

#include "kernel/cpu/vector-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace mogul::cpu::HWY_NAMESPACE {

/// exp(t / 2) for several t <= 0 side by side; 0 from t = -700 down, long before a denormal or an overflow of the
/// exponent.
///
/// t / 2 = n log 2 + f with |f| <= log(2) / 2; exp f = 1 + f + f^2 q(f), q the Chebyshev approximation of degree 9.
/// @error  1 ulp; that of q is 1.3e-17
template <std::size_t kCount>
HWY_ATTR HWY_INLINE void exp_of_half(const V (&t)[kCount], V (&out)[kCount]) {
  constexpr double kEven[] = {0x1.2891834686c7ep-22, 0x1.a019b90eefe8ep-16, 0x1.6c16c1788b646p-10, 0x1.5555555553d64p-5,
                              0x1.0000000000001p-1};
  constexpr double kOdd[] = {0x1.af38a71a18cb9p-26, 0x1.71de0daf7a6ccp-19, 0x1.a01a01a7c3d59p-13, 0x1.11111111109b4p-7,
                             0x1.5555555555556p-3};
  const hn::RebindToSigned<D> di;
  const V rounder = hn::Set(d, 0x1.8p52);  // adding it rounds to an integer, which then stands in the low bits
  V shifted[kCount], f[kCount], f2[kCount], even[kCount], odd[kCount];
  HWY_UNROLL(4) for (std::size_t i = 0; i < kCount; ++i) {
    shifted[i] = hn::MulAdd(t[i], hn::Set(d, 0x1.71547652b82fep-1), rounder);  // 1 / (2 log 2)
    const V n = hn::Sub(shifted[i], rounder);
    // log 2 in two parts: n times the first is exact.
    f[i] = hn::NegMulAdd(n, hn::Set(d, 0x1.62e42fee00000p-1), hn::Mul(t[i], hn::Set(d, 0.5)));
    f[i] = hn::NegMulAdd(n, hn::Set(d, 0x1.a39ef35793c76p-33), f[i]);
    f2[i] = hn::Mul(f[i], f[i]);
    even[i] = hn::Set(d, kEven[0]);
    odd[i] = hn::Set(d, kOdd[0]);
  }
  HWY_UNROLL(4) for (std::size_t c = 1; c < 5; ++c) {
    HWY_UNROLL(4) for (std::size_t i = 0; i < kCount; ++i) {
      even[i] = hn::MulAdd(even[i], f2[i], hn::Set(d, kEven[c]));
      odd[i] = hn::MulAdd(odd[i], f2[i], hn::Set(d, kOdd[c]));
    }
  }
  HWY_UNROLL(4) for (std::size_t i = 0; i < kCount; ++i) {
    const V q = hn::MulAdd(odd[i], f[i], even[i]);
    const V exp_f = hn::Add(hn::MulAdd(q, f2[i], f[i]), hn::Set(d, 1.0));
    // 2^n by adding n to the exponent.
    const V scaled = hn::BitCast(d, hn::Add(hn::BitCast(di, exp_f), hn::ShiftLeft<52>(hn::BitCast(di, shifted[i]))));
    out[i] = hn::IfThenElseZero(hn::Gt(t[i], hn::Set(d, -700.0)), scaled);
  }
}

}  // namespace mogul::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
