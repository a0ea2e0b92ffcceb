#pragma once
// Generators that expect one thing and make another: what a test of expectations must catch.

#include "solvers/cascade/beta_cascade.hpp"
#include "solvers/cascade/grid.hpp"
#include "solvers/catalogue.hpp"

#include <functional>
#include <memory>

namespace cascade::test {

/// Law, expectation and finite-size curves of one generator, fields of another.
class Swapped final : public solvers::Generator {
public:
  Swapped(std::unique_ptr<solvers::Generator> honest, std::unique_ptr<solvers::Generator> real)
      : honest_(std::move(honest)), real_(std::move(real)) {}
  theory::LawPtr law() const override { return honest_->law(); }
  int dimensions() const override { return honest_->dimensions(); }
  core::GridSample grid(const core::Decomposition& decomposition, const core::Communicator& communicator,
                        std::uint64_t realisation) const override {
    return real_->grid(decomposition, communicator, realisation);
  }
  std::int64_t scratch_bytes(const core::Decomposition& d) const override { return real_->scratch_bytes(d); }
  std::shared_ptr<const theory::FiniteSize> finite_size(std::int64_t points, int highest_degree) const override {
    return honest_->finite_size(points, highest_degree);
  }
  std::shared_ptr<const theory::Expectation> grid_expectation(const core::Decomposition& decomposition,
                                                              const core::Communicator& communicator,
                                                              const theory::ExpectedLosses& losses) const override {
    return honest_->grid_expectation(decomposition, communicator, losses);
  }

private:
  std::unique_ptr<solvers::Generator> honest_, real_;
};

using Maker = std::function<std::unique_ptr<solvers::Generator>(std::uint64_t seed)>;

/// Parameters of the honest generator that make the swapped one.
class SwappedParameters final : public solvers::GeneratorParameters {
public:
  SwappedParameters(std::shared_ptr<const solvers::GeneratorParameters> honest, Maker real)
      : honest_(std::move(honest)), real_(std::move(real)) {}
  void declare(core::ParameterVisitor& v) override { honest_->clone()->declare(v); }
  void validate(core::Problems& problems) const override { honest_->validate(problems); }
  int dimensions() const override { return honest_->dimensions(); }
  std::int64_t points() const override { return honest_->points(); }
  int virtual_levels() const override { return 0; }
  int components() const override { return honest_->components(); }
  std::unique_ptr<solvers::Generator> make(std::uint64_t seed) const override {
    return std::make_unique<Swapped>(honest_->make(seed), real_(seed));
  }
  std::unique_ptr<GeneratorParameters> clone() const override { return std::make_unique<SwappedParameters>(*this); }

private:
  std::shared_ptr<const solvers::GeneratorParameters> honest_;
  Maker real_;
};

/// A cascade whose rules are changed after they were made.
class ChangedCascade final : public solvers::Generator {
public:
  using Change = std::function<void(solvers::CascadeRules&)>;
  ChangedCascade(const solvers::BetaCascadeParameters& parameters, Change change, std::uint64_t seed)
      : parameters_(parameters), change_(std::move(change)), seed_(seed) {}
  theory::LawPtr law() const override { return nullptr; }
  int dimensions() const override { return static_cast<int>(parameters_.embedding_dimension); }
  core::GridSample grid(const core::Decomposition& decomposition, const core::Communicator& communicator,
                        std::uint64_t realisation) const override {
    core::GridSample sample{core::RealField(decomposition, communicator.rank()), core::ActiveDepth{}};
    solvers::CascadeRules rules(dimensions(), solvers::grid_levels(decomposition.domain().points()),
                                parameters_.resolved_dimension(), parameters_.resolved_hurst(), seed_, realisation);
    change_(rules);
    solvers::fill_cascade(rules, sample.field, *sample.active);
    return sample;
  }
  std::int64_t scratch_bytes(const core::Decomposition&) const override { return 0; }

private:
  solvers::BetaCascadeParameters parameters_;
  Change change_;
  std::uint64_t seed_;
};

} // namespace cascade::test
