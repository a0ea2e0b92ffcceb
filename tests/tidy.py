"""clang-tidy on all sources of a build, several in one translation unit.

usage: tidy.py BUILD CLANG_TIDY [FOLDER...]

Nine tenths of clang-tidy's time goes into the standard library's headers, read and searched again for every source. So
the sources of one target are included together, up to forty-eight to a unit, and searched once. Two that use one name in
their unnamed namespaces stand in different units; where that was not seen from their text, the unit is halved until they
are apart, and a source alone in its unit is checked as it is. Exit code 1 when anything is found.
"""

import json
import os
import re
import shlex
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path

UNIT = 48
FOUND_IN = r"/(src|solvers|analysis)/.*\.[ch]pp$"


def flags_of(command):
    """Compiler arguments without source, output and gcc's precompiled header, which clang cannot read."""
    flags, arguments = [], iter(shlex.split(command))
    for a in arguments:
        if a in ("-o", "-c", "-include"):
            next(arguments)
        elif a != "-Winvalid-pch":
            flags.append(a)
    return tuple(flags)


def sources_of(file):
    """The sources that CMake compiles together as this file, or the file itself."""
    if "/Unity/" not in file:
        return [file]
    return re.findall(r'^#include "([^"]+)"', Path(file).read_text(), re.M)


def targets(build, folders):
    """Sources by the flags they are compiled with: {(directory, flags): [source]}."""
    root = Path(__file__).resolve().parent.parent
    wanted = tuple(f"{root / folder}/" for folder in folders)
    found = {}
    for entry in json.loads((build / "compile_commands.json").read_text()):
        mine = [source for source in sources_of(entry["file"]) if source.startswith(wanted)]
        if mine:
            found.setdefault((entry["directory"], flags_of(entry["command"])), []).extend(mine)
    return found


def unnamed(source):
    """Names that a source gives to what stands in its unnamed namespaces, as far as its text shows them."""
    names = set()
    for block in re.findall(r"^namespace \{\n(.*?)^\} // namespace$", Path(source).read_text(), re.M | re.S):
        for line in re.findall(r"^(?!public:|private:|template|using |namespace )[A-Za-z].*", block, re.M):
            names.update(re.findall(r"\w+\(.*|\w+(?:\[[^\]]*\])?\s*[=;]", line)[:1])  # functions with their parameters
            names.update(re.findall(r"^(?:struct|class|enum class) (\w+)", line))
    return names


def units_of(sources):
    """Each source in the first unit that has room and none of its names."""
    units = []
    for source in sorted(sources):
        names = unnamed(source)
        for unit, taken in units:
            if len(unit) < UNIT and taken.isdisjoint(names):
                unit.append(source)
                taken |= names
                break
        else:
            units.append(([source], set(names)))
    return [unit for unit, _ in units]


class Tidy:
    def __init__(self, build, program):
        self.folder = build / "tidy"
        self.program = program
        self.numbers = count()

    def run(self, directory, flags, sources):
        """What clang-tidy says about one unit."""
        here = self.folder / str(next(self.numbers))
        here.mkdir(parents=True, exist_ok=True)
        unit = here / "unit.cpp"
        unit.write_text("".join(f'#include "{source}"\n' for source in sources))
        command = shlex.join([*flags, "-c", str(unit)])
        (here / "compile_commands.json").write_text(
            json.dumps([{"directory": directory, "file": str(unit), "command": command}]))
        config = Path(__file__).resolve().parent.parent / ".clang-tidy"
        done = subprocess.run(
            [self.program, "-p", str(here), f"--config-file={config}", f"--header-filter={FOUND_IN}",
             "--checks=-bugprone-suspicious-include", "--extra-arg=-Wno-unknown-warning-option",
             "--extra-arg=-Wno-shadow", "--quiet", str(unit)],  # shadows are the compiler's, which sees a folder at a time
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        if "clang-diagnostic-error" in done.stdout and len(sources) > 1:
            half = len(sources) // 2
            return self.run(directory, flags, sources[:half]) + self.run(directory, flags, sources[half:])
        if done.returncode == 0:
            return ""
        return done.stdout or done.stderr


def main():
    build, program = Path(sys.argv[1]).resolve(), sys.argv[2]
    tidy, units = Tidy(build, program), []
    for (directory, flags), sources in targets(build, sys.argv[3:] or ["src", "solvers", "analysis"]).items():
        units += [(directory, flags, unit) for unit in units_of(sources)]
    if not units:
        sys.exit(f"tidy.py: no source in {build}/compile_commands.json")
    units.sort(key=lambda unit: -len(unit[2]))
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        said = list(pool.map(lambda unit: tidy.run(*unit), units))
    # a header seen by many units is found by each of them
    findings = list(dict.fromkeys(block for text in said for block in re.split(r"(?m)^(?=\S+:\d+:\d+: )", text) if block))
    print("".join(findings), end="")
    sys.exit(1 if any(said) else 0)


main()
