"""What stands where a run wants to write, or may not be read or written: refused by its path, and left as it is."""

import os
import shutil
import subprocess
import sys
import unittest

from program import CASCADE, SECONDS
from with_result import WithResult


class InTheWay(WithResult):
    def test_things_of_another_kind_in_the_way(self):
        """Folders where files belong, files where folders belong: refused or failed by their path, nothing internal."""
        field, campaign, case = "field.yaml", "campaign.yaml", "cases/dimension0.7"
        ways = ((field, "units", False), (field, "units/config.json", True), (field, ".lock", True),
                (field, "report.json", True), (campaign, "cases", False), (campaign, ".locks", True),
                (campaign, case, False), (campaign, f"{case}/.lock", True), (campaign, f"{case}/report.json", True),
                (campaign, f"{case}/case.sum", True))
        for number, (name, path, folder) in enumerate(ways):
            with self.subTest(path=path):
                thing = self.place / f"kind-{number}" / path
                thing.parent.mkdir(parents=True)
                if folder:
                    thing.mkdir()
                else:
                    thing.write_text("mine", encoding="utf-8")
                done = subprocess.run([CASCADE, name, "--output", f"kind-{number}"], cwd=self.place, text=True,
                                      capture_output=True, timeout=SECONDS, check=False)
                self.assertIn(done.returncode, (3, 4), done.stderr)
                self.assertIn(os.path.basename(path), done.stderr)
                self.assertNotIn("internal failure", done.stderr)
                self.assertTrue(thing.is_dir() if folder else thing.read_text(encoding="utf-8") == "mine")

    def test_a_folder_named_like_a_unit_is_no_unit(self):
        """It was counted as finished, and a part was said to be done with it."""
        thing = self.place / "unit-folder" / "units" / "points-0000.unit"
        thing.mkdir(parents=True)
        (thing / "t.txt").write_text("mine", encoding="utf-8")
        for options in ((), ("--force",), ("--part", "1/2"), ("--part", "1/2", "--dry-run")):
            said = self.cascade("field.yaml", "--output", "unit-folder", *options, code=3)
            self.assertIn("points-0000.unit", said)
            self.assertNotIn("finished", said)
        self.assertIn("nothing to resume", self.cascade("field.yaml", "--output", "unit-folder", "--resume", code=2))
        self.assertEqual([str(path.relative_to(thing.parent)) for path in thing.parent.rglob("*")],
                         ["points-0000.unit", "points-0000.unit/t.txt"])

    def test_pipes_are_not_waited_for(self):
        for name, path in (("field.yaml", "units/config.json"), ("campaign.yaml", "campaign.json"),
                           ("campaign.yaml", "cases/dimension0.7/case.sum")):
            folder = self.place / f"pipes-{name}-{path.count('/')}"
            (folder / path).parent.mkdir(parents=True)
            os.mkfifo(folder / path)
            for options in ((name, "--output", folder.name, "--resume"), (name, "--output", folder.name),
                            ("--merge", folder.name)):
                done = subprocess.run([CASCADE, *options], cwd=self.place, capture_output=True, text=True, timeout=SECONDS,
                                      check=False)
                self.assertIn(done.returncode, (2, 3, 4), done.stderr)

    def unprivileged(self):
        """Words in front of a command that take all rights away; root may do everything."""
        if os.geteuid() != 0:
            return ()
        words = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")
        tried = [*words, CASCADE, "--version"]
        if shutil.which("setpriv") is None or subprocess.run(tried, capture_output=True, cwd="/", timeout=SECONDS,
                                                             check=False).returncode != 0:
            self.skipTest("root may write everywhere, and nobody else can run the program here")
        return words

    def test_no_permission(self):
        self.place.chmod(0o755)
        nobody = self.unprivileged()
        closed = self.place / "closed"
        closed.mkdir(mode=0o755)
        (closed / "kept.yaml").write_text((self.place / "field.yaml").read_text(encoding="utf-8"), encoding="utf-8")
        (closed / "kept.yaml").chmod(0)
        closed.chmod(0o555)
        for name in ("field.yaml", "campaign.yaml"):
            for more in ((), ("--dry-run",)):
                said = self.cascade(name, "--output", "closed/results", *more, before=nobody, code=3)
                self.assertIn("closed", said)
                self.assertIn("Permission denied", said)
        self.assertIn("closed/kept.yaml", self.cascade("closed/kept.yaml", before=nobody, code=2))
        result = self.copy("not-mine")
        result.chmod(0o555)
        self.assertIn("not-mine", self.cascade("field.yaml", "--output", "not-mine", "--force", before=nobody, code=3))
        result.chmod(0o755)
        self.require_whole(result)
        hidden = self.copy("hidden")
        (hidden / "report.json").chmod(0)
        hidden.chmod(0o777)
        said = self.cascade("field.yaml", "--output", "hidden", "--resume", before=nobody, code=4)
        self.assertIn("report.json", said)


if __name__ == "__main__":
    sys.exit(unittest.main())
