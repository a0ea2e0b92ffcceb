#include "core/grid/lag_transform.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace cascade::core {
namespace {

constexpr Index side_by_side = 16;    // columns done together: a few cache lines of every row
constexpr Index rounds_of_lines = 16; // messages of a sixteenth of a field

/// Smallest even 2^a 3^b 5^c 7^d that is no smaller.
Index fast_length(Index least) {
  for (Index n = least + least % 2;; n += 2) {
    Index rest = n;
    for (const Index p : {2, 3, 5, 7})
      for (; rest % p == 0; rest /= p) {
      }
    if (rest == 1)
      return n;
  }
}

LagAxis lag_axis(const Domain& domain, int axis) {
  LagAxis a;
  a.points = a.padded = domain.points(axis);
  a.periodic = domain.periodic(axis) || a.points == 1;
  a.largest = a.periodic ? a.points / 2 : a.points - 1;
  if (!a.periodic)
    a.padded = fast_length(2 * a.points - 1);
  return a;
}

/// Axis of the columns, the first one that is there, and the one beside it.
int outer_axis(const Domain& domain) {
  return domain.dimensions() == 3 ? 0 : 1;
}

std::span<double> as_reals(std::vector<Complex>& v) {
  return {reinterpret_cast<double*>(v.data()), 2 * v.size()};
}

} // namespace

struct LagTransform::Impl {
  Decomposition decomposition;
  const Communicator& communicator;
  std::array<LagAxis, 3> axes;
  LagAxis outer, inner, last;
  Index modes, plane;
  std::vector<Range> mine; // modes of axis 2 by rank
  RealLineFft line;
  LineFft along_inner, along_outer;

  Impl(const Decomposition& d, const Communicator& c)
      : decomposition(d),
        communicator(c), axes{lag_axis(d.domain(), 0), lag_axis(d.domain(), 1), lag_axis(d.domain(), 2)},
        outer(axes[static_cast<std::size_t>(outer_axis(d.domain()))]),
        inner(axes[static_cast<std::size_t>(1 - outer_axis(d.domain()))]), last(axes[2]), modes(last.padded / 2 + 1),
        plane(std::max(outer.points * inner.points, lines())), line(last.padded), along_inner(inner.padded),
        along_outer(outer.padded) {
    for (int rank = 0; rank < c.size(); ++rank)
      mine.push_back(split_range(modes, c.size(), rank));
  }

  /// Lines of lags along axis 2 of the result.
  Index lines() const { return (outer.largest + 1) * inner.lags(); }
  Index count_of(int rank) const {
    const Range& r = mine[static_cast<std::size_t>(rank)];
    return r.end - r.begin;
  }
  Range own() const { return mine[static_cast<std::size_t>(communicator.rank())]; }
  Index rounds(Index lines) const {
    constexpr Index alone = 64; // lines of one rank, while they are in cache
    return communicator.size() > 1 ? rounds_of_lines : std::max<Index>(1, (lines + alone - 1) / alone);
  }

  /// Sends counts[r] lines' numbers to each rank r and receives; alone, nothing moves.
  void exchange(std::vector<Complex>& send, std::vector<std::int64_t> sent, std::vector<Complex>& receive,
                std::vector<std::int64_t> received) const {
    if (communicator.size() == 1) {
      send.swap(receive);
      return;
    }
    for (auto* counts : {&sent, &received})
      for (std::int64_t& n : *counts)
        n *= 2;
    communicator.all_to_all(as_reals(send), sent, as_reals(receive), received);
  }
};

LagTransform::LagTransform(const Decomposition& decomposition, const Communicator& communicator)
    : impl_(std::make_unique<Impl>(decomposition, communicator)) {}
LagTransform::LagTransform(LagTransform&&) noexcept = default;
LagTransform::~LagTransform() = default;

const LagAxis& LagTransform::axis(int axis) const {
  return impl_->axes[static_cast<std::size_t>(axis)];
}
Index LagTransform::planes_size() const {
  return impl_->plane * impl_->count_of(impl_->communicator.rank());
}
Index LagTransform::total_modes() const {
  return impl_->outer.padded * impl_->inner.padded * impl_->last.padded;
}

