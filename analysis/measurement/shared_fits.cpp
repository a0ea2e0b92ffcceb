#include "analysis/measurement/shared_fits.hpp"

#include "analysis/fit/no_fit.hpp"

#include <cstring>
#include <utility>

namespace cascade::analysis {
namespace {

/// Every member of a fit, in one order for writing and for reading.
template <class Fit, class Archive>
void members(Fit& f, Archive& archive) {
  for (auto* v : {&f.exponent, &f.statistical_error, &f.systematic_error, &f.standard_error, &f.interval95[0],
                  &f.interval95[1], &f.profile95[0], &f.profile95[1], &f.loglog_slope, &f.window[0], &f.window[1],
                  &f.amplitude, &f.octaves, &f.widening, &f.missing})
    archive.value(*v);
  archive.value(f.chi2_per_dof);
  archive.value(f.p_value);
  archive.value(f.degrees_of_freedom);
  archive.value(f.status);
  archive.list(f.reason);
  for (auto* v : {&f.curve.x, &f.curve.y, &f.curve.residual})
    archive.list(*v);
  archive.value(f.points);
  archive.list(f.model);
  archive.list(f.replicate_amplitudes);
  archive.list(f.replicate_missing);
  archive.list(f.replicates);
}

struct FitWriter {
  std::string bytes;
  template <class T>
  void value(const T& v) {
    bytes.append(reinterpret_cast<const char*>(&v), sizeof v);
  }
  template <class List>
  void list(const List& v) {
    value(v.size());
    bytes.append(reinterpret_cast<const char*>(v.data()), v.size() * sizeof(v[0]));
  }
};

struct FitReader {
  const char* at;
  template <class T>
  void value(T& v) {
    std::memcpy(&v, at, sizeof v);
    at += sizeof v;
  }
  template <class List>
  void list(List& v) {
    std::size_t size = 0;
    value(size);
    v.resize(size);
    if (size > 0)
      std::memcpy(v.data(), at, size * sizeof(v[0]));
    at += size * sizeof(v[0]);
  }
};

} // namespace

std::size_t SharedFits::add(std::function<ExponentFit()> fit) {
  fits_.push_back(std::move(fit));
  return fits_.size() - 1;
}

void SharedFits::run(const core::Communicator& communicator) {
  outcomes_.assign(fits_.size(), {});
  const auto ranks = static_cast<std::size_t>(communicator.size()), me = static_cast<std::size_t>(communicator.rank());
  communicator.agree([&] {
    for (std::size_t i = me; i < fits_.size(); i += ranks) {
      try {
        outcomes_[i].fit = fits_[i]();
      } catch (const NoFit& why) {
        outcomes_[i].complaint = why.what();
      }
    }
  });
  for (std::size_t owner = 0; owner < ranks && ranks > 1 && owner < fits_.size(); ++owner) {
    FitWriter writer;
    for (std::size_t i = owner; i < fits_.size() && owner == me; i += ranks) {
      writer.list(outcomes_[i].complaint);
      writer.value(outcomes_[i].fit.has_value());
      if (outcomes_[i].fit)
        members(std::as_const(*outcomes_[i].fit), writer);
    }
    const std::string bytes = communicator.broadcast(writer.bytes, static_cast<int>(owner));
    FitReader reader{bytes.data()};
    for (std::size_t i = owner; i < fits_.size(); i += ranks) {
      reader.list(outcomes_[i].complaint);
      bool made = false;
      reader.value(made);
      if (made)
        members(outcomes_[i].fit.emplace(), reader);
    }
  }
}

} // namespace cascade::analysis
