"""Asked to end, the program ends within seconds, with the right code and words, wherever it is; nothing finished is lost."""

import os
import signal
import sys
import time
import unittest

from program import CASCADE, MPIRUN, SOURCES, Program

PATIENCE = 15  # the eight seconds of the program, and a busy machine

SHORT = """run: {name: short, seed: 3}
field: {generator: beta_cascade, embedding_dimension: 2, dimension: 1.7, hurst: 0.3, points: 0, virtual_levels: 16}
analysis: {structure_function: {orders: [2]}}
sampling: {trees: 128, pairs: 512, cells: 64}
"""
MANY = ("short.yaml", "--set", "sampling.trees=384")  # 24 units: time enough to be asked between two
LONG_UNITS = """run: {name: long, seed: 3}
field: {generator: beta_cascade, embedding_dimension: 5, dimension: 4.5, hurst: 0.3, points: 0, virtual_levels: 16}
sampling: {lattice: 24}
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
    INPUTS = {"short.yaml": SHORT, "long.yaml": LONG_UNITS, "law.yaml": LONG_LAW}

    def test_a_long_unit_is_given_up(self):
        process = self.started(CASCADE, "long.yaml", "--output", "long")
        self.wait_for(lambda: (self.place / "long" / "units" / "config.json").exists(), process)
        time.sleep(0.5)
        process.terminate()
        code, said = self.ended(process, PATIENCE)
        self.assertEqual(code, 75, said)
        self.assertIn("--resume continues", said)

    def test_a_law_is_given_up_with_a_word(self):
        process = self.started(CASCADE, "law.yaml", "--output", "law")
        self.wait_for(lambda: (self.place / "law" / ".lock").exists(), process)
        time.sleep(0.5)
        process.terminate()
        code, said = self.ended(process, PATIENCE)
        self.assertEqual(code, 75, said)
        self.assertIn("nothing is kept", said)

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

    def test_batch_script(self):
        job = ("bash", SOURCES / "inputs" / "batch" / "slurm.sbatch", *MANY)
        settings = {"CASCADE": CASCADE, "LAUNCHER": f"{MPIRUN} -n 1", "SLURM_JOB_ID": "1", "OUTPUT": "batch"}
        process = self.started(*job, **settings)
        self.wait_for(lambda: self.units("batch"), process)
        process.send_signal(signal.SIGUSR1)  # --signal=B:USR1@60
        code, said = self.ended(process)
        self.assertEqual(code, 75, said)
        code, said = self.ended(self.started(*job, **settings))  # submitted again
        self.assertEqual(code, 0, said)
        self.assertIn("units were finished before", said)
        code, said = self.ended(self.started(*job, **settings))
        self.assertEqual(code, 0, said)
        self.assertIn("complete already", said)


if __name__ == "__main__":
    sys.exit(unittest.main())
