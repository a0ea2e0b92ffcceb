"""The real program refuses bad input: right exit code, one message, no files left, no hang, at 1 and 3 ranks."""

import os
import pathlib
import resource
import subprocess
import sys
import tempfile
import unittest

CASCADE = os.environ.get("CASCADE_EXECUTABLE", "cascade")
MPIRUN = os.environ.get("CASCADE_MPIRUN", "mpirun")
HERE = pathlib.Path(__file__).resolve().parent
SECONDS = float(os.environ.get("CASCADE_TEST_TIMEOUT", "300"))  # a hang, not a slow machine


def run(arguments, ranks, folder):
    # -q takes mpirun's own lines about a non-zero exit away: what is left is the program's.
    command = [MPIRUN, "-q", "-n", str(ranks), CASCADE, *map(str, arguments)]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=SECONDS)
    return done.returncode, done.stdout, done.stderr


class Refusals(unittest.TestCase):
    def refused(self, arguments, code, fragment, lines=1):
        """Runs at 1 and 3 ranks in an empty folder; checks code, the message (once) and that nothing was written."""
        for ranks in (1, 3):
            with self.subTest(arguments=arguments, ranks=ranks), tempfile.TemporaryDirectory() as folder:
                before = sorted(os.listdir(folder))
                returned, out, err = run(arguments, ranks, folder)
                self.assertEqual(returned, code, out + err)
                self.assertEqual(err.count(fragment), 1, err)
                self.assertEqual(len(err.strip().splitlines()), lines + 1, err)  # + the last line with the exit code
                self.assertIn(f"exit code {code}", err.strip().splitlines()[-1])
                # an input that was understood is named before the machine is asked whether it can be done
                self.assertRegex(out, r"\A(cascade \d.*\n.* on host .*Z\n)?\Z")
                self.assertEqual(sorted(os.listdir(folder)), before)

    def test_unknown_key(self):
        self.refused([HERE / "unknown_key.yaml"], 2, "did you mean 'dimension'?")

    def test_dimension_above_embedding(self):
        self.refused([HERE / "dimension_above_embedding.yaml"], 2, ":5:14: field.dimension: d = 2.8 is not possible")

    def test_all_errors_at_once(self):
        self.refused([HERE / "many_errors.yaml"], 2, "field.pionts", lines=7)

    def test_not_text(self):
        with tempfile.NamedTemporaryFile(suffix=".yaml") as file:
            file.write(bytes(range(256)))
            file.flush()
            self.refused([file.name], 2, "control character 0x00")

    def test_missing_file(self):
        self.refused(["nowhere.yaml"], 2, "nowhere.yaml: no such file")

    def test_directory(self):
        self.refused([HERE], 2, "is a directory")

    def test_unknown_option(self):
        self.refused(["in.yaml", "--forse"], 2, "did you mean '--force'?")

    def test_no_file(self):
        self.refused([], 2, "no input file")

    def test_setting(self):
        self.refused([HERE.parent.parent / "inputs" / "k41.yaml", "--set", "field.dimension=3.5"], 2,
                     "--set field.dimension: field.dimension: d = 3.5")

    def test_grid_beyond_memory(self):
        self.refused([HERE.parent.parent / "inputs" / "k41.yaml", "--set", "field.points=65536"], 2,
                     "--set field.points: field.points: 65536 needs")

    def test_what_is_beyond_memory_is_refused_at_once(self):
        """The search for what would fit plans hundreds of grids: their sizes must not be counted through."""
        before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
        done = subprocess.run([CASCADE, HERE.parent.parent / "inputs" / "k41.yaml", "--set", "field.points=65536"],
                              capture_output=True, text=True, timeout=SECONDS)
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertLess(resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before, 1)

    def test_one_rank_alone_fails(self):
        """Rank 1 has an option nobody knows; rank 0 waits for it in a collective call and must not wait for ever."""
        good = str(HERE.parent.parent / "inputs" / "k41.yaml")
        with tempfile.TemporaryDirectory() as folder:
            command = [MPIRUN, "-q", "-n", "1", CASCADE, good, "--dry-run", ":", "-n", "1", CASCADE, good, "--forse"]
            done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=SECONDS)
            self.assertEqual(done.returncode, 2, done.stdout + done.stderr)
            self.assertEqual(done.stderr.count("rank 1: command line: unknown option --forse"), 1, done.stderr)


class Answers(unittest.TestCase):
    def answered(self, arguments, fragment):
        for ranks in (1, 3):
            with self.subTest(arguments=arguments, ranks=ranks), tempfile.TemporaryDirectory() as folder:
                returned, out, err = run(arguments, ranks, folder)
                self.assertEqual(returned, 0, err)
                self.assertEqual(out.count(fragment), 1, out)
                self.assertEqual(err, "")
                self.assertEqual(os.listdir(folder), [])

    def test_help(self):
        self.answered(["--help"], "Exit codes:")

    def test_list(self):
        self.answered(["--list"], "beta_cascade")

    def test_version(self):
        self.answered(["--version"], "FFTW: ")

    def test_dry_run_writes_nothing(self):
        self.answered([HERE.parent.parent / "inputs" / "k41.yaml", "--set", "field.points=32", "--dry-run"],
                      "nothing was written")

    def test_full_standard_output(self):
        """Not under mpirun, which takes the output itself."""
        with open("/dev/full", "w", encoding="utf-8") as full:
            done = subprocess.run([CASCADE, "--list"], stdout=full, stderr=subprocess.PIPE, text=True, timeout=SECONDS)
        self.assertEqual(done.returncode, 4, done.stderr)
        self.assertIn("standard output cannot be written", done.stderr)


if __name__ == "__main__":
    sys.exit(unittest.main())
