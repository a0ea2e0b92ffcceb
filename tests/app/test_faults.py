"""Nothing of others is lost, nothing finished is changed unseen, and what is asked for wrongly is told from what fails."""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

CASCADE = os.environ.get("CASCADE_EXECUTABLE", "cascade")
PYTHON = os.environ.get("CASCADE_PYTHON", "/usr/bin/python3")
SCRIPTS = pathlib.Path(__file__).resolve().parents[2] / "postprocess"
SECONDS = float(os.environ.get("CASCADE_TEST_TIMEOUT", "300"))  # a hang, not a slow machine

FIELD = """run: {name: small, seed: 3}
field: {generator: beta_cascade, embedding_dimension: 2, dimension: 1.7, hurst: 0.3, points: 32, virtual_levels: 16}
analysis: {structure_function: {orders: [2]}}
"""
CAMPAIGN = """run: {name: small, seed: 3}
field: {generator: beta_cascade, embedding_dimension: 1, dimension: 0.8, hurst: 0.3, points: 0, virtual_levels: 16}
analysis: {structure_function: {orders: [2]}}
sampling: {trees: 16, pairs: 32, cells: 16}
sweep: {over: {field.dimension: [0.7, 0.9]}}
"""


class Faults(unittest.TestCase):
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

    def test_foreign_files_in_units_are_kept(self):
        for name in ("units/metric/t.txt", "units/t.unit", "units/config.json"):
            for options in ((), ("--force",)):
                folder = self.place / ("foreign" + str(len(os.listdir(self.place))))
                (folder / name).parent.mkdir(parents=True)
                (folder / name).write_text("mine", encoding="utf-8")
                self.assertIn("units/", self.cascade("field.yaml", "--output", str(folder), *options, code=3))
                self.assertEqual((folder / name).read_text(encoding="utf-8"), "mine")

    def test_foreign_files_of_a_case_are_kept(self):
        case = self.place / "proj" / "cases" / "dimension0.7"
        case.mkdir(parents=True)
        (case / "report.md").write_text("mine", encoding="utf-8")
        self.assertIn("report.md", self.cascade("campaign.yaml", "--output", "proj", code=3))
        self.assertEqual((case / "report.md").read_text(encoding="utf-8"), "mine")

    def test_a_changed_result_is_seen_by_all_that_read_it(self):
        subprocess.run(["sha256sum", "--check", "--strict", "checksums.sha256"], cwd=self.place / "whole", check=True,
                       stdout=subprocess.DEVNULL)
        self.script("report.py", "whole", 0)
        for name in ("report.json", "results.h5", "field.h5"):
            folder = self.copy("changed-" + name)
            content = bytearray((folder / name).read_bytes())
            content[len(content) // 2] ^= 1
            (folder / name).write_bytes(content)
            said = self.cascade("field.yaml", "--output", folder.name, "--resume", "--set", "output.field=true", code=4)
            self.assertIn(name + " was changed", said)
            self.assertIn(name, self.script("verify_field.py", folder.name, 4))
            if name != "field.h5":
                self.assertIn("changed after it was written", self.script("report.py", folder.name, 4))

    def test_an_older_result_is_whole_wherever_its_replacement_breaks_off(self):
        if shutil.which("strace") is None:
            self.skipTest("strace is missing")
        expected = (self.place / "whole" / "report.json").read_bytes()
        for what in ("error=EIO", "signal=KILL"):
            for when in range(11, 18):  # config.json, one field and eight units of points come before: ten renames
                folder = self.copy(f"broken-{what[-4:]}-{when}")
                trace = self.place / (folder.name + ".trace")
                subprocess.run(["strace", "-f", "-qq", "-o", trace, "-e", "trace=rename",
                                "-e", f"inject=rename:{what}:when={when}", CASCADE, "field.yaml", "--output",
                                folder.name, "--force", "--set", "run.seed=4", "--quiet"], cwd=self.place,
                               capture_output=True, timeout=SECONDS, check=False)
                self.assertRegex(trace.read_text(encoding="utf-8").split("rename(")[when],  # the switch, nothing before it
                                 r"older|results\.h5|report|run\.log|checksums")
                in_force = folder / ".older" if (folder / ".older").is_dir() else folder
                subprocess.run(["sha256sum", "--check", "--strict", "--quiet", "checksums.sha256"], cwd=in_force, check=True)
                done = subprocess.run([CASCADE, "field.yaml", "--output", folder.name, "--resume", "--set",
                                       "output.field=true"], cwd=self.place, capture_output=True, text=True,
                                      timeout=SECONDS, check=False)
                whole = (folder / "report.json").read_bytes()  # the older one, or the new one: never none, never a mixture
                subprocess.run(["sha256sum", "--check", "--strict", "--quiet", "checksums.sha256"], cwd=folder, check=True)
                if whole == expected:
                    self.assertIn(done.returncode, (0, 2), done.stdout + done.stderr)  # 2: units of the other seed

    def test_an_older_campaign_is_whole_until_the_new_one_is(self):
        self.cascade("campaign.yaml", "--output", "swept")
        before = (self.place / "swept" / "report.json").read_bytes()
        (self.place / "swept" / "mine.txt").write_text("mine", encoding="utf-8")
        (self.place / "swept" / ".next" / "cases" / "dimension0.9" / ".results.h5.partial").mkdir(parents=True)
        self.cascade("campaign.yaml", "--output", "swept", "--force", "--set", "run.seed=4", code=4)
        self.assertEqual((self.place / "swept" / "report.json").read_bytes(), before)
        shutil.rmtree(self.place / "swept" / ".next" / "cases" / "dimension0.9")
        self.cascade("campaign.yaml", "--output", "swept", "--resume", "--set", "run.seed=4")
        self.assertNotEqual((self.place / "swept" / "report.json").read_bytes(), before)
        self.assertTrue((self.place / "swept" / "mine.txt").exists())
        self.assertEqual([name for name in os.listdir(self.place / "swept") if name.startswith(".")], [])
        subprocess.run(["sha256sum", "--check", "--strict", "--quiet", "checksums.sha256"], cwd=self.place / "swept", check=True)
        self.assertIn("--force", self.cascade("--merge", "swept", code=3))

    def test_nothing_to_resume(self):
        for name in ("field.yaml", "campaign.yaml"):
            self.assertIn("nothing to resume", self.cascade(name, "--output", "mistyped", "--resume", code=2))
            self.assertFalse((self.place / "mistyped").exists())

    def test_a_plan_refuses_what_the_run_refuses(self):
        self.assertIn("nothing to resume", self.cascade("field.yaml", "--output", "mistyped", "--resume", "--dry-run", code=2))
        self.assertIn("nothing to resume", self.cascade("campaign.yaml", "--output", "mistyped", "--resume", "--dry-run", code=2))
        self.cascade("field.yaml", "--output", "shared", "--part", "1/2")
        for option in (("--resume",), ("--part", "2/2")):
            said = self.cascade("field.yaml", "--output", "shared", *option, "--dry-run", "--set", "run.seed=4", code=2)
            self.assertIn("run.seed: 3 before, 4 now", said)

    def test_the_field_names_its_generator(self):
        read = "import h5py, sys; print(h5py.File(sys.argv[1])['/'].attrs['generator'])"
        done = subprocess.run([PYTHON, "-c", read, self.place / "whole" / "field.h5"], capture_output=True, text=True,
                              timeout=SECONDS, check=True)
        self.assertIn("beta_cascade", done.stdout)

    def test_hints(self):
        self.assertIn("did you mean 'field.yaml'", self.cascade("fild.yaml", code=2))
        self.assertIn("field.hurst", self.cascade("--describe", "hurst"))
        listed = self.cascade("--list")
        for word in ("beta_cascade", "scaling_law", "loss_table"):
            self.assertIn(word, listed)

    def test_exit_codes_name_the_path(self):
        long = "x" * 300
        self.assertIn(long, self.cascade("field.yaml", "--output", long, code=3))
        (self.place / "folder" / "campaign.json").mkdir(parents=True)
        self.assertIn("campaign.json", self.cascade("campaign.yaml", "--output", "folder", "--resume", code=4))
        self.assertIn("16 levels", self.cascade("field.yaml", "--set", ".".join("a" * 50000) + "=1", code=2))

    def test_lock_is_not_opened_through_a_link(self):
        (self.place / "linked").mkdir()
        (self.place / "target.txt").write_text("mine", encoding="utf-8")
        (self.place / "linked" / ".lock").symlink_to("../target.txt")
        self.assertIn("symbolic link", self.cascade("field.yaml", "--output", "linked", code=3))
        self.assertEqual((self.place / "target.txt").read_text(encoding="utf-8"), "mine")

    def test_messages_are_short_and_plain(self):
        said = self.cascade("field.yaml", "--set", "field.points=\x1b[31m\nred", code=2)
        self.assertNotIn("\x1b", said)
        said = self.cascade("field.yaml", "--set", "field.generator=" + "x" * 100000, code=2)
        self.assertLess(len(said), 5000)

    def test_pipe_without_a_writer(self):
        os.mkfifo(self.place / "pipe")
        self.assertIn("does anybody write", self.cascade("pipe", code=2))

    def test_reader_that_left(self):
        done = subprocess.run([f"'{CASCADE}' field.yaml --output closed | true; exit ${{PIPESTATUS[0]}}"], cwd=self.place,
                              shell=True, executable="/bin/bash", capture_output=True, text=True, timeout=SECONDS)
        self.assertEqual(done.returncode, 0, done.stderr)


if __name__ == "__main__":
    sys.exit(unittest.main())