void LagTransform::spread(const LineSource& source, Complex* planes) const {
  const Impl& s = *impl_;
  const int ranks = s.communicator.size(), me = s.communicator.rank();
  const Index n1 = s.axes[1].points, own = s.count_of(me);
  const auto box_of = [&](int rank) { return s.decomposition.real_box(rank); };
  const auto lines_of = [&](int rank) {
    return box_of(rank).empty() ? 0 : box_of(rank).extent(0) * box_of(rank).extent(1);
  };
  Index most = 0;
  for (int rank = 0; rank < ranks; ++rank)
    most = std::max(most, lines_of(rank));
  const Index rounds = s.rounds(most), width = box_of(me).extent(1);
  std::vector<double> values(static_cast<std::size_t>(s.last.padded), 0.0);
  std::vector<Complex> modes(static_cast<std::size_t>(s.modes)), send, receive;
  std::vector<std::int64_t> sent(static_cast<std::size_t>(ranks)), received(static_cast<std::size_t>(ranks));
  for (Index round = 0; round < rounds; ++round) {
    const Range part = split_range(lines_of(me), rounds, round);
    const Index lines = part.end - part.begin;
    send.resize(static_cast<std::size_t>(lines * s.modes));
    for (Index q = part.begin; q < part.end; ++q) {
      source(q / width, q % width, values.data());
      s.line.forward(values.data(), modes.data());
      Complex* out = send.data();
      for (int rank = 0; rank < ranks; out += lines * s.count_of(rank), ++rank)
        std::copy_n(modes.data() + s.mine[static_cast<std::size_t>(rank)].begin, s.count_of(rank),
                    out + (q - part.begin) * s.count_of(rank));
    }
    Index total = 0;
    for (int rank = 0; rank < ranks; ++rank) {
      const Range theirs = split_range(lines_of(rank), rounds, round);
      sent[static_cast<std::size_t>(rank)] = lines * s.count_of(rank);
      received[static_cast<std::size_t>(rank)] = (theirs.end - theirs.begin) * own;
      total += received[static_cast<std::size_t>(rank)];
    }
    receive.resize(static_cast<std::size_t>(total));
    s.exchange(send, sent, receive, received);
    const Complex* in = receive.data();
    for (int rank = 0; rank < ranks; ++rank) {
      const Range theirs = split_range(lines_of(rank), rounds, round);
      const Box box = box_of(rank);
      for (Index first = theirs.begin; first < theirs.end; first += side_by_side) {
        const Index count = std::min(side_by_side, theirs.end - first);
        for (Index k = 0; k < own; ++k)
          for (Index b = 0; b < count; ++b) {
            const Index i = box.begin[0] + (first + b) / box.extent(1), j = box.begin[1] + (first + b) % box.extent(1);
            planes[k * s.plane + i * n1 + j] = in[b * own + k];
          }
        in += count * own;
      }
    }
  }
}

