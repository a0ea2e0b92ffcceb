"""What others put where a run keeps its own things is neither removed nor overwritten unless --force says so."""

import hashlib
import shutil
import sys
import unittest

from with_result import WithResult

LAW = "task: scaling_law\nrun: {name: law}\nstudy: loss_table\nloss_table: {file: t.csv, loss: L, x: N, model: power}\n"
MINE = "mine, and dear"


class Foreign(WithResult):
    INPUTS = {**WithResult.INPUTS, "law.yaml": LAW,
              "t.csv": "N,L\n" + "".join(f"{n},{n ** -0.3}\n" for n in range(10, 400, 20))}

    def refused(self, input_file, path, *options, code=3):
        """A foreign file at that path in an otherwise empty output: the run and its plan refuse it by its path."""
        folder = self.place / hashlib.sha256(repr((input_file, path, options)).encode()).hexdigest()[:12]
        thing = folder / path
        thing.parent.mkdir(parents=True)
        thing.write_text(MINE, encoding="utf-8")
        with self.subTest(input=input_file, path=path, options=options):
            said = self.cascade(input_file, "--output", folder.name, *options, code=code)
            self.assertIn(thing.name if code == 3 else "nothing to resume", said)
            self.assertNotIn("internal failure", said)
            self.assertEqual(thing.read_text(encoding="utf-8"), MINE)
            if code == 3 and "cases" not in path:  # the cases' own locks are looked at when their turn comes
                self.cascade(input_file, "--output", folder.name, "--dry-run", *options, code=3)

    def test_marks_of_parts_and_units_by_what_is_in_them(self):
        for options in ((), ("--force",)):
            self.refused("law.yaml", "units/part-1-of-2", *options)
            self.refused("law.yaml", "units/grid-0000.unit", *options)
        self.refused("field.yaml", "units/grid-0000.unit", "--resume", code=2)
        self.refused("field.yaml", "units/config.json", "--resume")

    def test_cases_that_were_never_begun(self):
        for name in ("report.html", "failed.txt", "input.yaml", ".lock"):
            self.refused("campaign.yaml", "cases/dimension0.7/" + name)

    def test_where_an_older_result_is_kept(self):
        for name in (".older/x.txt", ".older.partial/x.txt"):
            for options in ((), ("--force",)):
                self.refused("law.yaml", name, *options)
        self.refused("campaign.yaml", ".lock")

    def test_a_campaign_resumes_no_result_of_another_kind(self):
        for name in ("report.html", "results.h5", "input.yaml"):
            self.refused("campaign.yaml", name, "--resume")
        before = {file.name: file.read_bytes() for file in self.copy("single").iterdir()}
        for more in ((), ("--dry-run",)):
            said = self.cascade("campaign.yaml", "--output", "single", "--resume", *more, code=3)
            self.assertIn("not of this campaign", said)
        self.assertEqual({file.name: file.read_bytes() for file in (self.place / "single").iterdir()}, before)
        # told to replace it, a campaign leaves it whole until it has taken its place, and takes up what was begun
        (self.place / "single" / ".next" / "cases" / "dimension0.9" / ".results.h5.partial").mkdir(parents=True)
        self.cascade("campaign.yaml", "--output", "single", "--force", code=4)
        self.require_whole("single")
        shutil.rmtree(self.place / "single" / ".next" / "cases" / "dimension0.9")
        self.cascade("campaign.yaml", "--output", "single", "--resume")
        self.assertEqual(sorted(file.name for file in (self.place / "single").iterdir()),
                         ["campaign.json", "cases", "checksums.sha256", "report.json", "report.md", "run.log"])
        self.require_whole("single")

    def test_a_campaign_that_was_changed(self):
        self.cascade("campaign.yaml", "--output", "swept")
        plan = self.place / "swept" / "campaign.json"
        plan.write_text(plan.read_text(encoding="utf-8") + "\n", encoding="utf-8")
        for command in (("campaign.yaml", "--output", "swept", "--resume"), ("--merge", "swept", "--force")):
            self.assertIn("campaign.json: was changed", self.cascade(*command, code=4))
        self.cascade("field.yaml", "--output", "swept", "--force")
        self.assertIn("not of this campaign", self.cascade("campaign.yaml", "--output", "swept", "--resume", code=3))
        self.require_whole("swept")


if __name__ == "__main__":
    sys.exit(unittest.main())
