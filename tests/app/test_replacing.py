"""An older result is in force, and whole, until the one that replaces it is complete."""

import os
import shutil
import subprocess
import sys
import unittest

from program import CASCADE, SECONDS
from with_result import WithResult


class Replacing(WithResult):
    def test_an_older_result_is_whole_wherever_its_replacement_breaks_off(self):
        if shutil.which("strace") is None:
            self.skipTest("strace is missing")
        expected = (self.place / "whole" / "report.json").read_bytes()
        for what in ("error=EIO", "signal=KILL"):
            for when in range(7, 14):  # config.json, one field and four units of points come before: six renames
                folder = self.copy(f"broken-{what[-4:]}-{when}")
                trace = self.place / (folder.name + ".trace")
                subprocess.run(["strace", "-f", "-qq", "-o", trace, "-e", "trace=rename",
                                "-e", f"inject=rename:{what}:when={when}", CASCADE, "field.yaml", "--output",
                                folder.name, "--force", "--set", "run.seed=4", "--quiet"], cwd=self.place,
                               capture_output=True, timeout=SECONDS, check=False)
                renamed = trace.read_text(encoding="utf-8").split("rename(")[when]
                self.assertRegex(renamed, r"older|results\.h5|report|run\.log|checksums")  # the switch, not before
                in_force = folder / ".older" if (folder / ".older").is_dir() else folder
                self.require_whole(in_force)
                done = subprocess.run([CASCADE, "field.yaml", "--output", folder.name, "--resume", "--set",
                                       "output.field=true"], cwd=self.place, capture_output=True, text=True,
                                      timeout=SECONDS, check=False)
                whole = (folder / "report.json").read_bytes()  # the older one, or the new one: never a mixture
                self.require_whole(folder)
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
        self.require_whole("swept")
        self.assertIn("--force", self.cascade("--merge", "swept", code=3))

    def test_a_kill_while_the_units_are_removed(self):
        """The result is there; what was left beside it goes when the run is resumed, and refuses nothing else."""
        if shutil.which("strace") is None:
            self.skipTest("strace is missing")
        for call, path in (("rmdir", "units"), ("unlink", "units/points-0016.unit")):
            folder = self.place / f"killed-at-{call}"
            subprocess.run(["strace", "-f", "-qq", "-o", "/dev/null", "-P", f"{folder.name}/{path}", "-e",
                            f"trace={call}", "-e", f"inject={call}:signal=KILL", CASCADE, "field.yaml", "--output",
                            folder.name], cwd=self.place, capture_output=True, timeout=SECONDS, check=False)
            self.assertTrue((folder / "report.json").exists())
            self.assertTrue((folder / "units").is_dir())
            self.require_whole(folder)
            self.assertIn("has a result already", self.cascade("field.yaml", "--output", folder.name, code=3))
            before = (folder / "report.json").read_bytes()
            self.cascade("field.yaml", "--output", folder.name, "--resume")
            if call == "rmdir":  # else there are units to be seen again
                self.assertEqual((folder / "report.json").read_bytes(), before)
            self.assertEqual(sorted(os.listdir(folder)),
                             ["checksums.sha256", "report.json", "report.md", "results.h5", "run.log"])


if __name__ == "__main__":
    sys.exit(unittest.main())
