"""What a plan says a rank holds is what a rank holds; what does not fit is refused before it is allocated."""

import array
import dataclasses
import mmap
import os
import pathlib
import re
import resource
import struct
import subprocess
import sys
import tempfile
import time
import unittest

CASCADE = os.environ.get("CASCADE_EXECUTABLE", "cascade")
MPIRUN = os.environ.get("CASCADE_MPIRUN", "mpirun")
SECONDS = float(os.environ.get("CASCADE_TEST_TIMEOUT", "300"))

MIB = 1 << 20
SHARE = 0.20  # of the measured peak
# Beside it, for all sizes: shared libraries differ by some MiB between machines and with the number of ranks, the heap
# keeps up to 2 MiB it was given back, and large arrays are rounded up to huge pages of 2 MiB each.
SLACK = 8 * MIB
UNITS = {"B": 1, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "TiB": 1 << 40}


@dataclasses.dataclass
class Case:
    """An input, how many ranks run it, and after how many seconds of processor time it is cut short: what a step holds,
    it holds from its first moments on, and the input's largest step is its first long one."""
    text: str
    ranks: int = 1
    cut: int = 0


def field(generator, more="", **keys):
    body = "".join(f", {'embedding_dimension' if key == 'D' else key}: {value}" for key, value in keys.items())
    return f"field: {{generator: {generator}{body}}}\n{more}"


def alone(section):
    """That measurement and nothing else."""
    others = "" if section.startswith("approximation") else "approximation: {enabled: false}\n"
    blind = "" if section.startswith("blind") else "blind: {enabled: false}\n"
    return section + "\n" + ("" if section.startswith("analysis") else "analysis: {}\n") + others + blind


def cloud(manifold, estimators, more="", d=1, points=100, D=None):
    """Points, and a target where something is to be learned."""
    return (f"task: learning\ndata: {{generator: manifold, manifold: {manifold}, dimension: {d}, points: {points}"
            f"{f', embedding_dimension: {D}' if D else ''}{', target: {kind: band}' if more else ''}}}\n"
            f"dimension: {{estimators: [{estimators}], bias: false}}\nroughness: {{enabled: false}}\n"
            f"curves: {{repeats: 3}}\n{more}")


SPECTRUM = alone("analysis: {spectrum: {}}")
FEW = "sampling: {trees: 16, pairs: 16, cells: 4, scales: 4%s}\n"
#: take more than a few seconds each: measured where CASCADE_MEMORY_CASES asks ("." for all)
LONG = {"many orders", "cascade, line", "realisations", "lattice, D = 5", "scattered, degree 2", "many waves", "losses",
        "many losses", "noisy samples", "scattered, many points", "line, spectrum", "lattice, degree 2, random origin",
        "scattered, shown cells", "lines on two", "cloud, high D", "cloud of a file", "learners, kernel",
        "learners, network"}
