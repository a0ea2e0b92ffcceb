"""A finished result to be tampered with, and the program and the scripts to be tried on it."""

import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

CASCADE = os.environ.get("CASCADE_EXECUTABLE", "cascade")
PYTHON = os.environ.get("CASCADE_PYTHON", "/usr/bin/python3")
SCRIPTS = pathlib.Path(__file__).resolve().parents[2] / "postprocess"
SECONDS = float(os.environ.get("CASCADE_TEST_TIMEOUT", "300"))  # a hang, not a slow machine

FIELD = """run: {name: small, seed: 3}
field: {generator: beta_cascade, embedding_dimension: 2, dimension: 1.7, hurst: 0.3, points: 32, virtual_levels: 16}
analysis: {structure_function: {orders: [2]}}
sampling: {trees: 32, pairs: 64, cells: 16}
"""
CAMPAIGN = """run: {name: small, seed: 3}
field: {generator: beta_cascade, embedding_dimension: 1, dimension: 0.8, hurst: 0.3, points: 0, virtual_levels: 16}
analysis: {structure_function: {orders: [2]}}
sampling: {trees: 16, pairs: 32, cells: 16}
sweep: {over: {field.dimension: [0.7, 0.9]}}
"""


class WithResult(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scratch = tempfile.TemporaryDirectory()
        cls.place = pathlib.Path(cls.scratch.name)
        (cls.place / "field.yaml").write_text(FIELD, encoding="utf-8")
        (cls.place / "campaign.yaml").write_text(CAMPAIGN, encoding="utf-8")
        cls.cascade("field.yaml", "--output", "whole", "--set", "output.field=true")

    @classmethod
    def tearDownClass(cls):
        cls.scratch.cleanup()

    @classmethod
    def cascade(cls, *arguments, code=0, before=()):
        done = subprocess.run([*before, CASCADE, *arguments], cwd=cls.place, capture_output=True, text=True,
                              timeout=SECONDS)
        said = done.stdout + done.stderr
        if done.returncode != code:
            raise AssertionError(f"{arguments}: exit code {done.returncode}, expected {code}\n{said[:3000]}")
        return said

    def script(self, name, folder, code):
        done = subprocess.run([PYTHON, "-B", SCRIPTS / name, self.place / folder], capture_output=True, text=True,
                              timeout=SECONDS)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        self.assertNotIn("Traceback", done.stderr)
        return done.stdout + done.stderr

    def copy(self, name):
        shutil.copytree(self.place / "whole", self.place / name)
        return self.place / name
