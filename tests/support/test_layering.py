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
    ("src/app/input/a.hpp", "#include <hdf5.h>", "src/core/*.cpp only"),
    ("analysis/a.hpp", "# include <fftw3.h>", "src/core/*.cpp only"),
    ("src/app/input/a.hpp", '#include "app/session/a.hpp"', "app/input must not know app/session"),
    ("src/app/input/a.hpp", '#include "app/report/a.hpp"', "app/input must not know app/report"),  # beside it
    ("src/app/campaign/a.hpp", '#include "app/tasks.hpp"', "app/campaign must not know app/tasks"),
    ("src/app/session/a.hpp", '#include "app/cellar/a.hpp"', "app/session must not know app/cellar"),
    ("src/core/grid/a.hpp", '#include "core/files/a.hpp"', "a circle: core/grid uses core/files"),
    ("solvers/base.hpp", '#include "solvers/table.hpp"', "a circle: solvers/base uses solvers/table"),
    ("src/core/grid/b.hpp", "struct Box { int i; };", "Box is a type of src/core/grid/a.hpp too"),
    ("src/core/grid/b.hpp", "class Box final : public Other {", "Box is a type of src/core/grid/a.hpp too"),
    ("analysis/a.hpp", '#include "theory/law.hpp"', "what measures knows no law"),
    ("analysis/a.hpp", '#include "theory/beta_law.hpp"', "what measures knows no law"),
]


HOUSE = {  # file: its includes, all of them right
    "src/app/input/a.hpp": [],
    "src/app/report/a.hpp": [],
    "src/app/session/a.hpp": ["app/input/a.hpp", "solvers/a.hpp", "analysis/a.hpp"],
    "src/app/campaign/a.hpp": ["app/session/a.hpp", "app/campaign/b.hpp"],
    "src/app/campaign/b.hpp": [],
    "src/app/tasks.hpp": ["app/campaign/a.hpp"],
    "src/core/grid/a.hpp": [],
    "src/core/files/a.hpp": ["core/grid/a.hpp"],
    "solvers/base.hpp": [],
    "solvers/wave/a.hpp": ["solvers/base.hpp"],
    "solvers/table.hpp": ["solvers/wave/a.hpp"],  # no circle: base and table are not one room
}


def tree(root):
    for name, folder in layering.FOLDERS.items():
        (root / folder).mkdir(parents=True)
        if name != "app":
            (root / folder / "a.hpp").write_text(GOOD.format(name=name))
    for file, headers in HOUSE.items():
        path = root / file
        path.parent.mkdir(parents=True, exist_ok=True)
        name = path.relative_to(root / "src").parts[0] if file.startswith("src/") else path.relative_to(root).parts[0]
        path.write_text("".join(f'#include "{header}"\n' for header in headers) + GOOD.format(name=name))
    (root / "src/core/a.cpp").write_text("#include <mpi.h>\n#include \"core/a.hpp\"\nnamespace cascade::core {}\n")
    (root / "src/core/grid/a.hpp").write_text("struct Box {};\nclass Named;\n" + GOOD.format(name="core"))
    (root / "src/core/grid/b.hpp").write_text("struct Box;\nclass Named {};\n" + GOOD.format(name="core"))
    (root / "analysis/law.cpp").write_text('#include "analysis/a.hpp"\n#include "theory/law.hpp"\n')


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
            assert any(message in why and why.startswith(file + ":1:") for why in found), (file, line, found)
            straight = [why for why in found if "a circle" not in why]  # an arrow back may close one as well
            assert len(straight) == (0 if "a circle" in message else 1), (file, line, found)
            path.write_text(before)
        (root / "src/app/cellar").mkdir()
        (root / "src/app/cellar/a.hpp").write_text(GOOD.format(name="app"))
        assert ["app/cellar stands on no floor" in why for why in layering.violations(root)] == [True]
        (root / "src/app/cellar/a.hpp").unlink()
        (root / "solvers/a.hpp").write_text("namespace cascade::analysis {}\n")
        assert len(layering.violations(root)) == 2  # no #pragma once, foreign namespace


main()