CASES = {
    # the program itself
    "tiny line": Case(field("gaussian", "run: {realisations: 8}\n", D=1, points=64)),
    "tiny cascade": Case(field("beta_cascade", "sampling: {trees: 16, pairs: 64, cells: 16}\n", points=16,
                               virtual_levels=8)),
    "tiny waves": Case(field("fourier_modes", FEW % "", D=10)),
    # transforms
    "line, spectrum": Case(field("gaussian", "run: {realisations: 1}\n" + SPECTRUM, D=1, points=1 << 21)),
    "line of a prime": Case(field("gaussian", "run: {realisations: 1}\n" + SPECTRUM, D=1, points=250007)),
    "plane, spectrum": Case(field("gaussian", SPECTRUM, D=2, points=2048)),
    "cube of 3 2^k": Case(field("gaussian", SPECTRUM, D=3, points=192)),
    "finer grid": Case(field("gaussian", SPECTRUM, D=2, points=512, oversampling=4)),
    # measurements of grids
    "cube, everything": Case(field("gaussian", D=3, points=128)),
    "vector, everything": Case(field("gaussian", D=3, points=80, components="vector")),
    "line, blind": Case(field("gaussian", "run: {realisations: 1}\nanalysis: {structure_function: {orders: [2]}}\n"
                              "approximation: {enabled: false}\n", D=1, points=1 << 19)),
    "plane, losses by position": Case(field("gaussian", alone("approximation: {loss_powers: [2, 4], degrees: [0, 1]}"),
                                            D=2, points=1024)),
    "many losses": Case(field("gaussian", alone("approximation: {loss_powers: [2, 2.5, 3, 4, 5, 6], degrees: [0]}"),
                              D=1, points=1 << 19)),
    "many orders": Case(field("gaussian", alone(
        "analysis: {structure_function: {orders: [%s], separations_per_octave: 8}}" %
        ", ".join(str(p / 4) for p in range(1, 49))), D=2, points=256)),
    "moments of increments": Case(field("gaussian", alone("analysis: {increment_moments: {}}"), D=3,
                                        points=96, components="vector")),
    "all lags": Case(field("gaussian", alone("analysis: {structure_function: {lags: all, orders: [1, 2, 3, 4]}}"), D=3,
                           points=80)),
    "directions": Case(field("gaussian", alone("analysis: {structure_function: {lags: directions, orders: [2]}}"), D=2,
                             points=1024)),
    "densities of increments": Case(field("gaussian", alone("analysis: {increment_pdf: {bins: 2001}}"), D=3, points=48)),
    "sets": Case(field("gaussian", alone("analysis: {box_counting: {thresholds: [1, 2]}}"), D=2,
                       points=2048)),
    "waves of an octave": Case(field("weierstrass", "run: {realisations: 1}\n" + SPECTRUM, D=3, points=128)),
    "cascade, grid": Case(field("beta_cascade", "sampling: {enabled: false}\n", points=128)),
    "random origin": Case(field("beta_cascade", "sampling: {enabled: false}\n" +
                                alone("approximation: {origin: random, degrees: [0]}"), D=2, points=2048)),
    "a measure, line": Case(field("multiplicative_cascade", "sampling: {enabled: false}\n" + alone(
        "analysis: {structure_function: {orders: [2]}}"), D=1, points=1 << 19, model="binomial", p=0.7)),
    "cascade, line": Case(field("beta_cascade", "sampling: {enabled: false}\n", D=1, points=1 << 20)),
    # components of an own file that does not repeat: a tapered copy, and then bands of each
    "own vector, blind": Case("field: {generator: file, path: cloud.npy, format: raw, dtype: float32, offset: 128, "
                              "shape: [4, 128, 128, 128], count: [3, 128, 128, 128], component_axis: first}\n"
                              "analysis: {structure_function: {orders: [2]}}\napproximation: {enabled: false}\n", cut=4),
    "field is written": Case(field("gaussian", SPECTRUM + "output: {field: true}\n", D=3, points=128)),
    "realisations": Case(field("gaussian", "run: {realisations: 512}\n", D=1, points=512)),
    # cells of points
    "lattice, D = 6": Case(field("beta_cascade", FEW % ", lattice: 12", D=6), cut=4),
    "lattice, D = 5": Case(field("beta_cascade", FEW % ", lattice: 20", D=5), cut=6),
    "lattice, degree 2, random origin": Case(field("beta_cascade", FEW % ", lattice: 3" + alone(
        "approximation: {origin: random, degrees: [2]}"), D=10, profile="product"), cut=3),
    "scattered, many points": Case(field("fourier_modes", FEW % ", cell_points: 65536" +
                                         alone("approximation: {degrees: [0]}"), D=128), cut=4),
    "scattered, degree 2": Case(field("fourier_modes", FEW % ", cell_points: 65536" +
                                      alone("approximation: {degrees: [2]}"), D=12), cut=6),
    "scattered, shown cells": Case(field("beta_cascade", FEW % ", cell_points: 65536" +
                                         alone("approximation: {degrees: [0]}"), D=100), cut=3),
    "many waves": Case(field("fourier_modes", FEW % "" + alone("approximation: {degrees: [0]}"), D=1024,
                             modes_per_shell=32), cut=4),
    # ranks
    "cube on two": Case(field("gaussian", D=3, points=96), ranks=2),
    "cascade on three": Case(field("beta_cascade", "sampling: {enabled: false}\n", points=96), ranks=3),
    "lines on two": Case(field("gaussian", "run: {realisations: 2}\n" + SPECTRUM, D=1, points=1 << 19),
                         ranks=2),
    "waves on three": Case(field("fourier_modes", FEW % "", D=40), ranks=3),
    # other tasks
    "campaign": Case(field("gaussian", SPECTRUM + "sweep: {over: {field.hurst: [0.2, 0.5]}}\n", D=2,
                           points=1024)),
    "losses": Case("task: scaling_law\nstudy: loss_table\nloss_table: {file: losses.csv, x: N, model: pedestal, "
                   "bootstrap: 0, objectives: [least_squares_log]}\n"),
    "noisy samples": Case("task: scaling_law\nstudy: noisy_samples\n"
                          "noisy_samples: {samples: 262144, fields: 8, repeats: 4}\n"),
    # clouds, of which the ranks of a node have one copy
    "cloud, tree": Case(cloud("cube", "two_nn, gride", d=3, points=50000)),
    "cloud, high D": Case(cloud("sphere", "two_nn", d=10, points=8192, D=2048), cut=5),
    "cloud on two": Case(cloud("sphere", "two_nn", d=10, points=8192, D=1024), ranks=2, cut=2),
    "cloud of a file": Case("task: learning\ndata: {generator: file, path: cloud.npy}\n"
                            "dimension: {estimators: [two_nn], bias: false}\n", cut=4),
    # coordinates with a step: a copy with twice of it, searched too
    "rounded cloud of a file": Case("task: learning\ndata: {generator: file, path: rounded.npy}\n"
                                    "dimension: {estimators: [two_nn], bias: false}\n"),
    "learners, kernel": Case(cloud("cube", "two_nn", "learners: [{kind: kernel, smallest: 512, largest: 4096}]\n", d=2,
                                   points=8192), cut=6),
    "learners, features": Case(cloud("cube", "two_nn", "learners: [{kind: random_features, smallest: 16, largest: 512}]\n",
                                     d=2, points=65536)),
    "learners, network": Case(cloud("cube", "two_nn", "learners: [{kind: network, method: adam, steps: 16, smallest: 16, "
                                    "largest: 512}]\n", d=2, points=65536)),
}


