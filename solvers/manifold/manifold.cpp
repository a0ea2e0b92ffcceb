#include "solvers/manifold/manifold.hpp"

#include <algorithm>
#include <stdexcept>

namespace cascade::solvers {
namespace {

using Chart = Manifold::Chart;
using Span = std::span<double>;
constexpr double pi = std::numbers::pi;

void fill_uniform(const PointDraw& draw, Span u) {
  for (std::size_t i = 0; i < u.size(); ++i)
    u[i] = draw.uniform(static_cast<int>(i));
}

void fill_normal(const PointDraw& draw, Span z) {
  for (std::size_t i = 0; i < z.size(); ++i)
    z[i] = draw.normal(static_cast<int>(i));
}

void on_sphere(const PointDraw& draw, Span x, Span) {
  fill_normal(draw, x);
  double norm = 0;
  for (const double v : x)
    norm += v * v;
  for (double& v : x)
    v /= std::sqrt(norm);
}

void on_affine_3(const PointDraw& draw, Span x, Span u) {
  constexpr double rows[5][3] = {{1.2, -0.5, 0}, {0.5, 0.9, 0}, {-0.5, -0.2, 1}, {0.4, -0.9, -0.1}, {1.1, -0.3, 0}};
  constexpr double shift[5] = {3, -1, 0, 0, 8};
  fill_uniform(draw, u);
  for (std::size_t i = 0; i < 5; ++i)
    x[i] = 4 * (rows[i][0] * u[0] + rows[i][1] * u[1] + rows[i][2] * u[2]) + shift[i];
}

void on_nonlinear_4(const PointDraw& draw, Span x, Span p) {
  fill_uniform(draw, p);
  const auto square = [](double v) { return v * v; };
  x[0] = square(p[1]) * std::cos(2 * pi * p[0]);
  x[1] = square(p[2]) * std::sin(2 * pi * p[0]);
  x[2] = p[1] + p[2] + square(p[1] - p[3]);
  x[3] = p[1] - 2 * p[2] + square(p[0] - p[3]);
  x[4] = -p[1] - 2 * p[2] + square(p[2] - p[3]);
  x[5] = square(p[0]) - square(p[1]) + square(p[2]) - square(p[3]);
}

/// Pairs p_(i+1) (cos, sin)(2 pi p_i), cyclic, as often as there is room.
void on_twisted(const PointDraw& draw, Span x, Span p) {
  fill_uniform(draw, p);
  for (std::size_t i = 0; i < x.size(); i += 2) {
    const std::size_t a = (i / 2) % p.size();
    const double next = p[(a + 1) % p.size()];
    x[i] = next * std::cos(2 * pi * p[a]);
    x[i + 1] = next * std::sin(2 * pi * p[a]);
  }
}

void on_helix(const PointDraw& draw, Span x, Span u) {
  fill_uniform(draw, u);
  const double t = 2 * pi * u[0];
  x[0] = (2 + std::cos(8 * t)) * std::cos(t);
  x[1] = (2 + std::cos(8 * t)) * std::sin(t);
  x[2] = std::sin(8 * t);
}

void on_helicoid(const PointDraw& draw, Span x, Span u) {
  fill_uniform(draw, u);
  const double r = 10 * pi * u[0], p = 10 * pi * u[1];
  x[0] = r * std::cos(p);
  x[1] = r * std::sin(p);
  x[2] = p / 2;
}

void on_swiss_roll(const PointDraw& draw, Span x, Span u) {
  fill_uniform(draw, u);
  const double t = 1.5 * pi * (1 + 2 * u[0]);
  x[0] = t * std::cos(t);
  x[1] = 21 * u[1];
  x[2] = t * std::sin(t);
}

void in_wide_cube(const PointDraw& draw, Span x, Span u) {
  fill_uniform(draw, u);
  std::transform(u.begin(), u.end(), x.begin(), [](double v) { return 5 * v - 2.5; });
}

/// On the faces of the cube in R^(d+1), all faces alike.
void on_cube_faces(const PointDraw& draw, Span x, Span) {
  fill_uniform(draw, x);
  const auto n = static_cast<double>(x.size());
  const auto face = static_cast<std::size_t>(2 * n * draw.uniform(static_cast<int>(x.size())));
  x[face / 2] = static_cast<double>(face % 2);
}

void on_moebius(const PointDraw& draw, Span x, Span u) {
  fill_uniform(draw, u);
  const double f = 2 * pi * u[0], r = 2 * u[1] - 1, wide = 1 + 0.5 * r * std::cos(5 * f);
  x[0] = wide * std::cos(f);
  x[1] = wide * std::sin(f);
  x[2] = 0.5 * r * std::sin(5 * f);
}

void normal_cloud(const PointDraw& draw, Span x, Span) {
  fill_normal(draw, x);
}

void on_s_curve(const PointDraw& draw, Span x, Span u) {
  fill_uniform(draw, u);
  const double t = 3 * pi * (u[0] - 0.5);
  x[0] = std::sin(t);
  x[1] = 2 * u[1];
  x[2] = (t < 0 ? -1 : 1) * (std::cos(t) - 1);
}

void on_spiral(const PointDraw& draw, Span x, Span u) {
  fill_uniform(draw, u);
  const double t = 10 * pi * u[0];
  std::fill(x.begin(), x.end(), 0.0);
  x[0] = 100 * std::cos(t);
  x[1] = 100 * std::sin(t);
  x[2] = t;
}

/// X ~ Beta(10, 1/2), a ratio of gamma variates: ten exponentials, and half a squared normal.
void on_beta(const PointDraw& draw, Span x, Span) {
  const std::size_t d = x.size() / 4;
  for (std::size_t i = 0; i < d; ++i) {
    double a = 0;
    const int first = static_cast<int>(11 * i);
    for (int k = 0; k < 10; ++k)
      a += draw.exponential(first + k);
    const double z = draw.normal(first + 10), v = a / (a + 0.5 * z * z);
    x[i] = x[2 * d + i] = v * std::sin(std::cos(2 * pi * v));
    x[d + i] = x[3 * d + i] = v * std::cos(std::sin(2 * pi * v));
  }
}

void on_tangents(const PointDraw& draw, Span x, Span u) {
  fill_uniform(draw, u);
  const std::size_t d = u.size();
  for (std::size_t i = 0; i < d; ++i) {
    const double mirrored = u[d - 1 - i];
    x[i] = x[2 * d + i] = std::tan(u[i] * std::cos(mirrored));
    x[d + i] = x[3 * d + i] = std::atan(mirrored * std::sin(u[i]));
  }
}

/// X_i = 1/(1 + E_i/E_0) and the sum of their squares, then all of (X, sin X, X^2).
void on_paraboloid(const PointDraw& draw, Span x, Span) {
  const std::size_t m = x.size() / 3; // d + 1
  const double common = draw.exponential(0);
  x[m - 1] = 0;
  for (std::size_t i = 0; i + 1 < m; ++i) {
    x[i] = 1 / (1 + draw.exponential(static_cast<int>(i) + 1) / common);
    x[m - 1] += x[i] * x[i];
  }
  for (std::size_t i = 0; i < m; ++i) {
    x[m + i] = std::sin(x[i]);
    x[2 * m + i] = x[i] * x[i];
  }
}

void in_cube(const PointDraw& draw, Span x, Span u) {
  fill_uniform(draw, u);
  std::copy(u.begin(), u.end(), x.begin());
}

/// Circles of length 1: distances are those of the flat torus as far as these are short.
void on_torus(const PointDraw& draw, Span x, Span u) {
  fill_uniform(draw, u);
  for (std::size_t i = 0; i < u.size(); ++i) {
    x[2 * i] = std::cos(2 * pi * u[i]) / (2 * pi);
    x[2 * i + 1] = std::sin(2 * pi * u[i]) / (2 * pi);
  }
}

void on_sheet(const PointDraw& draw, Span x, Span u) {
  fill_uniform(draw, u);
  const std::size_t d = u.size();
  for (std::size_t i = 0; i < d; ++i) {
    x[i] = u[i];
    x[d + i] = 0.4 * std::sin(2 * u[i]);
    x[2 * d + i] = 0.4 * std::cos(2 * u[i]);
  }
}

const char* const twisted = "pairs p_(i+1) (cos, sin)(2 pi p_i), cyclic, repeated; p = u";
const char* const faces = "u in R^(d+1), one coordinate 0 or 1";
const char* const tangents = "tan(u_i cos u_(d+1-i)), atan(u_(d+1-i) sin u_i), twice";
const char* const paraboloid = "X_i = 1/(1 + E_i/E_0), sum X^2; (X, sin X, X^2)";

} // namespace

const std::vector<Manifold>& manifolds() {
  static const std::vector<Manifold> table{
      {"M1", "sphere z/|z|", 10, 11, 0, 0, Chart::none, on_sphere},
      {"M2", "affine", 3, 5, 0, 0, Chart::chart, on_affine_3},
      {"M3", "polynomials and waves of u in R^6", 4, 6, 0, 0, Chart::chart, on_nonlinear_4},
      {"M4", twisted, 4, 8, 0, 0, Chart::chart, on_twisted},
      {"M5a", "helix on a torus", 1, 3, 0, 0, Chart::chart, on_helix},
      {"M5b", "helicoid (r cos p, r sin p, p/2), r, p = 10 pi u", 2, 3, 0, 0, Chart::chart, on_helicoid},
      {"M6", twisted, 6, 36, 0, 0, Chart::chart, on_twisted},
      {"M7", "Swiss roll", 2, 3, 0, 0, Chart::chart, on_swiss_roll},
      {"M8", twisted, 12, 72, 0, 0, Chart::chart, on_twisted},
      {"M9", "cube 5u - 2.5", 20, 20, 0, 0, Chart::chart, in_wide_cube},
      {"M10a", faces, 10, 11, 0, 0, Chart::none, on_cube_faces},
      {"M10b", faces, 17, 18, 0, 0, Chart::none, on_cube_faces},
      {"M10c", faces, 24, 25, 0, 0, Chart::none, on_cube_faces},
      {"M10d", faces, 70, 71, 0, 0, Chart::none, on_cube_faces},
      {"M11", "Moebius band, ten half twists", 2, 3, 0, 0, Chart::chart, on_moebius},
      {"M12", "normal z", 20, 20, 0, 0, Chart::none, normal_cloud},
      {"M13a", "S-curve", 2, 3, 0, 0, Chart::chart, on_s_curve},
      {"M13b", "spiral (100 cos t, 100 sin t, t, 0, ...)", 1, 13, 0, 0, Chart::chart, on_spiral},
      {"Mbeta", "X ~ Beta(10, 1/2): X sin cos 2 pi X, X cos sin 2 pi X, twice", 10, 40, 0, 0, Chart::none, on_beta},
      {"Mn1", tangents, 18, 72, 0, 0, Chart::chart, on_tangents},
      {"Mn2", tangents, 24, 96, 0, 0, Chart::chart, on_tangents},
      {"Mp1", paraboloid, 3, 12, 0, 0, Chart::none, on_paraboloid},
      {"Mp2", paraboloid, 6, 21, 0, 0, Chart::none, on_paraboloid},
      {"Mp3", paraboloid, 9, 30, 0, 0, Chart::none, on_paraboloid},
      {"cube", "u in R^d", 0, 0, 1, 0, Chart::chart, in_cube},
      {"torus", "(cos, sin)(2 pi u)/(2 pi) in R^(2d): flat, of side 1", 0, 0, 2, 0, Chart::wrapped, on_torus},
      {"sphere", "z/|z| in R^(d+1)", 0, 0, 1, 1, Chart::none, on_sphere},
      {"sheet", "(u, .4 sin 2u, .4 cos 2u) in R^(3d)", 0, 0, 3, 0, Chart::chart, on_sheet},
      {"normal", "z in R^d", 0, 0, 1, 0, Chart::none, normal_cloud},
  };
  return table;
}

const Manifold& manifold_of(const std::string& name) {
  for (const Manifold& m : manifolds())
    if (m.name == name)
      return m;
  throw std::out_of_range(name);
}

std::vector<std::string> manifold_names() {
  std::vector<std::string> names;
  for (const Manifold& m : manifolds())
    names.push_back(m.name);
  return names;
}

} // namespace cascade::solvers
