#include "tests/coverage/blind_kinds.hpp"
#include "tests/coverage/cloud_kinds.hpp"
#include "tests/coverage/given_kinds.hpp"
#include "tests/coverage/kind.hpp"
#include "tests/coverage/loss_kinds.hpp"
#include "tests/coverage/multifractal_kinds.hpp"
#include "tests/coverage/optimum_kinds.hpp"
#include "tests/coverage/program_kinds.hpp"

namespace cascade::coverage {

const std::vector<Kind>& kinds() {
  static const std::vector<Kind> table = [] {
    std::vector<Kind> all = {
        {"gaussian 1-D", "n = 1000, 30000, 99999, R = 1, 2, 8, 16", 240, 60, true, blind_gaussian_1d},
        {"gaussian 2-D", "n = 200 to 512, R = 1, 4", 80, 6, true, blind_gaussian_2d},
        {"gaussian 3-D", "n = 64, 80, 96, R = 1", 60, 2, true, blind_gaussian_3d},
        {"short series", "n = 200 to 600, R = 1, 4", 200, 60, true, blind_short},
        {"aliased 1-D", "every fourth point of a finer field, n = 1000, 30000, R = 1, 4", 160, 40, true,
         blind_aliased_1d},
        {"aliased 2-D", "every third point of a finer field, n = 200 to 300", 60, 4, true, blind_aliased_2d},
        {"solenoidal", "D = 2, n = 256, 300; D = 3, n = 64", 80, 6, true, blind_solenoidal},
        {"cascade 1-D", "n = 4096 to 65536, d = .75 to .95, R = 1, 4", 160, 40, true, blind_cascade_1d},
        {"cascade 2-D", "n = 256, 512, d = 1.5 to 1.9, R = 1, 4", 100, 8, true, blind_cascade_2d},
        {"cascade 3-D", "n = 64, 128, d = 2.4 to 2.9, R = 1", 60, 2, true, blind_cascade_3d},
        {"cut out 1-D", "a piece of a field four times as long, n = 1000, 30000", 160, 40, true, blind_cut_1d},
        {"cut out 2-D", "a piece of a field twice as wide, n = 200 to 300", 60, 4, true, blind_cut_2d},
        {"cut out 3-D", "a piece of a field twice as wide, n = 64, 80", 60, 0, true, blind_cut_3d},
        {"one octave", "cut-offs 1000 and 2000, n = 16384", 60, 20, false, blind_one_octave},
        {"series", "the program on one series: n = 32768, 100000, 131072, R = 1", 120, 20, true, whole_series},
        {"vector", "the program on solenoidal vectors: D = 2, n = 128, 256, R = 1, 4, 8; D = 3, n = 128, R = 1, 2", 60,
         3, true, whole_vector},
        {"velocity",
         "the program on solenoidal vectors, every lag and laws of turbulence: D = 2, n = 64, 128, R = 8, 16", 60, 4,
         true, whole_velocity},
        {"isotropy",
         "the program on solenoidal vectors, laws of turbulence: D = 2, n = 64, 100, 256; D = 3, n = 32, 48, 64; R = "
         "1, 4, 8",
         60, 4, true, whole_isotropy},
        {"random origin", "the program, cells anywhere: D = 1, n = 4096; D = 2, n = 128, 256; R = 1, 4, 8", 80, 10,
         true, whole_random_origin},
        {"grid cascade", "the program's partitions of a grid: D = 1, n = 4096, 16384; D = 2, n = 256, 512; R = 4, 8",
         60, 4, true, whole_cascade},
        {"threshold tree", "the program's refined trees: D = 2, n = 2048, d = 1.6 to 1.9, R = 4", 60, 0, true,
         whole_tree},
        {"sampled cascade", "the program's point view: D = 1, 2, 3, 32 trees", 60, 0, true, whole_sampled_cascade},
        {"sampled waves", "the program's point view of random waves: D = 1, 2, 3, 6, 20, 32 realisations", 60, 0, true,
         whole_sampled_waves},
        {"high dimension", "the program's point view of cascades: D = 4 to 40, 32 trees", 60, 0, true,
         whole_high_dimension},
        {"own series", "the program on a file: n = 1000, 99999, 100000", 80, 8, true, given_series},
        {"own piece", "the program on a file: a quarter of a longer series, n = 1000, 99999", 50, 6, true, given_cut},
        {"own aliased", "the program on a file: every fourth point, n = 1000, 99999", 30, 4, true, given_aliased},
        {"own plane", "the program on a file: 512^2, or a part of 200 to 500 points a side, no square", 30, 2, true,
         given_plane},
        {"own set", "the program on a file: cascades of 512^2, d = 1.5 to 1.9, whose d is counted by gradients", 40, 2,
         true, given_set},
        {"own box", "the program on a file: 128^3, or a part of 64 to 120 points a side, no cube", 10, 0, true,
         given_box},
        {"error-driven", "the program's adaptive partitions of multifractal point views: D = 1, 2, 32 trees", 60, 2,
         true, whole_error_driven},
    };
    for (const Kind& kind : multifractal_kinds())
      all.push_back(kind);
    for (const Kind& kind : loss_kinds())
      all.push_back(kind);
    for (const Kind& kind : optimum_kinds())
      all.push_back(kind);
    for (const Kind& kind : cloud_kinds())
      all.push_back(kind);
    return all;
  }();
  return table;
}

} // namespace cascade::coverage
