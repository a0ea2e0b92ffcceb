"""Asked to end, the program ends within seconds, with the right code and words, wherever it is; nothing is lost."""

import pathlib
import signal
import sys
import time
import unittest

from program import CASCADE, MPIRUN, SOURCES, Program

SIGNALS = (signal.SIGTERM, signal.SIGUSR1, signal.SIGINT)
GRACE = 8  # seconds that the program gives to a unit
PATIENCE = 15  # these, and a busy machine

SHORT = """run: {name: short, seed: 3}
field: {generator: beta_cascade, embedding_dimension: 2, dimension: 1.7, hurst: 0.3, points: 0, virtual_levels: 12}
analysis: {structure_function: {orders: [2]}}
approximation: {partitions: [uniform, oracle]}
sampling: {trees: 128, pairs: 128, cells: 32}
"""
MANY = ("short.yaml", "--set", "sampling.trees=384")  # 24 units: time enough to be asked between two
LONGER = ("short.yaml", "--set", "sampling.trees=1024")  # and for a launcher between, which takes its own time
LONG_UNITS = """run: {name: long, seed: 3}
field: {generator: beta_cascade, embedding_dimension: 5, dimension: 4.5, hurst: 0.3, points: 0, virtual_levels: 16}
approximation: {partitions: [uniform, oracle]}
sampling: {lattice: 24}
"""
CAMPAIGN = SHORT.replace("trees: 128", "trees: 32") + """sweep:
  over: {field.dimension: {from: 1.2, to: 1.8, step: 0.1}}
"""
LONG_LAW = f"""task: scaling_law
study: loss_table
loss_table:
  file: {SOURCES}/inputs/data/chinchilla_epoch_svg_extracted.csv
  loss: loss
  x: Model Size
  model: pedestal
  objectives: [huber_log]
  bootstrap: 10000000
"""


