#pragma once
// Generators that promise or expect one thing and make another: what tests of verdicts and of expectations must catch.

#include "solvers/cascade/beta_cascade.hpp"
#include "solvers/cascade/grid.hpp"
#include "solvers/catalogue.hpp"

#include <functional>
#include <memory>

namespace cascade::test {

using Maker = std::function<std::unique_ptr<solvers::Generator>(std::uint64_t seed)>;

/// The parameters of one generator that make another; what the other cannot show is not in the shape.
class Remade final : public solvers::GeneratorParameters {
public:
  Remade(std::shared_ptr<const solvers::GeneratorParameters> honest, Maker real)
      : honest_(std::move(honest)), real_(std::move(real)) {}
  void declare(core::ParameterVisitor& v) override { honest_->clone()->declare(v); }
  void validate(core::Problems& problems) const override { honest_->validate(problems); }
  solvers::Shape shape() const override {
    solvers::Shape shape = honest_->shape();
    if (real_(1)->points() == nullptr)
      shape.levels = 0;
    return shape;
  }
  std::unique_ptr<solvers::Generator> make(std::uint64_t seed) const override { return real_(seed); }
  std::unique_ptr<GeneratorParameters> clone() const override { return std::make_unique<Remade>(*this); }

private:
  std::shared_ptr<const solvers::GeneratorParameters> honest_;
  Maker real_;
};

/// The fields of one generator under the law of another, or under none.
class Liar final : public solvers::Generator {
public:
  Liar(std::unique_ptr<solvers::Generator> truth, theory::LawPtr claimed)
      : truth_(std::move(truth)), claimed_(std::move(claimed)) {}
  theory::LawPtr law() const override { return claimed_; }
  const solvers::GridView* grid() const override { return truth_->grid(); }
  const solvers::PointView* points() const override { return truth_->points(); }

private:
  std::unique_ptr<solvers::Generator> truth_;
  theory::LawPtr claimed_;
};

/// Law, expectation and finite-size curves of one generator, gridded fields of another.
class Swapped final : public solvers::Generator, public solvers::GridView {
public:
  Swapped(std::unique_ptr<solvers::Generator> honest, std::unique_ptr<solvers::Generator> real)
      : honest_(std::move(honest)), real_(std::move(real)) {}
  theory::LawPtr law() const override { return honest_->law(); }
  const solvers::GridView* grid() const override { return this; }
  core::GridSample sample(const core::Decomposition& decomposition, const core::Communicator& communicator,
                          std::uint64_t realisation) const override {
    return real_->grid()->sample(decomposition, communicator, realisation);
  }
  core::MemoryParts scratch_memory(const core::Decomposition& d) const override {
    return real_->grid()->scratch_memory(d);
  }
  std::shared_ptr<const theory::FiniteSize> family(std::int64_t points, int highest_degree) const override {
    return honest_->grid()->family(points, highest_degree);
  }
  std::shared_ptr<const theory::Expectation> expectation(const core::Decomposition& decomposition,
                                                         const core::Communicator& communicator,
                                                         const theory::ExpectedLosses& losses) const override {
    return honest_->grid()->expectation(decomposition, communicator, losses);
  }

private:
  std::unique_ptr<solvers::Generator> honest_, real_;
};

/// A cascade whose rules are changed after they were made.
class ChangedCascade final : public solvers::Generator, public solvers::GridView {
public:
  using Change = std::function<void(solvers::CascadeRules&)>;
  ChangedCascade(const solvers::BetaCascadeParameters& parameters, Change change, std::uint64_t seed)
      : parameters_(parameters), change_(std::move(change)), seed_(seed) {}
  theory::LawPtr law() const override { return nullptr; }
  const solvers::GridView* grid() const override { return this; }
  core::GridSample sample(const core::Decomposition& decomposition, const core::Communicator& communicator,
                          std::uint64_t realisation) const override {
    core::GridSample sample{core::RealField(decomposition, communicator.rank()), core::ActiveDepth{}};
    solvers::CascadeRules rules(decomposition.domain().dimensions(),
                                solvers::grid_levels(decomposition.domain().points()), parameters_.resolved_dimension(),
                                parameters_.resolved_hurst(), seed_, realisation);
    change_(rules);
    solvers::fill_cascade(rules, sample.field, *sample.active);
    return sample;
  }
  core::MemoryParts scratch_memory(const core::Decomposition&) const override { return {}; }

private:
  solvers::BetaCascadeParameters parameters_;
  Change change_;
  std::uint64_t seed_;
};

} // namespace cascade::test
