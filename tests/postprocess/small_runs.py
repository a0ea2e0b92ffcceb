"""Results of the program itself, small and made once for a whole test file."""
import os
import subprocess
import sys
import tempfile

SOURCE = os.environ.get("CASCADE_SOURCE_DIR") or os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
PROGRAM = os.environ.get("CASCADE_EXECUTABLE") or os.path.join(SOURCE, "build", "native", "cascade")
SECONDS = float(os.environ.get("CASCADE_TEST_TIMEOUT", "300"))  # a hang, not a slow machine
sys.path.insert(0, os.path.join(SOURCE, "postprocess"))

SWEEP = """
run: {name: square, seed: 1}
field: {generator: beta_cascade, embedding_dimension: 2, points: 0, virtual_levels: 10}
approximation: {degrees: [0], loss_powers: [2, 4], partitions: [oracle], averages: [active]}
sampling: {trees: 16, pairs: 64, cells: 32}
sweep: {over: {field.dimension: [1.5, 1.8], field.hurst: [0.2, 0.4]}}
"""


def run(folder, source, *options):
    """A complete run into a folder, whether or not its checks passed (exit code 0 or 6); `source` is an input's file,
    or the text of one."""
    if "\n" in source:
        with open(folder + ".yaml", "w", encoding="utf-8") as file:
            file.write(source)
        source = folder + ".yaml"
    ran = subprocess.run([PROGRAM, source, "--quiet", "--output", folder, *options], check=False, timeout=SECONDS,
                         stdin=subprocess.DEVNULL)
    assert ran.returncode in (0, 6), ran.args
    return folder


def shipped(name):
    return os.path.join(SOURCE, "inputs", name + ".yaml")


class Runs:
    """Mixed into a TestCase: cls.made("NAME", ...) makes a run once; the folder goes with the class."""
    folder = None

    @classmethod
    def made(cls, name, source, *options):
        if cls.folder is None:
            cls.folder = tempfile.TemporaryDirectory()
            cls.addClassCleanup(cls.folder.cleanup)
        place = os.path.join(cls.folder.name, name)
        return place if os.path.isdir(place) else run(place, source, *options)