def peaks(command, place, ranks, cut):
    """Largest resident size of each rank, in bytes."""
    here = os.path.abspath(__file__)
    start = [MPIRUN, "-n", str(ranks)] if ranks > 1 else []
    for _ in range(3):  # the launcher may end the other ranks of one that was cut before they write
        done = subprocess.run(start + [sys.executable, "-B", here, "--measure", str(cut), str(ranks), *command], cwd=place, text=True,
                              capture_output=True, timeout=SECONDS, check=False)
        # ranks write at the same time: lines may run into one another
        found = [tuple(map(int, pair)) for pair in re.findall(r"peak-of-a-rank (\d+) (-?\d+);", done.stdout)]
        if len(found) == ranks:
            break
    if len(found) != ranks or any(code not in ((0, 6) if not cut else (0, 6, -24, -9)) for _, code in found):
        raise AssertionError(f"{command}: {found}\n{done.stdout}\n{done.stderr}")
    return [size for size, _ in found]


def of_others(process, ranks):
    """Bytes of clouds that a rank sees and that a plan counts for the other ranks of the node."""
    try:
        maps = pathlib.Path(f"/proc/{process}/smaps").read_text(encoding="utf-8")
    except OSError:  # it has ended
        return 0
    seen = re.findall(r"/cascade-\d.*\n(?:\w+: .*\n)*?Rss: +(\d+) kB", maps)
    return sum(map(int, seen)) * 1024 * (ranks - 1) // ranks


