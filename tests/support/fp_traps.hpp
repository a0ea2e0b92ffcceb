#pragma once
// Floating-point traps: a NaN, an overflow or a division by zero stops the test at the operation that made it.
// On in Debug and sanitizer builds; in Release the optimiser computes lanes it then throws away, which would trap
// falsely.

#include <cfenv>

namespace cascade::test {

#ifdef CASCADE_FP_TRAPS
inline constexpr int trapped_exceptions = FE_DIVBYZERO | FE_INVALID | FE_OVERFLOW;
#else
inline constexpr int trapped_exceptions = 0;
#endif

/// Traps on for the life of the object, the former state after it. The test main holds one round the whole session.
class FpTrapsOn {
public:
  FpTrapsOn() : before_(fegetexcept()) {
    std::feclearexcept(FE_ALL_EXCEPT);
    feenableexcept(trapped_exceptions);
  }
  ~FpTrapsOn() { restore(before_); }
  FpTrapsOn(const FpTrapsOn&) = delete;
  FpTrapsOn& operator=(const FpTrapsOn&) = delete;

  static void restore(int mask) {
    std::feclearexcept(FE_ALL_EXCEPT); // a flag left standing would fire at the next operation
    fedisableexcept(FE_ALL_EXCEPT);
    feenableexcept(mask);
  }

private:
  int before_;
};

/// Traps off in a scope, for the tests that feed NaN, infinity or a zero divisor on purpose.
class FpTrapsOff {
public:
  FpTrapsOff() : before_(fegetexcept()) { fedisableexcept(FE_ALL_EXCEPT); }
  ~FpTrapsOff() { FpTrapsOn::restore(before_); }
  FpTrapsOff(const FpTrapsOff&) = delete;
  FpTrapsOff& operator=(const FpTrapsOff&) = delete;

private:
  int before_;
};

} // namespace cascade::test
