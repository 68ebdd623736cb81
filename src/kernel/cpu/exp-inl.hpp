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

/// exp(s) for s <= 0; 0 below -350, long before a denormal or an overflow of the exponent.
///
/// s = n log 2 + f with |f| <= log(2) / 2; exp f = 1 + f + f^2 q(f), q the Chebyshev approximation of degree 9.
/// @error  1 ulp; that of q is 1.3e-17
HWY_ATTR HWY_INLINE V exp_negative(V s) {
  // Adding it rounds to an integer, which then stands in the low bits.
  const V rounder = hn::Set(d, 0x1.8p52);
  const V shifted = hn::MulAdd(s, hn::Set(d, 0x1.71547652b82fep+0), rounder);  // 1 / log 2
  const V n = hn::Sub(shifted, rounder);
  const V high = hn::NegMulAdd(n, hn::Set(d, 0x1.62e42fee00000p-1), s);  // log 2 in two parts: n times the first is exact
  const V f = hn::NegMulAdd(n, hn::Set(d, 0x1.a39ef35793c76p-33), high);
  const V f2 = hn::Mul(f, f);
  // Even and odd coefficients, so that two chains run side by side.
  V even = hn::Set(d, 0x1.2891834686c7ep-22);
  V odd = hn::Set(d, 0x1.af38a71a18cb9p-26);
  even = hn::MulAdd(even, f2, hn::Set(d, 0x1.a019b90eefe8ep-16));
  odd = hn::MulAdd(odd, f2, hn::Set(d, 0x1.71de0daf7a6ccp-19));
  even = hn::MulAdd(even, f2, hn::Set(d, 0x1.6c16c1788b646p-10));
  odd = hn::MulAdd(odd, f2, hn::Set(d, 0x1.a01a01a7c3d59p-13));
  even = hn::MulAdd(even, f2, hn::Set(d, 0x1.5555555553d64p-5));
  odd = hn::MulAdd(odd, f2, hn::Set(d, 0x1.11111111109b4p-7));
  even = hn::MulAdd(even, f2, hn::Set(d, 0x1.0000000000001p-1));
  odd = hn::MulAdd(odd, f2, hn::Set(d, 0x1.5555555555556p-3));
  const V q = hn::MulAdd(odd, f, even);
  const V exp_f = hn::Add(hn::MulAdd(q, f2, f), hn::Set(d, 1.0));
  // 2^n by adding n to the exponent.
  const hn::RebindToSigned<D> di;
  const V scaled = hn::BitCast(d, hn::Add(hn::BitCast(di, exp_f), hn::ShiftLeft<52>(hn::BitCast(di, shifted))));
  return hn::IfThenElseZero(hn::Ge(s, hn::Set(d, -350.0)), scaled);
}

}  // namespace mogul::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
