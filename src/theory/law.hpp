#pragma once
// What a source promises about its field: the predicted side of every comparison.

#include <memory>
#include <optional>
#include <string>

namespace cascade::theory {

/// Exponents of structure functions, S_p(r) ~ r^zeta_p, and what follows from them. Immutable; calls are pure. Symbols
/// as in docs/theory.md section 1. Only zeta is known of every law: a law without an active set has no d, a
/// multifractal one no single h, and whoever asks for them must cope.
class Law {
public:
  virtual ~Law() = default;
  virtual int embedding_dimension() const = 0; ///< D
  /// zeta_p before saturation at p (exponents.hpp).
  virtual double zeta(double order) const = 0;
  virtual std::optional<double> dimension() const { return {}; } ///< d, fractal dimension of the active set
  virtual std::optional<double> hurst() const { return {}; }     ///< h, Hurst exponent on the active set
  /// Exponent of the shell spectrum E(k) ~ k^slope; nullopt where the spectrum is no power law.
  virtual std::optional<double> spectrum_slope() const { return -1 - zeta(2); }
  /// tau(q) of a measure: the sum over cells of side s of (what they hold)^q ~ s^tau; nullopt for what is no measure.
  virtual std::optional<double> mass_exponent(double) const { return {}; }
  /// Order q_* beyond which one realisation shows a straight line in place of zeta_q (or tau); nullopt: none.
  virtual std::optional<double> linear_beyond() const { return {}; }
  /// The same of negative orders of a measure: below this one tau is a straight line; nullopt: nowhere.
  virtual std::optional<double> linear_below() const { return {}; }
  /// c_1, c_2 of zeta_q = c_1 q + c_2 q^2/2 + ...; nullopt where they are not known or do not exist.
  virtual std::optional<double> log_cumulant(int) const { return {}; }
  virtual std::string formula() const = 0;   ///< zeta_p in symbols
  virtual std::string reference() const = 0; ///< paper and equation
};

/// Null: nothing is promised, and no measurement is judged.
using LawPtr = std::shared_ptr<const Law>;

} // namespace cascade::theory
