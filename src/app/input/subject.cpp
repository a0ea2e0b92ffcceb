#include "app/input/subject.hpp"

#include <algorithm>

namespace cascade::app {
namespace {

using analysis::AliveCells;
using analysis::Sampling;
using analysis::Subject;

/// The same scales whatever the field's d and h: the fits find out which of them the levels resolve.
int finest_scale(const Subject& subject) {
  if (subject.scattered)
    return std::clamp(subject.levels - 10, 6, 14);
  return std::min(std::clamp(subject.levels - 3, 1, 22), subject.levels);
}

Sampling sampling_of(const RunConfig& config, const Subject& subject) {
  Sampling choice;
  if (subject.levels == 0 || !config.sampling.enabled)
    return choice;
  const analysis::SamplingWish& wish = config.sampling.wish;
  choice.levels = subject.levels;
  choice.trees = static_cast<int>(wish.trees);
  choice.scales = static_cast<int>(wish.scales.value_or(finest_scale(subject)));
  config.analysis.choose(wish, subject, choice);
  return choice;
}

} // namespace

Subject subject_of(const RunConfig& config) {
  const solvers::Shape field = config.field->shape();
  Subject subject;
  subject.dimensions = field.dimensions;
  subject.components = field.components;
  subject.points = field.points;
  subject.box = field.box;
  subject.given = field.given;
  subject.missing = field.missing;
  subject.activity = field.activity;
  subject.levels = field.levels;
  subject.scattered = field.scattered;
  subject.increments = field.increments;
  subject.tilted = field.tilted;
  subject.realisations = config.run.realisations.value_or(field.realisations);
  subject.seed = config.seed();
  subject.window = config.fit.window;
  subject.judge = analysis::way_from_text(config.fit.judge);
  subject.moments = config.analysis.moments();
  subject.sampling = sampling_of(config, subject);
  return subject;
}

Subject subject_of(const RunConfig& config, const solvers::Generator& generator) {
  Subject subject = subject_of(config);
  if (!subject.sampled())
    return subject;
  const auto sample = generator.points()->outline();
  if (sample.tree)
    subject.alive = AliveCells::walked;
  if (!sample.tree && sample.spine) {
    subject.alive = AliveCells::shown;
    if (const theory::LawPtr law = generator.law())
      subject.promised_dimension = law->dimension();
  }
  return subject;
}

} // namespace cascade::app
