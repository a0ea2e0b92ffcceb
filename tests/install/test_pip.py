#!/usr/bin/env python3
"""`pip install .` of the Python package, without a network: modules, page template, commands, version."""
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

SOURCE = Path(os.environ.get("CASCADE_SOURCE_DIR") or Path(__file__).resolve().parent.parent.parent)
SECONDS = float(os.environ.get("CASCADE_TEST_TIMEOUT", "300"))


class Pip(unittest.TestCase):
    def test_install(self):
        if importlib.util.find_spec("pip") is None or importlib.util.find_spec("setuptools") is None:
            self.skipTest("pip or setuptools is not installed: "
                          "apt-get install python3-pip python3-setuptools python3-wheel")
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        copy, target = Path(folder.name, "source"), Path(folder.name, "target")
        copy.mkdir()  # setuptools leaves things beside what it builds
        for name in ("pyproject.toml", "setup.cfg", "LICENSE", "README.md"):
            shutil.copy(SOURCE / name, copy)
        shutil.copytree(SOURCE / "postprocess", copy / "postprocess",
                        ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
        ran = subprocess.run([sys.executable, "-m", "pip", "install", "--no-build-isolation", "--no-deps", "--no-index",
                              "--quiet", "--disable-pip-version-check", "--no-compile", "--target", str(target),
                              str(copy)],
                             capture_output=True, text=True, timeout=SECONDS, check=False)
        self.assertEqual(ran.returncode, 0, ran.stdout + ran.stderr)
        wanted = {path.relative_to(SOURCE / "postprocess") for path in (SOURCE / "postprocess" / "cascade").rglob("*")
                  if path.is_file() and path.suffix != ".pyc"}
        self.assertEqual({path.relative_to(target) for path in (target / "cascade").rglob("*")
                          if path.is_file() and path.suffix != ".pyc"}, wanted)
        self.assertFalse((target / "report.py").exists())
        environment = {**os.environ, "PYTHONPATH": str(target)}
        for command in ("report", "compare", "verify"):
            folders = ["nowhere"] * (2 if command == "compare" else 1)
            ran = subprocess.run([str(target / "bin" / f"cascade-{command}"), *folders], capture_output=True,
                                 text=True, timeout=SECONDS, check=False, env=environment)
            self.assertEqual(ran.returncode, 2, ran.stderr)
            self.assertIn("nowhere", ran.stdout + ran.stderr)
            self.assertNotIn("Traceback", ran.stderr)
        code = ("import cascade, importlib.metadata as m; "
                "print(cascade.__file__, cascade.__version__ == m.version('cascade'))")
        ran = subprocess.run([sys.executable, "-B", "-c", code], capture_output=True, text=True,
                             timeout=SECONDS, check=True, env=environment, cwd=folder.name)
        self.assertEqual(ran.stdout.split(), [str(target / "cascade/__init__.py"), "True"])


if __name__ == "__main__":
    unittest.main()
