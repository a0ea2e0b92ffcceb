"""A campaign killed, resumed, shared out in parts, merged or damaged ends in the same report as one left alone: every
byte of report.json but for times and hosts. Bad sweeps are refused before anything is written."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

from program import CASCADE, MPIRUN, SECONDS, Program

BASE = """run: {name: small, seed: 3}
field: {generator: beta_cascade, embedding_dimension: 1, dimension: 0.8, hurst: 0.3, points: 0, virtual_levels: 16}
analysis: {structure_function: {orders: [2]}, box_counting: {}}
approximation: {degrees: [0], loss_powers: [2], partitions: [uniform, oracle]}
sampling: {trees: 16, pairs: 32, cells: 16}
"""
SWEEP = "sweep: {over: {field.dimension: [0.7, 0.9], field.hurst: {from: 0.2, to: 0.4, step: 0.1}}}\n"
CASES = 6


class Campaigns(Program):
    INPUTS = {"small.yaml": BASE + SWEEP}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        start = time.monotonic()
        cls.cascade("small.yaml", "--output", "whole")
        cls.duration = time.monotonic() - start
        cls.expected = cls.report("whole")

    def test_files_and_sentence(self):
        self.assertEqual(len(self.units("whole")), CASES)
        for name in ("report.json", "report.md", "results.h5"):
            self.assertEqual(len(list((self.place / "whole" / "cases").glob(f"*/{name}"))), CASES)
        self.assertIn("With the active cells themselves as pieces, for the mean-square loss", self.expected)

    def test_any_number_of_ranks(self):
        said = self.cascade("small.yaml", "--output", "ranks", ranks=3)
        self.assertEqual(said.count(f"/{CASES} dimension"), CASES)
        self.cascade("small.yaml", "--output", "groups", "--set", "sweep.group_size=2", ranks=3)
        self.assertEqual(self.report("ranks", False), json.dumps(json.loads(self.report("whole", False))))
        groups = json.loads(self.report("groups", False))
        whole = json.loads(self.report("whole", False))
        self.assertEqual(groups["cases"], whole["cases"])

    def again(self, folder):
        """What takes up a campaign, if it came so far that there is something to resume."""
        return ["--resume"] if any((self.place / folder / name).exists() for name in (".lock", "campaign.json")) else []

    def test_killed_and_resumed(self):
        for moment in (0.5, 0.8):
            process = subprocess.Popen([CASCADE, "small.yaml", "--output", "killed", "--quiet", *self.again("killed")],
                                       cwd=self.place)
            time.sleep(moment * self.duration)
            process.kill()
            process.wait(timeout=SECONDS)
        if not (self.place / "killed" / "report.json").exists() and (self.place / "killed" / "campaign.json").exists():
            self.assertIn("--resume", self.cascade("small.yaml", "--output", "killed", code=3))
        self.cascade("small.yaml", "--output", "killed", *self.again("killed"))
        self.assertEqual(self.report("killed"), self.expected)

    def test_killed_while_the_report_took_its_place(self):
        shutil.copytree(self.place / "whole", self.place / "placed")
        (self.place / "placed" / "report.json").unlink()  # the last file to be given its name
        self.assertIn("--resume", self.cascade("small.yaml", "--output", "placed", code=3))
        self.cascade("small.yaml", "--output", "placed", "--resume")
        self.assertEqual(self.report("placed"), self.expected)

    def test_parts_and_merge(self):
        command = [CASCADE, "small.yaml", "--output", "parts", "--quiet", "--part"]
        parts = [subprocess.Popen([*command, f"{i}/3"], cwd=self.place)
                 for i in (1, 2)]  # at the same time
        for part in parts:
            self.assertEqual(part.wait(timeout=SECONDS), 0)
        self.assertEqual(len(self.units("parts")), 4)
        said = self.cascade("--merge", "parts", code=2)
        self.assertIn("2 of 6 cases are missing", said)
        self.assertIn("dimension0.7_hurst0.4: not finished", said)
        self.assertIn("cascade small.yaml --resume --output parts", said)
        self.cascade("small.yaml", "--output", "elsewhere", "--part", "3/3")
        self.cascade("--merge", "parts", "elsewhere")
        self.assertEqual(self.report("parts"), self.expected)

    def test_merge_where_only_rank_0_sees_the_folder(self):
        """What is to be merged, and the campaign itself, come from rank 0: no rank asks the disk for itself."""
        for part in ("1/2", "2/2"):
            self.cascade("small.yaml", "--output", "seen", "--part", part, "--quiet")
        with tempfile.TemporaryDirectory() as elsewhere:
            command = [MPIRUN, "-q", "-n", "1", "--wdir", self.place, CASCADE, "--merge", "seen",
                       ":", "-n", "1", "--wdir", elsewhere, CASCADE, "--merge", "seen"]
            done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            self.assertEqual(os.listdir(elsewhere), [])
        self.assertEqual(self.report("seen", False), self.report("whole", False))

    def test_folder_that_takes_no_more_ends_all_ranks(self):
        """Results cannot be written, nor why: a group's first rank finds out alone, and none must wait for it."""
        case = self.place / "stuck" / "cases" / "dimension0.7_hurst0.2"
        for folder in (".results.h5.partial", "failed.txt/occupied"):
            (case / folder).mkdir(parents=True)
        said = self.cascade("small.yaml", "--output", "stuck", "--set", "sweep.group_size=2", code=4, ranks=2)
        self.assertIn("failed.txt", said)

    def test_damage_is_found_and_mended(self):
        self.cascade("small.yaml", "--output", "damaged", "--quiet")
        with open(self.units("damaged")[2].parent / "report.json", "r+b") as file:
            file.seek(1000)
            file.write(b"7")
        said = self.cascade("--merge", "damaged", "--force", code=2)
        self.assertIn("report.json does not agree with its checksum", said)
        said = self.cascade("small.yaml", "--output", "damaged", "--resume")
        self.assertIn("dimension0.7_hurst0.4: report.json does not agree with its checksum; it is done again", said)
        self.assertEqual(said.count("done in"), 1)
        self.assertEqual(self.report("damaged"), self.expected)

    def test_a_changed_report_is_said_and_made_anew(self):
        self.cascade("small.yaml", "--output", "healed", "--quiet")
        said = self.cascade("small.yaml", "--output", "healed", "--resume")
        self.assertNotIn("made anew", said)
        report = self.place / "healed" / "report.json"
        report.write_text(report.read_text(encoding="utf-8").replace("0.7", "0.8", 1), encoding="utf-8")
        (self.place / "healed" / "report.md").unlink()
        said = self.cascade("small.yaml", "--output", "healed", "--resume")
        self.assertIn("report.json was changed after it was written; the report is made anew", said)
        self.assertIn("report.md is missing or cannot be read; the report is made anew", said)
        self.assertEqual(said.count("made anew"), 2)
        self.assertEqual(self.report("healed"), self.expected)

    def test_changed_input(self):
        said = self.cascade("small.yaml", "--output", "whole", "--resume", "--set", "sampling.cells=32", code=2)
        self.assertIn("sampling.cells: 16 before, 32 now", said)
        said = self.cascade("small.yaml", "--output", "whole", "--resume", "--set",
                                "sweep.over={field.hurst: [0.3]}", code=2)
        self.assertIn("hurst0.3 is new", said)
        self.assertEqual(self.report("whole"), self.expected)

    def test_refused(self):
        bad = {"sweep: {over: {field.dimensoin: [0.7]}}": "bad.yaml:6:16: field.dimensoin: unknown key",
               "sweep: {over: {field.hurst: []}}": "bad.yaml:6:16: field.hurst: the list is empty",
               "sweep: {zip: {field.hurst: [0.1, 0.2], field.dimension: [0.7]}}": "zipped lists must be of one length",
               "sweep: {over: {field.hurst: {from: 0, to: 1, step: 0}}}": "step 0 never leads from 0 to 1",
               "sweep: {over: {field.hurst: [0.2, 0.20]}}": "is equal to case"}
        for number, (sweep, fragment) in enumerate(bad.items()):
            (self.place / "bad.yaml").write_text(BASE + sweep + "\n", encoding="utf-8")
            said = self.cascade("bad.yaml", "--output", "refused", code=2, ranks=3 if number == 0 else 0)
            self.assertEqual(said.count(fragment), 1, said)
        for part in ("4/3", "0/3", "x"):
            self.assertIn("--part", self.cascade("small.yaml", "--output", "refused", "--part", part, code=2))
        self.assertFalse((self.place / "refused").exists())


if __name__ == "__main__":
    sys.exit(unittest.main())
