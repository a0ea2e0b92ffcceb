"""A run killed at any moment, shared out in parts or damaged in between ends in the same report as one that was left
alone: every byte of report.json but for times and hosts."""

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

from program import CASCADE, MPIRUN, SECONDS, Program

INPUT = """
run: {name: small, seed: 3, realisations: 3}
field: {generator: beta_cascade, embedding_dimension: 2, dimension: 1.7, hurst: 0.3, points: 64, virtual_levels: 12}
analysis: {structure_function: {orders: [1, 2]}, spectrum: {}, box_counting: {}}
approximation: {degrees: [0], loss_powers: [2], pieces: 16}
sampling: {trees: 48, pairs: 32, cells: 16}
"""
UNITS = 3 + 6


class Resume(Program):
    INPUTS = {"small.yaml": INPUT}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        start = time.monotonic()
        cls.cascade("small.yaml", "--output", "whole")
        cls.duration = time.monotonic() - start
        cls.expected = cls.report("whole")

    def begun(self, folder, after):
        """A run in `folder`, as it is `after` seconds later."""
        again = ["--resume"] if (self.place / folder / ".lock").exists() else []  # else there is nothing to resume
        process = subprocess.Popen([CASCADE, "small.yaml", "--output", folder, "--quiet", *again], cwd=self.place,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        time.sleep(after)
        return process

    def test_killed_at_any_moment(self):
        moments = random.Random(20)  # seeded; the machine's speed makes them random enough
        for case in range(4):
            folder = f"killed-{case}"
            for _ in range(3):
                process = self.begun(folder, moments.uniform(0.1, 0.9) * self.duration)
                process.kill()
                process.communicate(timeout=SECONDS)
            again = ["--resume"] if (self.place / folder).exists() and os.listdir(self.place / folder) else []
            self.cascade("small.yaml", "--output", folder, *again)
            self.assertEqual(self.report(folder), self.expected)
            left = set(os.listdir(self.place / folder)) - {".lock"}  # free, where the kill came after the last file
            self.assertEqual(left, {"checksums.sha256", "report.json", "report.md", "results.h5", "run.log"})

    def test_killed_in_parallel_and_finished_by_other_ranks(self):
        command = [MPIRUN, "-q", "-n", "2", CASCADE, "small.yaml", "--output", "parallel", "--set", "run.group_size=1"]
        process = subprocess.Popen(command, cwd=self.place, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        limit = time.monotonic() + SECONDS
        while len(self.units("parallel")) < 4 and process.poll() is None and time.monotonic() < limit:
            time.sleep(0.005)
        holder = (self.place / "parallel" / ".lock").read_text(encoding="utf-8")
        os.kill(int(holder.split("process ")[1].split(",")[0]), signal.SIGKILL)  # rank 0
        self.assertNotEqual(process.wait(timeout=SECONDS), 0)
        self.assertGreaterEqual(len(self.units("parallel")), 4)
        self.assertFalse((self.place / "parallel" / "report.json").exists())
        self.cascade("small.yaml", "--output", "parallel", "--resume", ranks=3)
        self.assertEqual(self.report("parallel", False), self.report("whole", False))

    def test_parts_and_merge(self):
        refused = self.cascade("--merge", "parts", code=2)
        self.assertIn("no config.json", refused)
        parts = [subprocess.Popen([CASCADE, "small.yaml", "--output", "parts", "--part", f"{i}/3"], cwd=self.place,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) for i in (1, 3)]
        for process in parts:  # at the same time in the same folder
            text, _ = process.communicate(timeout=SECONDS)
            self.assertEqual(process.returncode, 0, text)
            self.assertIn("is done", text)
        refused = self.cascade("--merge", "parts", code=2)
        self.assertIn("--part 2/3 --output parts", refused)
        self.assertNotIn("--part 1/3", refused)
        self.assertIn("points-0008", refused)
        self.cascade("small.yaml", "--output", "elsewhere", "--part", "2/3", ranks=2)
        self.cascade("--merge", "parts", "elsewhere")
        self.assertEqual(self.report("parts"), self.expected)
        self.assertEqual(len(self.units("parts")) + len(self.units("elsewhere")), UNITS)
        # A result in its place is not made again unasked, and a foreign part is not taken.
        self.assertIn("--force", self.cascade("--merge", "parts", "elsewhere", code=3))
        self.cascade("small.yaml", "--output", "foreign", "--part", "2/3", "--set", "run.seed=4")
        self.assertIn("run.seed: 4 before, 3 now",
                      self.cascade("--merge", "parts", "foreign", "--force", code=2))

    def test_parts_of_two_divisions_in_one_folder(self):
        """Either division may be completed; what is advised is the one that needs fewer calls, and it is enough."""
        for part in ("1/2", "1/3"):
            self.cascade("small.yaml", "--output", "divided", "--part", part)
        refused = self.cascade("--merge", "divided", code=2)
        self.assertIn("Missing units: grid-0001 points-0016 points-0032.", refused)
        self.assertEqual(refused.count("cascade small.yaml"), 1, refused)
        self.assertIn("cascade small.yaml --part 2/2 --output divided", refused)
        self.cascade("small.yaml", "--output", "divided", "--part", "2/2")
        self.cascade("--merge", "divided")
        self.assertEqual(self.report("divided"), self.expected)

    def test_merge_where_only_rank_0_sees_the_folder(self):
        """The others have nothing but what rank 0 tells them: no rank asks the disk for itself what is to be done."""
        self.cascade("small.yaml", "--output", "seen", "--part", "1/1")
        with tempfile.TemporaryDirectory() as elsewhere:
            command = [MPIRUN, "-q", "-n", "1", "--wdir", self.place, CASCADE, "--merge", "seen",
                       ":", "-n", "1", "--wdir", elsewhere, CASCADE, "--merge", "seen"]
            done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            self.assertEqual(os.listdir(elsewhere), [])
        self.assertEqual(self.report("seen", False), self.report("whole", False))

    def test_same_part_twice(self):
        first = subprocess.Popen([CASCADE, "small.yaml", "--output", "twice", "--part", "1/1"], cwd=self.place,
                                 stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        lock = self.place / "twice" / ".part-1-of-1.lock"
        limit = time.monotonic() + SECONDS
        while not (lock.exists() and lock.read_text(encoding="utf-8")) and time.monotonic() < limit:
            time.sleep(0.005)
        os.kill(first.pid, signal.SIGSTOP)
        try:
            self.assertIn("another run", self.cascade("small.yaml", "--output", "twice", "--part", "1/1", code=3))
            self.assertIn("another run", self.cascade("small.yaml", "--output", "twice", "--resume", code=3))
        finally:
            os.kill(first.pid, signal.SIGCONT)
        self.assertEqual(first.wait(timeout=SECONDS), 0)

    def test_stopped_by_a_signal(self):
        for name in ("TERM", "INT", "USR1"):
            folder = "stopped-" + name
            process = self.begun(folder, 0)
            limit = time.monotonic() + SECONDS
            while not self.units(folder) and time.monotonic() < limit:
                time.sleep(0.005)
            process.send_signal(getattr(signal, "SIG" + name))
            _, text = process.communicate(timeout=SECONDS)
            self.assertEqual(process.returncode, 75, text)
            self.assertIn("--resume", text)
            self.assertLess(len(self.units(folder)), UNITS)
        self.cascade("small.yaml", "--output", folder, "--resume")
        self.assertEqual(self.report(folder), self.expected)

    def half_done(self, folder):
        self.cascade("small.yaml", "--output", folder, "--part", "1/2")
        return folder

    def test_damaged_unit(self):
        folder = self.half_done("damaged")
        unit = self.place / folder / "units" / "grid-0000.unit"
        content = bytearray(unit.read_bytes())
        content[-5] ^= 1
        unit.write_bytes(content)
        cut = self.place / folder / "units" / "points-0040.unit"
        cut.write_bytes(cut.read_bytes()[:-1])
        refused = self.cascade("--merge", folder, code=2)
        self.assertIn("Damaged units: grid-0000 points-0040.", refused)
        said = self.cascade("small.yaml", "--output", folder, "--resume")
        self.assertEqual(said.count("is damaged"), 2)
        self.assertIn("warning: unit grid-0000 in ", said)
        self.assertEqual(self.report(folder), self.expected)
        self.assertIn("is damaged", (self.place / folder / "run.log").read_text(encoding="utf-8"))

    def test_unfinished_run_is_not_overwritten_unasked(self):
        folder = self.half_done("unfinished")
        refused = self.cascade("small.yaml", "--output", folder, code=3)
        self.assertIn("--resume", refused)
        self.assertIn("--force", refused)
        self.assertEqual(len(self.units(folder)), 5)
        text = self.cascade("small.yaml", "--output", folder, "--force", "--set", "run.seed=9")
        self.assertNotIn("finished before", text)
        self.assertFalse((self.place / folder / "units").exists())

    def test_changed_input(self):
        folder = self.half_done("changed")
        refused = self.cascade("small.yaml", "--output", folder, "--resume", "--set", "field.hurst=0.4", "--set",
                                   "sampling.pairs=33", code=2)
        self.assertIn("field.hurst: 0.3 before, 0.4 now", refused)
        self.assertIn("sampling.pairs: 32 before, 33 now", refused)
        self.assertNotIn("run.seed", refused)
        self.cascade("small.yaml", "--output", folder, "--resume", "--set", "run.group_size=1")

    def test_nothing_to_resume(self):
        shutil.copytree(self.place / "whole", self.place / "complete")
        before = (self.place / "complete" / "report.json").read_bytes()
        self.assertIn("nothing to resume", self.cascade("small.yaml", "--output", "complete", "--resume"))
        self.assertEqual((self.place / "complete" / "report.json").read_bytes(), before)
        self.assertIn("field.hurst: 0.3 before, 0.4 now",
                      self.cascade("small.yaml", "--output", "complete", "--resume", "--set", "field.hurst=0.4",
                                       code=2))

    def test_bad_parts(self):
        for part in ("4/3", "0/3", "x", "1/", "/3", "-1/3", "1/3/5", "1.5/3"):
            self.assertIn("such as --part 1/3",
                          self.cascade("small.yaml", "--output", "bad", "--part=" + part, code=2))
        self.assertFalse((self.place / "bad").exists())
        self.assertIn("--force", self.cascade("small.yaml", "--part", "1/3", "--force", code=2))
        self.assertIn("leave FILE out", self.cascade("small.yaml", "--merge", "whole", code=2))


if __name__ == "__main__":
    sys.exit(unittest.main())
