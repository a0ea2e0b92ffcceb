#pragma once
// A result with its judgement beside it. Made by app/verdict alone, read by whatever writes reports.

#include "analysis/measurement/result.hpp"
#include "theory/verdict.hpp"

#include <optional>
#include <string>
#include <vector>

namespace cascade::app {

using theory::Verdict;

struct Prediction {
  double value = 0;
  std::string formula;
};

/// Is the curve what it is expected to be? One number for all its scales.
struct CurveTest {
  std::optional<double> p_value; ///< absent: not tested; `note` says why
  std::string statistic;         ///< "Hotelling T^2" | "chi^2 of the levels"
  int scales = 0;                ///< independent combinations tested
  int realisations = 0;          ///< independent blocks behind the test
  bool conditional = false;      ///< expectation given the counted activity
  std::vector<double> at;        ///< abscissas tested (of the table: r, s, or the first k of an octave)
  std::vector<double> z;         ///< level by level, for counted activity
  std::string note;
};

/// The exact expectation of a curve, point by point; empty where nothing exact is known.
struct ExpectedCurve {
  std::vector<double> y;             ///< given the counted activity where there is one; NaN where unknown
  std::vector<double> unconditional; ///< over all realisations, where the two differ
  std::vector<double> slope;         ///< local slope of `y`
  std::vector<double> z;             ///< (measured - y)/its error over independent blocks; empty without blocks
};

/// What was measured, and what came of it. The measured part is never changed again.
struct Judged {
  analysis::Result result;
  std::optional<Prediction> predicted;
  std::optional<double> z; ///< (measured - predicted)/standard error
  Verdict verdict = Verdict::not_judged;
  bool few = false; ///< by the law too few trees or draws decide it: shown, and undecided
  std::optional<CurveTest> test;
  ExpectedCurve expected;
};

} // namespace cascade::app
