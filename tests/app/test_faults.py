"""Nothing of others is lost, nothing finished is changed unseen, what is asked for wrongly is told from what fails."""

import os
import subprocess
import sys
import unittest

from program import CASCADE, PYTHON, SECONDS, SOURCES
from with_result import WithResult


class Faults(WithResult):
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
        self.require_whole("whole")
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

    def test_checksums_that_say_too_little(self):
        """Lines or the whole file gone: what was written cannot be compared, and that is said."""
        for lost in ("field.h5", "results.h5", ""):
            folder = self.copy("lines-" + (lost or "none"))
            sums = folder / "checksums.sha256"
            kept = [line for line in sums.read_text(encoding="utf-8").splitlines(True) if not line.endswith(f"  {lost}\n")]
            sums.write_text("".join(kept) if lost else "", encoding="utf-8")
            self.assertIn(f"does not name {lost}", self.script("verify_field.py", folder.name, 4))
        (self.place / "lines-none" / "checksums.sha256").unlink()
        for name, code in (("verify_field.py", 4), ("report.py", 0)):
            self.assertIn("checksums.sha256: missing", self.script(name, "lines-none", code))

    def test_a_result_without_a_field_is_verified_too(self):
        folder = self.copy("fieldless")
        sums = folder / "checksums.sha256"
        lines = sums.read_text(encoding="utf-8").splitlines(True)
        sums.write_text("".join(line for line in lines if "  field." not in line), encoding="utf-8")
        for name in ("field.h5", "field.xmf"):
            (folder / name).unlink()
        self.assertIn("intact", self.script("verify_field.py", folder.name, 0))
        (folder / "report.md").write_text("other words", encoding="utf-8")
        self.assertIn("report.md: changed", self.script("verify_field.py", folder.name, 4))

    def test_nothing_to_resume(self):
        for name in ("field.yaml", "campaign.yaml"):
            self.assertIn("nothing to resume", self.cascade(name, "--output", "mistyped", "--resume", code=2))
            self.assertFalse((self.place / "mistyped").exists())

    def test_the_field_names_its_generator(self):
        read = "import h5py, sys; print(h5py.File(sys.argv[1])['/'].attrs['generator'])"
        done = subprocess.run([PYTHON, "-c", read, self.place / "whole" / "field.h5"], capture_output=True, text=True,
                              timeout=SECONDS, check=True)
        self.assertIn("beta_cascade", done.stdout)

    def test_hints(self):
        self.assertIn("did you mean 'field.yaml'", self.cascade("fild.yaml", code=2))
        self.assertIn("field.hurst", self.cascade("--describe", "hurst"))
        self.assertIn("did you mean 'hurst'", self.cascade("--describe", "hurts", code=2))
        came = {"CASCADE_INPUTS": str(SOURCES / "inputs")}
        (self.place / "f.yaml").write_text("field: {}\n", encoding="utf-8")  # two letters from k4, and not what was meant
        self.assertIn("did you mean 'k41', which came with the program?", self.cascade("k4", code=2, **came))
        self.assertIn("there is no folder inputs; did you mean 'k41'", self.cascade("inputs/k4.yaml", code=2, **came))
        listed = self.cascade("--list")
        for word in ("beta_cascade", "scaling_law", "loss_table"):
            self.assertIn(word, listed)

    def test_tasks_and_inputs_are_explained(self):
        said = self.cascade("--describe", "learning")
        for key in ("data.path", "learners", "curves."):
            self.assertIn(key, said)
        self.assertIn("did you mean 'learning'", self.cascade("--describe", "learnin", code=2))
        self.assertNotIn("bytes)", self.cascade("--list"))

    def test_flags_of_tables_are_for_tables(self):
        """What is set for a study that the input does not ask for would be read and never used."""
        law = "task: scaling_law\nstudy: loss_table\nloss_table: {file: t.csv, loss: L, x: N, model: power}\n"
        (self.place / "other.yaml").write_text(law, encoding="utf-8")
        for name in ("field.yaml", "campaign.yaml", "other.yaml"):
            self.assertIn("--loss: is for a table", self.cascade(name, "--loss", "L", "--dry-run", code=2))
        said = self.cascade("other.yaml", "--set", "compute_optimal.loss=L", "--dry-run", code=2)
        self.assertIn("--set compute_optimal.loss: would have no effect: study is loss_table", said)

    def test_points_are_not_taken_for_a_field(self):
        make = "import numpy, sys; numpy.save(sys.argv[1], numpy.random.default_rng(1).random((2000, 5)))"
        subprocess.run([PYTHON, "-c", make, self.place / "cloud.npy"], check=True, timeout=SECONDS)
        said = self.cascade("cloud.npy", "--dry-run", code=2)
        self.assertIn("task: learning", said)
        self.assertIn("2000 x 5", said)
        (self.place / "data.yaml").write_text("task: learning\ndata: {generator: file, path: cloud.npy}\n",
                                              encoding="utf-8")  # as the words say
        self.assertIn("R^5", self.cascade("data.yaml", "--dry-run"))
        rows = "".join(f"{i},{i * i % 7},{i % 5}\n" for i in range(50))
        (self.place / "points.csv").write_text("u,v,w\n" + rows, encoding="utf-8")
        self.assertIn("task: learning", self.cascade("points.csv", "--dry-run", code=2))

    def test_exit_codes_name_the_path(self):
        long = "x" * 300
        for more in ((), ("--dry-run",)):
            self.assertIn(long, self.cascade("field.yaml", "--output", long, *more, code=3))
            self.assertIn(long, self.cascade("field.yaml", "--output", f"new/{long}/x", *more, code=3))
        self.assertFalse((self.place / "new").exists())
        (self.place / "folder" / "campaign.json").mkdir(parents=True)
        self.assertIn("campaign.json", self.cascade("campaign.yaml", "--output", "folder", "--resume", code=4))
        self.assertIn("no-such-place", self.cascade("field.yaml", "--output", "/proc/no-such-place", code=3))
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

    def test_a_table_of_others_is_named_in_short_and_plain_words(self):
        (self.place / "law.yaml").write_text("task: scaling_law\nstudy: loss_table\nloss_table: {file: t.csv, loss: L, "
                                             "x: N, model: power}\n", encoding="utf-8")
        for cell in ("1" * 1000000 + "y", "\x1b[2J\x07", "\x1b]0;title"):
            (self.place / "t.csv").write_text(f"N,L\n1,{cell}\n2,1\n", encoding="utf-8")
            said = self.cascade("law.yaml", "--output", "law", code=2)
            self.assertIn("t.csv:2", said)
            self.assertLess(len(said), 5000)
            self.assertFalse(set(said) & {"\x1b", "\x07"}, said)
        strange = "N\x1b[2J<script>"
        rows = "".join(f"{n},{1 / n}\n" for n in range(1, 20))
        (self.place / "t.csv").write_text(f"{strange},L\n{rows}", encoding="utf-8")
        column = 'loss_table.x="N\\e[2J<script>"'
        said = self.cascade("law.yaml", "--output", "law", "--set", column, "--dry-run")
        said += self.cascade("law.yaml", "--output", "law", "--set", column)
        page = (self.place / "law" / "report.md").read_text(encoding="utf-8").split("```json")[0]
        said += page + (self.place / "law" / "run.log").read_text(encoding="utf-8")
        self.assertNotIn("\x1b", said)
        self.assertNotRegex(page, r"[^\\]<script")

    def test_pipe_without_a_writer(self):
        os.mkfifo(self.place / "pipe")
        self.assertIn("does anybody write", self.cascade("pipe", code=2))
        law = "task: scaling_law\nstudy: loss_table\nloss_table: {file: pipe, loss: L, x: N, model: power}\n"
        (self.place / "piped.yaml").write_text(law, encoding="utf-8")
        self.assertIn("not a regular file", self.cascade("piped.yaml", "--output", "piped", code=2))

    def test_reader_that_left(self):
        done = subprocess.run(["bash", "-c", f"'{CASCADE}' field.yaml --output closed | true; exit ${{PIPESTATUS[0]}}"],
                              cwd=self.place, capture_output=True, text=True, timeout=SECONDS, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)


if __name__ == "__main__":
    sys.exit(unittest.main())
