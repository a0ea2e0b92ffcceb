"""Proves the arrows between the folders (docs/architecture.md): who may include whom, and which headers stay in core.

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
# C libraries behind core's classes: no handle leaves core.
CORE_ONLY = re.compile(r"^(mpi|hdf5|hdf5_hl|fftw3|H5\w*)\.h$|^(H5|fftw3)\S*\.h(pp)?$")
# Nothing that measures knows a law: predictions are made by law.cpp of a measurement, for app/verdict alone.
LAWS = re.compile(r"^theory/(law|exponents|verdict|\w+_law|she_leveque|p_model|random_beta)\.hpp$")
NAMESPACE = re.compile(r"^namespace cascade::(\w+)")
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^">]+)[">]')


def sources(folder):
    return sorted(p for p in folder.rglob("*") if p.suffix in (".hpp", ".cpp"))


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
            found += [f"{path.relative_to(root)}:{line}: {why}" for line, why in check_file(path, name, root / folder)]
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
