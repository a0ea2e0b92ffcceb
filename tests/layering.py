"""Proves the arrows between the folders (docs/architecture.md): who may include whom, which headers stay in core, on which floor
of src/app a file stands, that no folder of theory, core, solvers, analysis and app is part of a circle, and that a type's name
stands once in each.

usage: layering.py [ROOT]        prints every violation as file:line: reason; exit code 1 when there is one
"""
import re
import sys
from pathlib import Path

FOLDERS = {"theory": "src/theory", "core": "src/core", "solvers": "solvers", "analysis": "analysis", "app": "src/app"}
ALLOWED = {
    "theory": {"theory"},
    "core": {"core"},
    "solvers": {"solvers", "core", "theory"},
    "analysis": {"analysis", "core", "theory"},
    "app": set(FOLDERS),
}
# src/app by floors, lowest first: a file may use its own room and rooms of floors below, never one beside or above. Files
# directly in src/app are rooms of their own, by their stem. `flow` is to come.
FLOORS = [
    {"input", "report"},
    {"plan"},
    {"store", "verdict"},
    {"session"},
    {"field", "scaling", "flow", "learning"},
    {"campaign"},
    {"bare_files"},
    {"tasks"},
    {"reference"},
    {"main"},
]
FLOOR = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}
# C libraries behind core's classes: no handle leaves core.
CORE_ONLY = re.compile(r"^(mpi|hdf5|hdf5_hl|fftw3|H5\w*)\.h$|^(H5|fftw3)\S*\.h(pp)?$")
# A type that a header defines, not one it only names.
TYPE = re.compile(r"^(?:struct|class|enum class|enum) (\w+)(?: final)?(?: : [^;]+)? *\{")
# Nothing that measures knows a law: predictions are made by law.cpp of a measurement, for app/verdict alone.
LAWS = re.compile(r"^theory/(law|exponents|verdict|\w+_law|she_leveque|p_model|random_beta)\.hpp$")
NAMESPACE = re.compile(r"^namespace cascade::(\w+)")
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^">]+)[">]')


def sources(folder):
    return sorted(p for p in folder.rglob("*") if p.suffix in (".hpp", ".cpp"))


def room_of(file):
    """The room of a path below a folder of FOLDERS: its first directory, or the stem of a file that stands outside all."""
    parts = Path(file).parts
    return parts[0] if len(parts) > 1 else Path(file).stem


def included(path, name):
    """(line number, header without the folder's name) of every include from the same folder of FOLDERS."""
    for number, line in enumerate(path.read_text().splitlines(), 1):
        match = INCLUDE.match(line)
        if match and match.group(1) == '"' and match.group(2).startswith(name + "/"):
            yield number, match.group(2)[len(name) + 1:]


def check_floors(path, folder):
    """Yields (line number, reason) for an include of src/app that does not lead down."""
    room = room_of(path.relative_to(folder))
    if room not in FLOOR:
        yield 1, f"app/{room} stands on no floor; give it one in tests/layering.py"
        return
    for number, header in included(path, "app"):
        other = room_of(header)
        if other != room and FLOOR.get(other, len(FLOORS)) >= FLOOR[room]:
            yield number, f"app/{room} must not know app/{other} ({header}), which is not on a floor below"


def circles(root, name, folder):
    """Yields (file, line number, reason) for every include that is part of a circle of rooms."""
    arrows = {}
    for path in sources(folder):
        room = room_of(path.relative_to(folder))
        for number, header in included(path, name):
            if room_of(header) != room:
                arrows.setdefault(room, {}).setdefault(room_of(header), []).append((path, number))

    def reachable(start):
        seen, left = set(), [start]
        while left:
            room = left.pop()
            if room not in seen:
                seen.add(room)
                left += arrows.get(room, {})
        return seen

    for room, targets in arrows.items():
        for other, places in targets.items():
            if room in reachable(other):
                for path, number in places:
                    yield path.relative_to(root), number, f"a circle: {name}/{room} uses {name}/{other}, which leads back"


def twins(root, folder):
    """Yields (file, line number, reason) for every type of a folder's headers that another of them defines as well: all share one
    namespace, and two types of one name in it are undefined behaviour that no compiler and no linker has to notice."""
    first = {}
    for path in sources(folder):
        if path.suffix != ".hpp":
            continue
        for number, line in enumerate(path.read_text().splitlines(), 1):
            match = TYPE.match(line)
            if match and first.setdefault(match.group(1), path) != path:
                yield path.relative_to(root), number, f"{match.group(1)} is a type of {first[match.group(1)].relative_to(root)} too"


def check_file(path, name, folder):
    """Yields (line number, reason) for one source file of the folder `name`."""
    text = path.read_text()
    if path.suffix == ".hpp" and "#pragma once" not in text:
        yield 1, "header without #pragma once"
    for number, line in enumerate(text.splitlines(), 1):
        opened = NAMESPACE.match(line)
        if opened and opened.group(1) not in ALLOWED[name]:
            yield number, f"namespace cascade::{opened.group(1)} does not belong in {name}"
        match = INCLUDE.match(line)
        if not match:
            continue
        quote, header = match.groups()
        if CORE_ONLY.match(header) and (name != "core" or path.suffix != ".cpp"):
            yield number, f"{header} may be included by src/core/*.cpp only"
        if name == "analysis" and LAWS.match(header) and path.name not in ("law.cpp", "catalogue.cpp"):
            yield number, f"{header} may be included by law.cpp and catalogue.cpp alone: what measures knows no law"
        if quote == '"':
            target = header.split("/")[0]
            if "/" not in header or target not in FOLDERS:
                if header != "cascade_git_state.hpp":  # generated
                    yield number, f'"{header}" must be named from its folder, e.g. "{name}/{header}"'
            elif target not in ALLOWED[name]:
                yield number, f"{name} must not know {target} ({header}); it may use {', '.join(sorted(ALLOWED[name]))}"


def violations(root):
    found = []
    for name, folder in FOLDERS.items():
        for path in sources(root / folder):
            reasons = list(check_file(path, name, root / folder))
            if name == "app":
                reasons += check_floors(path, root / folder)
            found += [f"{path.relative_to(root)}:{line}: {why}" for line, why in reasons]
        places = [*circles(root, name, root / folder), *twins(root, root / folder)]
        found += [f"{file}:{line}: {why}" for file, line, why in places]
    return found


def main():
    root = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent.parent
    checked = sum(len(sources(root / folder)) for folder in FOLDERS.values())
    found = violations(root)
    print("\n".join(found) if found else f"{checked} files keep the arrows")
    if checked == 0:
        print("no source file was found")
    return 1 if found or checked == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