void LagTransform::correlate(std::span<Complex* const> inputs, std::span<Complex* const> outputs,
                             const std::vector<bool>& odd, const Combine& combine) const {
  const Impl& s = *impl_;
  const Index n0 = s.outer.points, n1 = s.inner.points, p0 = s.outer.padded, p1 = s.inner.padded;
  const Index kept = s.outer.largest + 1;
  const auto buffer = [](std::size_t fields, Index numbers) {
    return AlignedBuffer(2 * static_cast<Index>(fields) * numbers);
  };
  const auto complex = [](AlignedBuffer& b) { return reinterpret_cast<Complex*>(b.data()); };
  const std::size_t fields = inputs.size(), results = outputs.size(), pairs = (results + 1) / 2;
  AlignedBuffer before = buffer(fields, n0 * p1), after = buffer(results, kept * p1),
                columns = buffer(fields, side_by_side * p0), window_room = buffer(1, side_by_side * p0),
                one = buffer(1, std::max(p0, p1)), two = buffer(1, std::max(p0, p1)),
                numbers(static_cast<Index>(2 * pairs) * side_by_side * p0);
  Complex *const in = complex(one), *const out = complex(two), *const window = complex(window_room);
  // The window of each axis, transformed: a product.
  const auto transformed = [](const LagAxis& axis, const LineFft& fft) {
    AlignedBuffer room(4 * axis.padded);
    Complex *ones = reinterpret_cast<Complex*>(room.data()), *spectrum = ones + axis.padded;
    std::fill_n(ones, axis.padded, Complex{});
    std::fill_n(ones, axis.points, Complex{1, 0});
    fft.line(Direction::forward, ones, spectrum);
    return std::vector<Complex>(spectrum, spectrum + axis.padded);
  };
  const std::vector<Complex> w0 = transformed(s.outer, s.along_outer), w1 = transformed(s.inner, s.along_inner),
                             w2 = transformed(s.last, LineFft(s.last.padded));
  std::vector<const Complex*> spectra;
  for (std::size_t f = 0; f < fields; ++f)
    spectra.push_back(complex(columns) + static_cast<Index>(f) * side_by_side * p0);
  std::vector<double*> real;
  for (std::size_t r = 0; r < 2 * pairs; ++r)
    real.push_back(numbers.data() + static_cast<Index>(r) * side_by_side * p0);
  std::fill_n(numbers.data(), numbers.size(), 0.0);

  const Range own = s.own();
  for (Index k2 = own.begin; k2 < own.end; ++k2) {
    const Index at = (k2 - own.begin) * s.plane;
    for (std::size_t f = 0; f < fields; ++f)
      for (Index i = 0; i < n0; ++i) {
        std::copy_n(inputs[f] + at + i * n1, n1, in);
        std::fill(in + n1, in + p1, Complex{});
        s.along_inner.line(Direction::forward, in, complex(before) + (static_cast<Index>(f) * n0 + i) * p1);
      }
    for (Index first = 0; first < p1; first += side_by_side) {
      const Index count = std::min(side_by_side, p1 - first);
      for (std::size_t f = 0; f < fields; ++f) {
        const Complex* from = complex(before) + static_cast<Index>(f) * n0 * p1 + first;
        for (Index b = 0; b < count; ++b) {
          for (Index i = 0; i < n0; ++i)
            in[i] = from[i * p1 + b];
          std::fill(in + n0, in + p0, Complex{});
          s.along_outer.line(Direction::forward, in, const_cast<Complex*>(spectra[f]) + b * p0);
        }
      }
      for (Index b = 0; b < count; ++b) {
        const Complex factor = w1[static_cast<std::size_t>(first + b)] * w2[static_cast<std::size_t>(k2)];
        for (Index k = 0; k < p0; ++k)
          window[b * p0 + k] = factor * w0[static_cast<std::size_t>(k)];
      }
      const bool alone = k2 == 0 || 2 * k2 == s.last.padded;
      combine({alone ? 1.0 : 2.0, static_cast<std::size_t>(count * p0), spectra, window, {real.data(), results}});
      // Two real spectra make one transform: of a real spectrum v(-l) is the conjugate of v(l).
      for (std::size_t r = 0; r < results; r += 2)
        for (Index b = 0; b < count; ++b) {
          const double *even = real[r] + b * p0, *second = real[r + 1] + b * p0;
          for (Index k = 0; k < p0; ++k)
            in[k] = {even[k], second[k]};
          s.along_outer.line(Direction::backward, in, out);
          for (const std::size_t which : {r, r + 1}) {
            if (which >= results)
              break;
            Complex* to = complex(after) + static_cast<Index>(which) * kept * p1 + first + b;
            for (Index l = 0; l < kept; ++l) {
              const Complex g = out[l], h = std::conj(out[l == 0 ? 0 : p0 - l]);
              Complex v = which == r ? 0.5 * (g + h) : Complex{0.5 * (g - h).imag(), -0.5 * (g - h).real()};
              if (odd[which])
                v = {-v.imag(), v.real()};
              to[l * p1] = v;
            }
          }
        }
    }
    for (std::size_t r = 0; r < results; ++r)
      for (Index l = 0; l < kept; ++l) {
        s.along_inner.line(Direction::backward, complex(after) + (static_cast<Index>(r) * kept + l) * p1, out);
        Complex* to = outputs[r] + at + l * s.inner.lags();
        for (Index lag = -s.inner.largest; lag <= s.inner.largest; ++lag)
          *to++ = out[s.inner.place(lag)];
      }
  }
}

