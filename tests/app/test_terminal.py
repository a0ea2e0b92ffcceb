"""What a person sees: who runs what, a bar and colours where there is a terminal and no launcher, lines that fit, and
at the end where the page is and what to do next."""

import fcntl
import os
import pty
import re
import select
import shutil
import struct
import subprocess
import sys
import termios
import time
import unittest

from program import CASCADE, MPIRUN, SECONDS, SOURCES
from with_result import CAMPAIGN, FIELD, WithResult

BAR = "\r\x1b[K"
BOLD = "\x1b[1m"
UNSEEN = re.compile("\x1b\\[[0-9;]*[mK]")  # colours and the cleaning of a line
SLOW = FIELD.replace("pairs: 64", "pairs: 1500")  # a bar that is drawn more than once


class Screen(WithResult):
    INPUTS = {"field.yaml": FIELD, "slow.yaml": SLOW, "campaign.yaml": CAMPAIGN}

    def on_screen(self, *command, columns=100, **environment):
        """What a terminal of that width shows; exit code 0."""
        leader, follower = pty.openpty()
        fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
        known = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "NO_COLOR")}
        process = subprocess.Popen([str(word) for word in command], cwd=self.place, stdin=follower, stdout=follower,
                                   stderr=follower, env={**known, "TERM": "xterm", **environment},
                                   start_new_session=True)
        os.close(follower)
        said, until = b"", time.monotonic() + SECONDS
        while time.monotonic() < until:
            if select.select([leader], [], [], 0.1)[0]:
                try:
                    piece = os.read(leader, 65536)
                except OSError:  # the last one closed it
                    break
                if not piece:
                    break
                said += piece
        os.close(leader)
        self.assertEqual(process.wait(timeout=SECONDS), 0, said.decode(errors="replace"))
        return said.decode("utf-8", "replace").replace("\r\n", "\n")

    def test_a_terminal_has_bar_and_colours(self):
        said = self.on_screen(CASCADE, "slow.yaml", "--output", "bar")
        self.assertIn(BAR, said)
        self.assertIn(BOLD, said)
        self.assertRegex(said, r"\[#+\.*\] +\d+%")
        self.assertNotIn(BOLD, self.on_screen(CASCADE, "field.yaml", "--output", "plain", NO_COLOR="1"))
        for n, changed in enumerate(({"TERM": "dumb"}, {"SLURM_STEP_ID": "0"}, {"OMPI_COMM_WORLD_SIZE": "1"})):
            said = self.on_screen(CASCADE, "field.yaml", "--output", f"without-{n}", **changed)
            self.assertNotIn("\x1b", said, changed)
        self.assertNotIn("\x1b", self.cascade("field.yaml", "--output", "piped", TERM="xterm"))

    def test_behind_a_launcher_only_when_asked(self):
        root = {"OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"}
        self.assertNotIn("\x1b", self.on_screen(MPIRUN, "-n", "1", CASCADE, "field.yaml", "--output", "behind", **root))
        said = self.on_screen(MPIRUN, "-n", "1", CASCADE, "slow.yaml", "--output", "asked", "--color", "always", **root)
        self.assertIn(BAR, said)

    def test_lines_fit(self):
        for columns in (40, 100):
            said = self.on_screen(CASCADE, "slow.yaml", "--output", f"wide-{columns}", columns=columns)
            verdict = said[said.index(BOLD) + len(BOLD):]
            verdict = verdict[:verdict.index("\x1b[0m")]
            self.assertGreater(verdict.count("\n"), 0)
            self.assertLessEqual(max(map(len, verdict.split("\n"))), columns)
            self.assertGreater(max(map(len, verdict.split("\n"))), columns - 20)
            for drawn in re.findall(r"\r\x1b\[K([^\r\n]*%[^\r\n]*)", said):
                self.assertLess(len(UNSEEN.sub("", drawn)), columns)
        text = self.cascade("field.yaml", "--output", "no-terminal")
        verdict = text[text.index("\nIs alpha") + 1:].split("\nwarning")[0].split("\n\n")[0]
        self.assertGreater(max(map(len, verdict.split("\n"))), 60)
        self.assertLessEqual(max(map(len, verdict.split("\n"))), 80)

    def test_first_lines(self):
        """At once, on the terminal and in run.log; of a case of a campaign too."""
        host = os.uname().nodename
        first = (r"\Acascade \d+\.\d+\.\d+ \([0-9a-z() ]+\)\n"
                 rf"{{}}, (\d) ranks? on host {re.escape(host)}, \d{{{{4}}}}-\d\d-\d\dT[\d:]+Z\n")
        said = self.cascade("field.yaml", "--output", "first", "--set", "run.seed=4", ranks=2)
        told = first.format(re.escape("field.yaml --set run.seed=4"))
        self.assertRegex(said, told)
        self.assertEqual(re.search(told, said)[1], "2")
        self.assertRegex((self.place / "first" / "run.log").read_text(encoding="utf-8"), told)
        self.assertRegex(self.cascade("campaign.yaml", "--output", "many"), first.format("campaign.yaml"))
        logs = [self.place / "many" / "run.log", *(self.place / "many" / "cases").glob("*/run.log")]
        self.assertEqual(len(logs), 3)
        for log in logs:
            self.assertRegex(log.read_text(encoding="utf-8"), first.format("campaign.yaml"))
        self.assertEqual(self.cascade("field.yaml", "--output", "quiet", "--quiet"), "")

    def test_what_is_next(self):
        """The commands that are named do what is said of them."""
        for name in ("field.yaml", "campaign.yaml"):
            folder = "after " + name
            said = self.cascade(name, "--output", folder, "--set", "sampling.pairs=65")
            self.assertRegex(said, r"cascade: exit code 0: complete; results in after .*\n\Z")
            page = re.search(r"\npage:   (.*)\n", said)[1]
            self.assertTrue(page.endswith(f"'{folder}'"))
            again, explained = re.search(r"\nnext:   (cascade .*)\n        (cascade .*)\n", said).groups()
            self.assertIn("--set sampling.pairs=65 --set run.seed=4", again)
            for command in (again, explained):
                done = subprocess.run(command.replace("cascade ", f"'{CASCADE}' ", 1), cwd=self.place, shell=True,
                                      capture_output=True, text=True, timeout=SECONDS, check=False)
                self.assertEqual(done.returncode, 0, command + done.stdout + done.stderr)
            self.assertTrue((self.place / f"{folder}-seed4" / "report.json").exists())
            self.assertIn("sweep" if "campaign" in name else "hurst", done.stdout)
            if not page.startswith("cascade-report"):
                script = SOURCES / "postprocess" / "report.py"
                self.assertEqual(os.path.realpath(self.place / page.split()[0]), os.path.realpath(script))
                self.script("report.py", folder, 0)
            self.assertTrue((self.place / folder / "report.html").exists())

    def test_an_installed_page_maker_is_named(self):
        tools = self.place / "tools"
        tools.mkdir()
        (tools / "cascade-report").write_text("#!/bin/sh\n", encoding="utf-8")
        (tools / "cascade-report").chmod(0o755)
        said = self.cascade("field.yaml", "--output", "installed", PATH=f"{tools}:{os.environ['PATH']}")
        self.assertIn("\npage:   cascade-report installed\n", said)

    def test_dev_run(self):
        """Bar and colours though there is a launcher, lines as wide as the terminal, and where the page is."""
        if shutil.which("ninja") is None:
            self.skipTest("ninja is missing")
        root = self.place / "checkout"
        build = root / "build" / "native"
        build.mkdir(parents=True)
        shutil.copy(SOURCES / "dev", root / "dev")
        for name in ("postprocess", "inputs"):
            (root / name).symlink_to(SOURCES / name)
        (build / "cascade").symlink_to(CASCADE)
        (build / "build.ninja").write_text("build cascade: phony\n", encoding="utf-8")
        (build / "CMakeCache.txt").write_text(f"CMAKE_HOME_DIRECTORY:INTERNAL={root.resolve()}\n", encoding="utf-8")
        said = self.on_screen(root / "dev", "run", "slow.yaml", "--output", "devised", columns=60, CASCADE_RANKS="2",
                              CASCADE_PACKAGES="skip")
        self.assertIn(BAR, said)
        verdict = said[said.index(BOLD) + len(BOLD):]
        verdict = verdict[:verdict.index("\x1b[0m")]
        self.assertLessEqual(max(map(len, verdict.split("\n"))), 60)
        self.assertGreater(max(map(len, verdict.split("\n"))), 40)
        self.assertIn(f"page:   {self.place.resolve()}/devised/report.html", said)
        self.assertTrue((self.place / "devised" / "report.html").exists())
        self.assertRegex(said, r"next:   \S*dev run slow.yaml --set run.seed=4 --output devised-seed4\n")


if __name__ == "__main__":
    sys.exit(unittest.main())
