#pragma once
// Loss tables that the tests share: published ones, and laws with noise.

#include "analysis/losses/loss_model.hpp"
#include "analysis/losses/loss_table.hpp"
#include "core/random/normals.hpp"

#include <cmath>
#include <cstdint>
#include <sstream>
#include <string>
#include <vector>

namespace cascade::test {

/// Text of a file of the source tree.
std::string source_file(const std::string& path);

/// 240 models of Hoffmann et al. (inputs/data/README.md).
inline analysis::LossTable chinchilla() {
  analysis::LossColumns columns{"loss", "Model Size", "Training FLOP", true, {}, 5};
  return read_loss_table("chinchilla", source_file("inputs/data/chinchilla_epoch_svg_extracted.csv"), columns);
}

/// Six models of Gadre et al. on RefinedWeb, twenty tokens a parameter.
inline analysis::LossTable gadre() {
  analysis::LossColumns columns{"loss_c4_val", "params", "", false, {}, 0};
  columns.filters = {{"dataset", "rw_original", {}, {}}, {"token_mult_over_20", "1", {}, {}}};
  return read_loss_table("gadre", source_file("inputs/data/gadre2024_openlm_losses.csv"), columns);
}

inline analysis::LossTable table_of(const std::vector<double>& x, const std::vector<double>& loss) {
  analysis::LossTable t;
  t.name = "table";
  t.x = x;
  t.loss = loss;
  for (std::size_t i = 0; i < x.size(); ++i)
    t.line.push_back(static_cast<int>(i) + 2);
  return t;
}

/// Losses of a law at 24 sizes (times 6 second sizes), with relative normal noise.
inline analysis::LossTable synthetic(const analysis::LossParameters& law, bool two, double noise, std::uint64_t seed) {
  analysis::LossTable t;
  t.name = "synthetic";
  std::vector<double> z(256);
  core::normal_pairs(core::CounterRng(seed, core::Stream{7}), 0, 0, z);
  std::size_t k = 0;
  for (int i = 0; i < 24; ++i)
    for (int j = 0; j < (two ? 6 : 1); ++j) {
      t.x.push_back(1e3 * std::pow(10, 0.2 * i));
      if (two)
        t.z.push_back(1e4 * std::pow(10, 0.8 * j + 0.01 * i));
      t.loss.push_back(law.loss(t.x.back(), two ? t.z.back() : 1) * std::exp(noise * z[k++]));
      t.line.push_back(static_cast<int>(k) + 1);
    }
  return t;
}

inline const analysis::LossParameters one_law{30, 0.33, 1.7, 0, 0};
inline const analysis::LossParameters two_law{400, 0.34, 1.8, 2000, 0.37};

} // namespace cascade::test
