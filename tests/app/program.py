"""The program and its scripts, run in a folder of their own as a user would run them."""

import json
import os
import pathlib
import subprocess
import tempfile
import time
import unittest

CASCADE = os.environ.get("CASCADE_EXECUTABLE", "cascade")
MPIRUN = os.environ.get("CASCADE_MPIRUN", "mpirun")
PYTHON = os.environ.get("CASCADE_PYTHON", "/usr/bin/python3")
SOURCES = pathlib.Path(__file__).resolve().parents[2]
SCRIPTS = SOURCES / "postprocess"
SECONDS = float(os.environ.get("CASCADE_TEST_TIMEOUT", "300"))  # a hang, not a slow machine


class Program(unittest.TestCase):
    INPUTS = {}  # name -> text of the inputs at hand

    @classmethod
    def setUpClass(cls):
        cls.scratch = tempfile.TemporaryDirectory()
        cls.place = pathlib.Path(cls.scratch.name)
        for name, text in cls.INPUTS.items():
            (cls.place / name).write_text(text, encoding="utf-8")

    @classmethod
    def tearDownClass(cls):
        cls.scratch.cleanup()

    @classmethod
    def cascade(cls, *arguments, code=0, ranks=0, before=(), **environment):
        """All that is said by a run that must end with this code; `before`: words in front of the program."""
        launcher = [MPIRUN, "-q", "-n", str(ranks)] if ranks else []
        command = [str(word) for word in (*launcher, *before, CASCADE, *arguments)]
        done = subprocess.run(command, cwd=cls.place, capture_output=True, text=True, errors="replace", timeout=SECONDS,
                              stdin=subprocess.DEVNULL, env={**os.environ, **environment})
        said = done.stdout + done.stderr
        if done.returncode != code:
            raise AssertionError(f"{command}: exit code {done.returncode}, expected {code}\n{said[:3000]}")
        return said

    @classmethod
    def started(cls, *command, **environment):
        return subprocess.Popen([str(word) for word in command], cwd=cls.place, stdout=subprocess.PIPE,
                                stderr=subprocess.STDOUT, text=True, env={**os.environ, **environment})

    def ended(self, process, within=SECONDS):
        """Exit code and everything said; a process that does not end in time is one that does not listen."""
        try:
            said, _ = process.communicate(timeout=within)
        except subprocess.TimeoutExpired:
            process.kill()
            said, _ = process.communicate()
            self.fail(f"still there after {within} s:\n{said}")
        return process.returncode, said

    @staticmethod
    def wait_for(what, process=None, within=SECONDS):
        """True once it is so; not later than the end of the process."""
        until = time.monotonic() + within
        while not what():
            if (process is not None and process.poll() is not None) or time.monotonic() > until:
                return what()
            time.sleep(0.002)
        return True

    @classmethod
    def units(cls, folder):
        """Names of the finished units of a run, or paths of the seals of a campaign's cases."""
        place = cls.place / folder
        return sorted([path.name for path in place.glob("units/*.unit")] + list(place.glob("cases/*/case.sum")))

    @classmethod
    def require_whole(cls, folder):
        """The files of a result are what its checksums say, by a program that is not ours."""
        subprocess.run(["sha256sum", "--check", "--strict", "--quiet", "checksums.sha256"], cwd=cls.place / folder,
                       check=True)

    @classmethod
    def report(cls, folder, ranks_too=True):
        """The text of report.json without times and hosts (and what depends on the number of ranks)."""
        report = json.loads((cls.place / folder / "report.json").read_text(encoding="utf-8"))
        del report["timing"]
        for key in ["started", "host", "wall_seconds", "peak_bytes_per_rank"] + ([] if ranks_too else
                                                                                 ["ranks", "field_bytes_per_rank"]):
            report["run"].pop(key, None)
        return json.dumps(report)
