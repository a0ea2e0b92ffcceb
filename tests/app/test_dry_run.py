"""A plan says what the run would say, and touches nothing."""

import fcntl
import re
import sys
import unittest

from with_result import WithResult


class DryRun(WithResult):
    def test_a_program_without_a_launcher_needs_no_folder_for_its_session(self):
        """Open MPI would give all that are alone the same one, and one removes it under the other."""
        self.cascade("field.yaml", "--dry-run", TMPDIR=str(self.place / "field.yaml" / "no-folder"))

    def test_a_plan_refuses_what_the_run_refuses(self):
        for name in ("field.yaml", "campaign.yaml"):
            said = self.cascade(name, "--output", "mistyped", "--resume", "--dry-run", code=2)
            self.assertIn("nothing to resume", said)
        self.cascade("field.yaml", "--output", "shared", "--part", "1/2")
        for option in (("--resume",), ("--part", "2/2")):
            said = self.cascade("field.yaml", "--output", "shared", *option, "--dry-run", "--set", "run.seed=4", code=2)
            self.assertIn("run.seed: 3 before, 4 now", said)

    def test_a_plan_says_what_the_run_would_say(self):
        """Whatever is in the folder: the same exit code, the same words, and nothing is touched."""
        self.cascade("field.yaml", "--output", "half", "--part", "1/2")
        self.cascade("campaign.yaml", "--output", "half-campaign", "--part", "1/2")
        self.cascade("campaign.yaml", "--output", "whole-campaign")
        (self.place / "foreign" / "units").mkdir(parents=True)
        (self.place / "foreign" / "units" / "t.txt").write_text("mine", encoding="utf-8")
        (self.place / "a-file").write_text("mine", encoding="utf-8")
        (self.place / "linked-lock").mkdir()
        (self.place / "linked-lock" / ".lock").symlink_to("../a-file")
        damaged = self.copy("damaged")
        (damaged / "report.md").write_text("other", encoding="utf-8")
        field, campaign = "field.yaml", "campaign.yaml"
        other = ("--resume", "--set", "run.seed=8")
        asked = ((3, field, "whole"), (3, field, "whole", "--part", "1/2"), (2, field, "whole", *other),
                 (3, field, "half"), (3, field, "foreign"), (3, field, "foreign", "--force"), (3, field, "a-file"),
                 (3, field, "a-file/below"),
                 (3, field, "linked-lock"), (4, field, "damaged", "--resume"), (3, field, "y" * 300),
                 (3, campaign, "half-campaign"), (3, campaign, "whole-campaign"), (3, campaign, "a-file"),
                 (2, campaign, "half-campaign", *other))
        for code, name, folder, *options in asked:
            with self.subTest(folder=folder[:20], options=options):
                before = self.everything()
                planned = self.cascade(name, "--output", folder, *options, "--dry-run", code=code)
                self.assertEqual(self.everything(), before)
                told = self.cascade(name, "--output", folder, *options, code=code)
                told = re.sub(r"\Acascade .*\n.*\n", "", told)  # the first two lines
                self.assertEqual(planned, told)
        for name, folder, option in ((field, "whole", "--force"), (field, "whole", "--resume"),
                                     (field, "half", "--resume"), (field, "half", "--force"), (field, "new", "--quiet"),
                                     (campaign, "half-campaign", "--force"), (campaign, "half-campaign", "--resume"),
                                     (campaign, "whole-campaign", "--force")):
            before = self.everything()
            more = ("--set", "output.field=true") if folder == "whole" else ()
            self.cascade(name, "--output", folder, option, "--dry-run", *more)
            self.assertEqual(self.everything(), before)

    def test_a_plan_sees_who_is_at_work(self):
        (self.place / "held").mkdir()
        with open(self.place / "held" / ".lock", "w", encoding="utf-8") as lock:
            lock.write("host here, process 1, since then\n")
            lock.flush()
            fcntl.flock(lock, fcntl.LOCK_EX)
            for more in ((), ("--dry-run",)):
                self.assertIn("host here", self.cascade("field.yaml", "--output", "held", *more, code=3))
        self.cascade("field.yaml", "--output", "held", "--dry-run")

    def everything(self):
        return {path: (path.lstat().st_mtime_ns, path.lstat().st_size) for path in self.place.rglob("*")}


if __name__ == "__main__":
    sys.exit(unittest.main())
