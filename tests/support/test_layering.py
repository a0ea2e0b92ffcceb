"""The guard of the arrows must bite: each rule is broken once in a small tree, and must be reported."""
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
import layering  # noqa: E402

GOOD = "#pragma once\nnamespace cascade::{name} {{}}\n"
BROKEN = [  # file, line put in front, part of the message
    ("src/theory/a.hpp", '#include "core/a.hpp"', "theory must not know core"),
    ("src/core/a.hpp", '#include "theory/a.hpp"', "core must not know theory"),
    ("solvers/a.hpp", '#include "analysis/a.hpp"', "solvers must not know analysis"),
    ("analysis/a.hpp", '#include "solvers/a.hpp"', "analysis must not know solvers"),
    ("analysis/a.hpp", '#include "app/a.hpp"', "analysis must not know app"),
    ("solvers/a.hpp", '#include "a.hpp"', "must be named from its folder"),
    ("src/core/a.hpp", "#include <mpi.h>", "src/core/*.cpp only"),
    ("src/app/a.hpp", "#include <hdf5.h>", "src/core/*.cpp only"),
    ("analysis/a.hpp", "# include <fftw3.h>", "src/core/*.cpp only"),
    ("analysis/a.hpp", '#include "theory/law.hpp"', "what measures knows no law"),
    ("analysis/a.hpp", '#include "theory/beta_law.hpp"', "what measures knows no law"),
]


def tree(root):
    for name, folder in layering.FOLDERS.items():
        (root / folder).mkdir(parents=True)
        (root / folder / "a.hpp").write_text(GOOD.format(name=name))
    (root / "src/core/a.cpp").write_text("#include <mpi.h>\n#include \"core/a.hpp\"\nnamespace cascade::core {}\n")
    (root / "analysis/law.cpp").write_text('#include "analysis/a.hpp"\n#include "theory/law.hpp"\n')
    (root / "src/app/b.hpp").write_text('#include "solvers/a.hpp"\n#include "analysis/a.hpp"\n' + GOOD.format(name="app"))


def main():
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        tree(root)
        assert layering.violations(root) == [], layering.violations(root)
        for file, line, message in BROKEN:
            path = root / file
            before = path.read_text()
            path.write_text(line + "\n" + before)
            found = layering.violations(root)
            assert len(found) == 1 and message in found[0] and found[0].startswith(file + ":1:"), (file, line, found)
            path.write_text(before)
        (root / "solvers/a.hpp").write_text("namespace cascade::analysis {}\n")
        assert len(layering.violations(root)) == 2  # no #pragma once, foreign namespace


main()