void LagTransform::collect(std::span<const Complex* const> results, const Visitor& visit) const {
  const Impl& s = *impl_;
  const int ranks = s.communicator.size(), me = s.communicator.rank();
  const Index own = s.count_of(me), padded = s.last.padded;
  const auto lines_of = [&](int rank, Index rounds, Index round) {
    const Range all = split_range(s.lines(), ranks, rank);
    const Range part = split_range(all.end - all.begin, rounds, round);
    return Range{all.begin + part.begin, all.begin + part.end};
  };
  const Index rounds = s.rounds(s.lines() / ranks + 1);
  const double scale = 1.0 / static_cast<double>(total_modes());
  std::vector<Complex> send, receive, modes(static_cast<std::size_t>(s.modes));
  std::vector<std::int64_t> sent(static_cast<std::size_t>(ranks)), received(static_cast<std::size_t>(ranks));
  std::vector<double> values;
  std::vector<const double*> lines(results.size());
  for (Index round = 0; round < rounds; ++round) {
    const Range here = lines_of(me, rounds, round);
    const Index count = here.end - here.begin;
    values.resize(static_cast<std::size_t>(count * padded) * results.size());
    for (std::size_t r = 0; r < results.size(); ++r) {
      Index total = 0;
      for (int rank = 0; rank < ranks; ++rank) {
        const Range theirs = lines_of(rank, rounds, round);
        sent[static_cast<std::size_t>(rank)] = (theirs.end - theirs.begin) * own;
        received[static_cast<std::size_t>(rank)] = count * s.count_of(rank);
        total += sent[static_cast<std::size_t>(rank)];
      }
      send.resize(static_cast<std::size_t>(total));
      receive.resize(static_cast<std::size_t>(count * s.modes));
      Complex* out = send.data();
      for (int rank = 0; rank < ranks; ++rank) {
        const Range theirs = lines_of(rank, rounds, round);
        for (Index first = theirs.begin; first < theirs.end; first += side_by_side) {
          const Index together = std::min(side_by_side, theirs.end - first);
          for (Index k = 0; k < own; ++k)
            for (Index b = 0; b < together; ++b)
              out[b * own + k] = results[r][k * s.plane + first + b];
          out += together * own;
        }
      }
      s.exchange(send, sent, receive, received);
      for (Index q = 0; q < count; ++q) {
        const Complex* from = receive.data();
        for (int rank = 0; rank < ranks; from += count * s.count_of(rank), ++rank)
          std::copy_n(from + q * s.count_of(rank), s.count_of(rank),
                      modes.data() + s.mine[static_cast<std::size_t>(rank)].begin);
        s.line.backward(modes.data(), values.data() + (static_cast<Index>(r) * count + q) * padded, scale);
      }
    }
    for (Index q = 0; q < count; ++q) {
      for (std::size_t r = 0; r < results.size(); ++r)
        lines[r] = values.data() + (static_cast<Index>(r) * count + q) * padded;
      const Index outer = (here.begin + q) / s.inner.lags(),
                  inner = (here.begin + q) % s.inner.lags() - s.inner.largest;
      const bool three = s.decomposition.domain().dimensions() == 3;
      visit(three ? outer : inner, three ? inner : outer, lines);
    }
  }
}

MemoryParts LagTransform::memory(const Decomposition& decomposition, std::size_t fields, std::size_t results) {
  const Domain& domain = decomposition.domain();
  const int first = outer_axis(domain);
  const LagAxis outer = lag_axis(domain, first), inner = lag_axis(domain, 1 - first), last = lag_axis(domain, 2);
  constexpr double number = sizeof(Complex);
  const auto real = [](Index n) { return static_cast<double>(n); };
  const double modes = real(last.padded / 2 + 1),
               share = real(split_range(last.padded / 2 + 1, decomposition.ranks(), 0).end);
  const double lines = real((outer.largest + 1) * inner.lags()), all = static_cast<double>(std::max(fields, results));
  const double plane = std::max(lines, real(outer.points * inner.points));
  const double scratch =
      number *
      (static_cast<double>(fields) * (real(outer.points) * real(inner.padded) + real(side_by_side * outer.padded)) +
       static_cast<double>(results) *
           (real((outer.largest + 1) * inner.padded) + 0.5 * real(side_by_side * outer.padded)));
  const double ranks = decomposition.ranks(), round = ranks > 1 ? lines / ranks / real(rounds_of_lines) + 1 : 64;
  const double messages = round * number * (2 * modes * std::min(ranks, 2.0) + static_cast<double>(results) * modes);
  return {{"modes of all lags", all * share * plane * number},
          {"plane of modes", scratch},
          {"lines of lags on their way", messages}};
}

} // namespace cascade::core
