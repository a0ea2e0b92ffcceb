"""A finished result to be tampered with, and the program and the scripts to be tried on it."""

import shutil
import subprocess

from program import PYTHON, SCRIPTS, SECONDS, Program

FIELD = """run: {name: small, seed: 3}
field: {generator: beta_cascade, embedding_dimension: 2, dimension: 1.7, hurst: 0.3, points: 32, virtual_levels: 16}
analysis: {structure_function: {orders: [2]}}
approximation: {partitions: [uniform, oracle]}
sampling: {trees: 32, pairs: 64, cells: 16}
"""
CAMPAIGN = """run: {name: small, seed: 3}
field: {generator: beta_cascade, embedding_dimension: 1, dimension: 0.8, hurst: 0.3, points: 0, virtual_levels: 16}
analysis: {structure_function: {orders: [2]}}
approximation: {partitions: [uniform, oracle]}
sampling: {trees: 16, pairs: 32, cells: 16}
sweep: {over: {field.dimension: [0.7, 0.9]}}
"""


class WithResult(Program):
    INPUTS = {"field.yaml": FIELD, "campaign.yaml": CAMPAIGN}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cascade("field.yaml", "--output", "whole", "--set", "output.field=true")

    def script(self, name, folder, code):
        done = subprocess.run([PYTHON, "-B", SCRIPTS / name, self.place / folder], capture_output=True, text=True,
                              timeout=SECONDS)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        self.assertNotIn("Traceback", done.stderr)
        return done.stdout + done.stderr

    def copy(self, name):
        shutil.copytree(self.place / "whole", self.place / name)
        return self.place / name