class Stopping(Program):
    INPUTS = {"short.yaml": SHORT, "long.yaml": LONG_UNITS, "law.yaml": LONG_LAW, "campaign.yaml": CAMPAIGN,
              "long_campaign.yaml": LONG_UNITS + "sweep: {over: {field.dimension: [4.4, 4.6]}}\n"}

    def listens(self, process):
        """The program has its handlers: from then on it cannot be ended without a word."""
        def caught():
            status = pathlib.Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
            mask = int(next(line for line in status.splitlines() if line.startswith("SigCgt")).split()[1], 16)
            return all(mask >> (number - 1) & 1 for number in SIGNALS)
        return self.wait_for(caught, process)

    def test_at_the_start(self):
        """From before MPI on: what is asked in the first moments is heeded as any later stop is."""
        for number in SIGNALS:
            for after in (0, 0.02, 0.05, 0.1):
                folder = f"start-{number}-{after}"
                process = self.started(CASCADE, *MANY, "--output", folder)
                self.assertTrue(self.listens(process))
                time.sleep(after)
                process.send_signal(number)
                code, said = self.ended(process, PATIENCE)
                self.assertEqual(code, 75, said)  # with a word, once MPI has said which rank speaks

    def test_while_libraries_set_themselves_up(self):
        """The handlers are there before the first library runs; the loader says when that is."""
        process = self.started(CASCADE, *MANY, "--output", "libraries", LD_DEBUG="libs")
        steps = (line.partition("calling ")[2] for line in process.stdout if "calling " in line)
        self.assertTrue(next(steps, "").startswith("preinit: "))
        self.assertTrue(next(steps, "").startswith("init: "))
        process.send_signal(signal.SIGUSR1)
        code, said = self.ended(process, PATIENCE)
        self.assertEqual(code, 75, said)

    def test_campaign(self):
        code, said = self.ended(self.started(CASCADE, "campaign.yaml", "--output", "cases"))
        self.assertEqual(code, 0, said)
        cases = len(self.units("cases"))
        for number in SIGNALS:
            folder = f"campaign-{number}"
            process = self.started(CASCADE, "campaign.yaml", "--output", folder)
            self.wait_for(lambda: self.units(folder), process)
            process.send_signal(number)
            code, said = self.ended(process)
            self.assertEqual(code, 75, said)
            self.assertIn("--resume", said)
            self.assertLess(len(self.units(folder)), cases)
        code, said = self.ended(self.started(CASCADE, "campaign.yaml", "--output", folder, "--resume"))
        self.assertEqual(code, 0, said)
        self.assertEqual(self.report(folder), self.report("cases"))

    def test_campaign_whose_cases_are_all_there_finishes(self):
        code, said = self.ended(self.started(CASCADE, "campaign.yaml", "--output", "parts", "--part", "1/1"))
        self.assertEqual(code, 0, said)
        process = self.started(CASCADE, "campaign.yaml", "--output", "parts", "--resume")
        self.assertTrue(self.listens(process))
        process.terminate()
        code, said = self.ended(process)
        self.assertEqual(code, 0, said)
        self.assertTrue((self.place / "parts" / "report.json").exists())

    def test_what_takes_minutes_is_given_up(self):
        """A unit, a case and a law, at the same time. They stand still while the seconds that they are given pass: the
        clock ends them, and what they would compute meanwhile is no part of the test."""
        begun = {"long": "units/config.json", "long_campaign": "cases/*/.lock", "law": ".lock"}
        words = {"long": "--resume continues", "long_campaign": "--resume continues", "law": "nothing is kept"}
        asked = {}
        for name, sign in begun.items():
            asked[name] = self.started(CASCADE, f"{name}.yaml", "--output", name)
            self.wait_for(lambda place=self.place / name, sign=sign: list(place.glob(sign)), asked[name])
        time.sleep(0.5)
        for number in (signal.SIGTERM, signal.SIGSTOP, signal.SIGCONT):
            for process in asked.values():
                process.send_signal(number)
            time.sleep({signal.SIGTERM: 0.2, signal.SIGSTOP: GRACE}.get(number, 0))
        for name, process in asked.items():
            with self.subTest(input=name):
                code, said = self.ended(process, PATIENCE)
                self.assertEqual(code, 75, said)
                self.assertIn(words[name], said)

    def test_when_all_is_measured_it_finishes(self):
        code, said = self.ended(self.started(CASCADE, "short.yaml", "--output", "all", "--part", "1/1"))
        self.assertEqual(code, 0, said)
        number = len(self.units("all"))
        self.assertGreater(number, 1)
        for name, sent in (("term", signal.SIGTERM), ("usr1", signal.SIGUSR1)):
            folder = f"measured-{name}"
            process = self.started(CASCADE, "short.yaml", "--output", folder)
            self.wait_for(lambda: len(self.units(folder)) == number, process)
            process.send_signal(sent)
            code, said = self.ended(process)
            self.assertEqual(code, 0, said)
            self.assertTrue((self.place / folder / "report.json").exists())

    def test_asked_many_times_in_the_middle(self):
        process = self.started(CASCADE, *MANY, "--output", "often")
        self.wait_for(lambda: self.units("often"), process)
        while process.poll() is None:  # TERM by the batch system and by its script, and again
            process.terminate()
            time.sleep(0.002)
        code, said = self.ended(process)
        self.assertEqual(code, 75, said)
        code, said = self.ended(self.started(CASCADE, *MANY, "--output", "often", "--resume"))
        self.assertEqual(code, 0, said)

    def test_a_launcher_that_kills_lets_the_program_say_how_to_go_on(self):
        process = self.started(MPIRUN, "-n", "2", CASCADE, "long.yaml", "--output", "launched")
        self.wait_for(lambda: (self.place / "launched" / "units" / "config.json").exists(), process)
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        code, said = self.ended(process, PATIENCE)
        self.assertNotEqual(code, 0)
        self.assertIn("--resume continues", said)

    def test_batch_scripts(self):
        """As a batch system runs them: the signal goes to the script. (A real Slurm is in tests/cluster.)"""
        slurm = ("bash", SOURCES / "inputs" / "batch" / "slurm.sbatch", *LONGER), {"SLURM_JOB_ID": "1"}
        pbs = ("bash", SOURCES / "inputs" / "batch" / "pbs.sh"), {"PBS_JOBID": "1.here", "INPUT": LONGER[0],
                                                                  "PBS_O_WORKDIR": str(self.place),
                                                                  "OPTIONS": " ".join(LONGER[1:])}
        for (job, settings), number in ((slurm, signal.SIGUSR1), (pbs, signal.SIGTERM)):
            with self.subTest(script=job[1].name):
                self.batch_script(job, number, CASCADE=CASCADE, LAUNCHER=f"{MPIRUN} -n 1", OUTPUT=f"batch-{number}",
                                  **settings)

    def batch_script(self, job, number, **settings):
        folder = settings["OUTPUT"]
        process = self.started(*job, **settings)
        self.wait_for(lambda: self.units(folder), process)
        process.send_signal(number)
        code, said = self.ended(process)
        if number == signal.SIGUSR1:  # at TERM mpirun ends by itself and has a code of its own
            self.assertEqual(code, 75, said)
        self.assertNotEqual(code, 0, said)
        self.assertIn("asked to stop", said)
        code, said = self.ended(self.started(*job, **settings))  # submitted again
        self.assertEqual(code, 0, said)
        self.assertIn("units were finished before", said)
        code, said = self.ended(self.started(*job, **settings))
        self.assertEqual(code, 0, said)
        self.assertIn("complete already", said)


if __name__ == "__main__":
    sys.exit(unittest.main())
