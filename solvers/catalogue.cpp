#include "solvers/catalogue.hpp"

#include "solvers/cascade/beta_cascade.hpp"
#include "solvers/fourier/fourier_modes.hpp"
#include "solvers/gaussian/gaussian.hpp"

namespace cascade::solvers {
namespace {

/// Adapts a generator's plain parameter struct.
template <class Derived, class Parameters>
class Adapter : public GeneratorParameters {
public:
  void declare(core::ParameterVisitor& v) override { parameters_.declare(v); }
  void validate(core::Problems& problems) const override { parameters_.validate(problems); }
  int dimensions() const override { return static_cast<int>(parameters_.embedding_dimension); }
  std::int64_t points() const override { return parameters_.resolved_points(); }
  std::unique_ptr<GeneratorParameters> clone() const override {
    return std::make_unique<Derived>(static_cast<const Derived&>(*this));
  }

protected:
  Parameters parameters_;
};

class BetaCascadeEntry final : public Adapter<BetaCascadeEntry, BetaCascadeParameters> {
public:
  int virtual_levels() const override { return parameters_.resolved_levels(); }
  int components() const override { return 1; }
  bool scattered() const override { return parameters_.oriented(); }
  bool has_increments() const override { return !parameters_.oriented(); }
  std::unique_ptr<Generator> make(std::uint64_t seed) const override {
    return std::make_unique<BetaCascade>(parameters_, seed);
  }
};

class FourierModesEntry final : public Adapter<FourierModesEntry, FourierModesParameters> {
public:
  int virtual_levels() const override { return parameters_.resolved_levels(); }
  int components() const override { return 1; }
  bool scattered() const override { return true; }
  std::unique_ptr<Generator> make(std::uint64_t seed) const override {
    return std::make_unique<FourierModes>(parameters_, seed);
  }
};

class GaussianEntry final : public Adapter<GaussianEntry, GaussianParameters> {
public:
  int virtual_levels() const override { return 0; }
  int components() const override { return parameters_.component_count(); }
  std::int64_t default_realisations() const override { return parameters_.embedding_dimension == 1 ? 16 : 1; }
  std::unique_ptr<Generator> make(std::uint64_t seed) const override { return make_gaussian(parameters_, seed); }
};

} // namespace

const std::vector<GeneratorEntry>& catalogue() {
  static const std::vector<GeneratorEntry> table = {
      {"beta_cascade", "random cascade of eddies on a fractal set of dimension d, roughness h (grid and point views)",
       [] { return std::unique_ptr<GeneratorParameters>(std::make_unique<BetaCascadeEntry>()); }},
      {"fourier_modes", "random Fourier modes with roughness h in any dimension up to 1024 (point view)",
       [] { return std::unique_ptr<GeneratorParameters>(std::make_unique<FourierModesEntry>()); }},
      {"gaussian", "Gaussian random field with a power-law spectrum, scalar or solenoidal vector (grid view)",
       [] { return std::unique_ptr<GeneratorParameters>(std::make_unique<GaussianEntry>()); }},
  };
  return table;
}

} // namespace cascade::solvers