def measure(cut, ranks, command):
    """Runs the command as one rank does, and says what it held at most: its share of what ranks have in common."""
    if cut > 0:
        resource.setrlimit(resource.RLIMIT_CPU, (cut, cut + 1))
    others = 0
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as rank:
        while ranks > 1 and os.waitid(os.P_PID, rank.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
            others = max(others, of_others(rank.pid, ranks))
            time.sleep(0.1)
        _, status, usage = os.wait4(rank.pid, 0)
        rank.returncode = os.waitstatus_to_exitcode(status)
    print(f"peak-of-a-rank {(usage.ru_maxrss << 10) - others} {rank.returncode};", flush=True)


def processor_time():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def sanitized():
    with open(CASCADE, "rb") as program, mmap.mmap(program.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return content.find(b"__asan_init") >= 0


def in_bytes(text):
    number, unit = text.split()
    return float(number) * UNITS[unit]


class MemoryPlan(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.place = pathlib.Path(self.folder.name)
        rows = "".join(f"{n},{(1.7 + 400 / n ** 0.34) * (1 + n * 7919 % 1009 / 1e5)},{n % 7},{n % 11}\n" for n in range(1000, 201000))
        (self.place / "losses.csv").write_text("N,loss,a,b\n" + rows, encoding="utf-8")
        numbers = array.array("f", ((i * 7919 % 1000003) / 1e6 for i in range(4096)))  # that never repeat
        self.write_array("cloud.npy", 1024, 8192,
                         lambda row, width: numbers[row % 3000:row % 3000 + width - 1] + array.array("f", [row ** 0.5]))
        whole = array.array("f", (i * 7919 % 1009 for i in range(8192)))
        self.write_array("rounded.npy", 2048, 2048, lambda row, width: whole[row * 37 % 6000:row * 37 % 6000 + width])

    def write_array(self, name, width, height, row_of):
        """As numpy.save writes it."""
        header = f"{{'descr': '<f4', 'fortran_order': False, 'shape': ({height}, {width}), }}".ljust(117) + "\n"
        with open(self.place / name, "wb") as file:
            file.write(b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header.encode())
            for row in range(height):
                file.write(row_of(row, width).tobytes())

    def plan(self, text, ranks=1, **environment):
        (self.place / "in.yaml").write_text(text, encoding="utf-8")
        start = [MPIRUN, "-n", str(ranks)] if ranks > 1 else []
        return subprocess.run(start + [CASCADE, "in.yaml", "--dry-run"], cwd=self.place, capture_output=True, text=True,
                              timeout=SECONDS, check=False, env={**os.environ, **environment})

    def test_a_plan_is_what_the_run_takes(self):
        if sanitized():
            self.skipTest("the address sanitizer keeps memory of its own, which no plan counts")
        chosen = os.environ.get("CASCADE_MEMORY_CASES")
        for name, case in CASES.items():
            if (name in LONG) if chosen is None else not re.search(chosen, name):
                continue
            with self.subTest(case=name):
                said = self.plan(case.text, case.ranks)
                self.assertEqual(said.returncode, 0, said.stderr)
                found = re.findall(r"peak ([\d.]+ \w+) a rank", said.stdout)
                self.assertEqual(len(found), 1, said.stdout)
                planned = in_bytes(found[0])
                command = [CASCADE, "in.yaml", "--output", "out", "--force", "--quiet"]
                before = processor_time()
                peak = max(peaks(command, self.place, case.ranks, case.cut))
                if chosen is not None:
                    print(f"{name:36s} plan {planned / MIB:6.1f} peak {peak / MIB:6.1f} MiB, {planned / peak:4.2f} "
                          f"{processor_time() - before:5.1f} s", flush=True)
                self.assertLess(abs(planned - peak), SHARE * peak + SLACK,
                                f"plan {planned / MIB:.1f} MiB, peak {peak / MIB:.1f} MiB\n{said.stdout}")

    def test_values_that_may_be_missing_are_in_the_plan(self):
        """They take a field of modes more at every lag: the plan grows by what the run does."""
        numbers = array.array("f", ((i * 7919 % 1000003) / 1e6 for i in range(4096)))
        header = "{'descr': '<f4', 'fortran_order': False, 'shape': (64, 64, 64), }".ljust(117) + "\n"
        for name, first in (("whole.npy", 1.0), ("holes.npy", float("nan"))):
            rows = b"".join(numbers[row % 4000:row % 4000 + 64].tobytes() for row in range(64 * 64))
            (self.place / name).write_bytes(b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header.encode() +
                                            struct.pack("<f", first) + rows[4:])
        planned, taken = [], []
        for keys in ("path: whole.npy", "path: holes.npy, missing: exclude"):
            said = self.plan("field: {generator: file, " + keys + "}\n" + alone(
                "analysis: {structure_function: {lags: all, orders: [1, 2, 3, 4]}}"))
            planned.append(in_bytes(re.findall(r"peak ([\d.]+ \w+) a rank", said.stdout)[0]))
            taken += peaks([CASCADE, "in.yaml", "--output", "out", "--force", "--quiet"], self.place, 1, 0)
        more, less = planned[1] - planned[0], taken[1] - taken[0]
        self.assertGreater(more, 6 * MIB)
        self.assertLess(abs(more - less), 4 * MIB, f"planned {planned}, taken {taken}")

    def test_a_cloud_takes_less_of_a_rank_where_there_are_more(self):
        text = cloud("sphere", "two_nn", d=10, points=4096, D=4096)  # 128 MiB
        one, two, four = (in_bytes(re.findall(r"\n +cloud.* ([\d.]+ \w+)\n", self.plan(text, ranks).stdout)[0])
                          for ranks in (1, 2, 4))
        self.assertEqual((one, two, four), (128 * MIB, 64 * MIB, 32 * MIB))

    def test_the_parts_of_every_step_are_named(self):
        text = self.plan(field("gaussian", "approximation: {loss_powers: [2, 4]}\n", D=2, points=1024)).stdout
        for part in ("program and libraries", "field  ", "modes of the field", "lines of the transform", "field in blocks",
                     "band", "covariances"):
            self.assertIn(part, text)

    def test_what_does_not_fit_is_refused_with_keys_and_values(self):
        refusals = {
            "sampling.lattice": (field("beta_cascade", FEW % ", lattice: 12", D=6), 180),
            "sampling.cell_points": (field("fourier_modes", FEW % ", cell_points: 1048576", D=1024), 2000),
            "field.points": (field("gaussian", "run: {realisations: 1}\n" + SPECTRUM, D=1, points=1 << 24), 400),
            "field.oversampling": (field("gaussian", SPECTRUM, D=2, points=1024, oversampling=8), 1000),
            "field.modes_per_shell": (field("fourier_modes", FEW % "", D=1024, modes_per_shell=512), 700),
            "sampling.trees": (field("beta_cascade", "sampling: {trees: 65536, pairs: 16}\n", D=2, points=0), 150),
        }
        for key, (text, mebibytes) in refusals.items():
            with self.subTest(key=key):
                said = self.plan(text, SLURM_MEM_PER_NODE=str(mebibytes))
                self.assertEqual(said.returncode, 2, said.stdout)
                match = re.search(re.escape(key) + r": (\d+) would need ([\d.]+ \w+)", said.stderr)
                self.assertIsNotNone(match, said.stderr)
                self.assertRegex(said.stderr, r"in.yaml:(\d+:\d+:)? .* needs .* a rank \(step '.*SLURM_MEM_PER_NODE")
                self.assertLessEqual(in_bytes(match[2]), mebibytes * MIB)
                section, name = key.split(".")
                better = self.plan(re.sub(name + r": \d+", f"{name}: {match[1]}", text),
                                   SLURM_MEM_PER_NODE=str(mebibytes))
                self.assertEqual(better.returncode, 0, f"{section}: {better.stderr}")

    def test_sizes_beyond_all_numbers_are_refused_too(self):
        for text in (field("beta_cascade", FEW % ", lattice: 64", D=10, profile="product"),
                     field("gaussian", D=3, points=1 << 18)):
            said = self.plan(text)
            self.assertEqual(said.returncode, 2, said.stdout)
            self.assertIn("would need", said.stderr)

    def test_a_run_is_refused_before_it_allocates(self):
        if sanitized():
            self.skipTest("the address sanitizer reserves more than any limit")
        (self.place / "in.yaml").write_text(
            field("fourier_modes", FEW % "", D=1024, modes_per_shell=1024), encoding="utf-8")
        done = subprocess.run(["/bin/sh", "-c", 'ulimit -v 1500000; exec "$0" in.yaml', CASCADE], cwd=self.place, text=True,
                              capture_output=True, timeout=SECONDS, check=False,
                              env={**os.environ, "SLURM_MEM_PER_NODE": "900"})
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertFalse((self.place / "results").exists())


if __name__ == "__main__":
    if sys.argv[1:2] == ["--measure"]:
        measure(int(sys.argv[2]), int(sys.argv[3]), sys.argv[4:])
    else:
        unittest.main()
