"""The batch scripts on a real Slurm: submitted, warned, out of time, cancelled, requeued, shared by an array. Nothing
that was finished is lost, and the job says what became of the run."""

import pathlib
import signal
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "app"))
from one_machine import OneMachine, why_not  # noqa: E402
from program import CASCADE, MPIRUN, SECONDS, SOURCES, Program  # noqa: E402

SCRIPT = SOURCES / "inputs" / "batch" / "slurm.sbatch"
ARRAY = SOURCES / "inputs" / "batch" / "slurm-array.sbatch"

# Units of a fraction of a second, and enough of them to be asked in between.
SHORT = """run: {name: short, seed: 3}
field: {generator: beta_cascade, embedding_dimension: 2, dimension: 1.7, hurst: 0.3, points: 0, virtual_levels: 16}
analysis: {structure_function: {orders: [2]}}
approximation: {partitions: [uniform, oracle]}
sampling: {trees: 1024, pairs: 512, cells: 64}
"""
# Units that take longer than Slurm waits before it kills.
LONG = """run: {name: long, seed: 3, realisations: 3}
field: {generator: beta_cascade, embedding_dimension: 5, dimension: 4.5, hurst: 0.3, points: 0, virtual_levels: 16}
approximation: {partitions: [uniform, oracle]}
sampling: {lattice: 24}
"""
TINY = SHORT.replace("1024", "64").replace("name: short", "name: tiny")


@unittest.skipIf(why_not(), why_not())
class Slurm(Program):
    INPUTS = {"short.yaml": SHORT, "long.yaml": LONG, "tiny.yaml": TINY}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.slurm = OneMachine()

    @classmethod
    def tearDownClass(cls):
        cls.slurm.end()
        super().tearDownClass()

    def submit(self, name, *arguments, **environment):
        """A job of two ranks; its log is NAME.log."""
        return self.slurm.submit("--ntasks=2", "--time=10", f"--output={name}.log", SCRIPT, *arguments,
                                 cwd=self.place, CASCADE=str(CASCADE), OUTPUT=name, **environment)

    def log(self, name):
        file = self.place / f"{name}.log"
        return file.read_text(encoding="utf-8", errors="replace") if file.exists() else ""

    def begun(self, name, job):
        over = ("COMPLETED", "FAILED")
        self.slurm.wait_for(lambda: self.units(name) or self.slurm.state(job) in over, f"a unit of {name}", SECONDS)
        self.assertEqual(self.slurm.state(job), "RUNNING", self.log(name))

    def end_of(self, name, job, state, code):
        self.assertEqual(self.slurm.wait_for_end(job, SECONDS), state, self.log(name))
        if code is not None:
            self.assertEqual(self.slurm.exit_code(job), code, self.log(name))

    def goes_on(self, name, *arguments):
        """Submitted again as it was, it takes up what there is and completes."""
        before = len(self.units(name))
        job = self.submit(name, *arguments)
        self.end_of(name, job, "COMPLETED", 0)
        self.assertIn(f"{before} of ", self.log(name))
        self.assertIn("units were finished before", self.log(name))
        self.assertTrue((self.place / name / "report.json").exists())

    def test_submitted_twice(self):
        self.end_of("tiny", self.submit("tiny", "tiny.yaml"), "COMPLETED", 0)
        self.assertIn("2 ranks", self.log("tiny"))
        self.end_of("tiny", self.submit("tiny", "tiny.yaml"), "COMPLETED", 0)
        self.assertIn("complete already", self.log("tiny"))

    def test_a_mistake_keeps_its_exit_code(self):
        self.end_of("wrong", self.submit("wrong", "tiny.yaml", "--set", "field.hurst=x"), "FAILED", 2)

    def test_warned_by_a_signal(self):
        for launcher in ("srun --mpi=pmix", f"{MPIRUN} --allow-run-as-root --oversubscribe -n 2"):
            name = "warned-" + launcher.split()[0].split("/")[-1]
            job = self.submit(name, "short.yaml", LAUNCHER=launcher)
            self.begun(name, job)
            self.slurm.said("scancel", "--batch", "--signal=USR1", job)  # as --signal=B:USR1@60 sends it
            self.end_of(name, job, "FAILED", 75)
            self.assertIn("asked to stop", self.log(name))
        self.goes_on(name, "short.yaml")

    def test_cancelled(self):
        job = self.submit("cancelled", "short.yaml")
        self.begun("cancelled", job)
        self.slurm.said("scancel", job)
        self.end_of("cancelled", job, "CANCELLED", None)
        self.assertIn("exit code 75", self.log("cancelled"))
        self.goes_on("cancelled", "short.yaml")

    def test_requeued(self):
        job = self.submit("requeued", "short.yaml")
        self.begun("requeued", job)
        self.slurm.said("scontrol", "requeue", job)
        self.end_of("requeued", job, "COMPLETED", 0)
        self.assertIn("units were finished before", self.log("requeued"))

    def test_out_of_time(self):
        """Slurm asks script and ranks at the same time, and kills after its wait."""
        endless = ("short.yaml", "--set", "sampling.trees=65536")  # Slurm looks at the clock twice a minute only
        jobs = {"limit-short": self.submit("limit-short", *endless),
                "limit-long": self.submit("limit-long", "long.yaml")}
        self.begun("limit-short", jobs["limit-short"])
        long_one = self.place / "limit-long" / "units" / "config.json"
        self.slurm.wait_for(long_one.exists, "the long run", SECONDS)
        time.sleep(1)
        for job in jobs.values():
            until = time.strftime("%Y-%m-%dT%H:%M:%S", time.localtime(time.time() + 3))
            self.slurm.said("scontrol", "update", f"JobId={job}", f"EndTime={until}")
        for name, job in jobs.items():
            self.end_of(name, job, "TIMEOUT", None)
            self.assertIn("asked to stop", self.log(name))
            self.assertIn("--resume continues", self.log(name))
            self.assertFalse((self.place / name / "report.json").exists())
        self.assertIn("exit code 75", self.log("limit-short"))
        before = len(self.units("limit-short"))
        again = self.submit("limit-short", *endless)
        self.slurm.wait_for(lambda: len(self.units("limit-short")) > before, "a further unit", SECONDS)
        self.slurm.said("scancel", again)
        self.end_of("limit-short", again, "CANCELLED", None)
        self.assertIn(f"{before} of 8192 units were finished before", self.log("limit-short"))

    def test_array_and_merge(self):
        output = self.place / "shared"
        small = {"cwd": self.place, "CASCADE": str(CASCADE)}
        parts = ("--array=1-3", "--ntasks=1", "--output=part-%a.log")
        job = self.slurm.submit(*parts, ARRAY, "tiny.yaml", "shared", **small)
        merge = self.slurm.submit(f"--dependency=afterok:{job}", "--ntasks=1", "--output=merge.log", ARRAY, "--merge",
                                  "shared", **small)
        self.end_of("merge", merge, "COMPLETED", 0)
        self.assertTrue((output / "report.json").exists())
        self.cascade("tiny.yaml", "--output", "alone")
        self.assertEqual(self.report("shared"), self.report("alone"))


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # ended by ctest's time limit, the daemons end too
    if why_not():
        print("skipped:", why_not())
    sys.exit(unittest.main())
