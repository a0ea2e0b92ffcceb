#!/usr/bin/env python3
"""`cmake --install` into an empty prefix: what is there, that it works from anywhere, and that a program of somebody
else's can be built against it."""
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

BUILD = Path(os.environ["CASCADE_EXECUTABLE"]).resolve().parent
SOURCE = Path(os.environ["CASCADE_SOURCE_DIR"])
SECONDS = float(os.environ.get("CASCADE_TEST_TIMEOUT", "300"))


def call(*words, cwd=None, env=None):
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("CASCADE_", "PYTHONPATH"))}
    clean["PYTHONDONTWRITEBYTECODE"] = "1"  # what is installed is counted: programs that run there leave nothing
    return subprocess.run([str(word) for word in words], capture_output=True, text=True, timeout=SECONDS, check=False,
                          cwd=cwd,
                          env={**clean, **(env or {})}, stdin=subprocess.DEVNULL)


class Install(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = Path(folder.name)
        cls.prefix = cls.folder / "a prefix"
        ran = call("cmake", "--install", BUILD, "--prefix", cls.prefix)
        assert ran.returncode == 0, ran.stderr
        cls.away = cls.folder / "away"
        cls.away.mkdir()

    def ok(self, *words, **options):
        ran = call(*words, **{"cwd": self.away, **options})
        self.assertEqual(ran.returncode, 0, ran.stdout + ran.stderr)
        return ran.stdout

    def test_documents_and_tables_with_their_notices(self):
        doc, data = self.prefix / "share/doc/cascade", self.prefix / "share/cascade"
        for path in (doc / "LICENSE", doc / "README.md", doc / "CITATION.cff", doc / "CONTRIBUTING.md",
                     doc / "docs/theory.md",
                     doc / "docs/figures/campaign.png", doc / "docs/notebooks/results.ipynb", data / "inputs/k41.yaml",
                     data / "inputs/batch/slurm.sbatch", data / "inputs/data/README.md",
                     self.prefix / "share/bash-completion/completions/cascade"):
            self.assertGreater(path.stat().st_size, 0, path)
        for table in (SOURCE / "inputs/data").iterdir():
            self.assertTrue((data / "inputs/data" / table.name).exists(), table)
        self.assertFalse([path for path in self.prefix.rglob("*") if path.name in ("__pycache__", "tests", "main.cpp")])

    def test_no_path_of_the_sources_is_left(self):
        for path in self.prefix.rglob("*"):
            if path.is_file() and path.suffix in (".cmake", ".py", ".hpp", ".1", "") and path.parent.name != "bin":
                self.assertNotIn(str(SOURCE).encode(), path.read_bytes(), path)

    def test_inputs_by_name_from_anywhere(self):
        listed = self.ok(self.prefix / "bin/cascade", "--list")
        self.assertIn("inputs that came with the program", listed)
        self.assertRegex(listed, r"\n  beta_d2\.8  +The beta cascade")
        plan = self.ok(self.prefix / "bin/cascade", "chinchilla", "--dry-run")  # its table comes with it
        self.assertIn(str(self.prefix / "share/cascade/inputs/data/chinchilla"), plan)
        ran = call(self.prefix / "bin/cascade", "beta_d2.7", "--dry-run", cwd=self.away)
        self.assertEqual(ran.returncode, 2)
        self.assertIn("did you mean 'beta_d2.8', which came with the program?", ran.stderr)

    def test_a_run_its_page_and_its_comparison(self):
        binary = self.prefix / "bin"
        for seed in (1, 2):
            self.ok(binary / "cascade", "weierstrass", "--check", "--quiet", "--set", f"run.seed={seed}", "--output",
                    f"w{seed}")
        self.ok(binary / "cascade-report", "w1")
        self.assertIn("<html", (self.away / "w1/report.html").read_text(encoding="utf-8"))
        self.assertIn("run.seed", self.ok(binary / "cascade-compare", "w1", "w2"))
        ran = call(binary / "cascade-compare", "w1", "nowhere", cwd=self.away)
        self.assertEqual((ran.returncode, ran.stderr.split(":")[0]), (2, "cascade-compare"))
        site, = self.prefix.glob("lib/python*/*-packages")
        self.assertIn("alpha", self.ok(sys.executable, "-B", "-c",
                                       "import cascade; print(cascade.load('w1').select('alpha'))",
                                       env={"PYTHONPATH": str(site)}))
        self.ok(binary / "cascade-verify", "--help")

    def test_manual_page(self):
        page = self.prefix / "share/man/man1/cascade.1"
        self.assertIn(".TH CASCADE 1", page.read_text(encoding="utf-8"))
        checkers = 0
        if shutil.which("mandoc"):
            checkers += 1
            said = [line for line in call("mandoc", "-T", "lint", "-W", "warning", page).stdout.splitlines()
                    if "missing date" not in line]
            self.assertEqual(said, [])
        if shutil.which("man"):
            checkers += 1
            ran = call("man", "--warnings", "-l", page, env={"MANWIDTH": "100", "MAN_KEEP_FORMATTING": "",
                                                             "LC_ALL": "C.UTF-8"})
            self.assertEqual((ran.returncode, ran.stderr), (0, ""))
            self.assertIn("field.generator", ran.stdout)
        if not checkers:
            self.skipTest("neither mandoc nor man is installed: apt-get install mandoc")

    def test_every_header_of_the_libraries_is_there(self):
        include = self.prefix / "include/cascade"
        for folder, name in (("src/theory", "theory"), ("src/core", "core"), ("solvers", "solvers"),
                             ("analysis", "analysis")):
            wanted = sorted(path.relative_to(SOURCE / folder) for path in (SOURCE / folder).rglob("*.hpp"))
            self.assertEqual(sorted(path.relative_to(include / name) for path in (include / name).rglob("*.hpp")),
                             wanted)
        self.assertFalse((include / "app").exists())

    def test_a_program_of_somebody_else(self):
        build = self.folder / "consumer"
        self.ok("cmake", "-S", SOURCE / "tests/install/consumer", "-B", build, "-G", "Ninja",
                f"-DCMAKE_PREFIX_PATH={self.prefix}",
                "-DCMAKE_BUILD_TYPE=Debug", "-DCMAKE_CXX_FLAGS=-Wall -Wextra -Werror")
        self.ok("cmake", "--build", build)
        self.assertIn("zeta_2 = 0.", self.ok(build / "consumer"))
        self.assertIn(f"cascade_DIR:PATH={self.prefix}/", (build / "CMakeCache.txt").read_text(encoding="utf-8"))


if __name__ == "__main__":
    unittest.main()
