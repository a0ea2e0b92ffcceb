#!/usr/bin/env python3
"""The completion script in a bash of its own, given words as readline breaks them."""
import os
import re
import shlex
import subprocess
import unittest

BUILD = os.path.dirname(os.path.abspath(os.environ["CASCADE_EXECUTABLE"]))
SOURCE = os.environ["CASCADE_SOURCE_DIR"]
SCRIPT = os.path.join(BUILD, "papers", "cascade")
SECONDS = float(os.environ.get("CASCADE_TEST_TIMEOUT", "300"))


def complete(line, breaks=" \t\n\"'><=;|&(:", folder=os.path.join(SOURCE, "inputs")):
    """What is offered at the end of a line. Words are broken at = where the shell's COMP_WORDBREAKS has it."""
    words = []
    for part in line.split(" "):
        words += re.findall(r"=|[^=]+", part) if "=" in breaks and part else [part]
    code = (f"source {shlex.quote(SCRIPT)}; COMP_WORDBREAKS={shlex.quote(breaks)}; COMP_WORDS=({shlex.join(words)}); "
            "COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _cascade; "
            "((${#COMPREPLY[@]} == 0)) || printf '%s\\n' \"${COMPREPLY[@]}\"")
    ran = subprocess.run(["bash", "--norc", "-uc", code], capture_output=True, text=True, timeout=SECONDS, check=False,
                         cwd=folder)
    assert (ran.returncode, ran.stderr) == (0, ""), ran.stderr
    return ran.stdout.split("\n")[:-1]


class Completion(unittest.TestCase):
    def test_options(self):
        self.assertEqual(complete("cascade --des"), ["--describe"])
        self.assertLessEqual({"--set", "--resume", "--part", "--completion"}, set(complete("cascade --")))
        self.assertEqual(complete("cascade k41 --resu"), ["--resume"])

    def test_keys_and_their_words(self):
        self.assertEqual(complete("cascade x.yaml --set field.gene"), ["field.generator="])
        self.assertEqual(complete("cascade --set field.generator=beta"), ["beta_cascade"])
        self.assertIn("weierstrass", complete("cascade --set field.generator="))
        self.assertEqual(complete("cascade --set blind.enabled=t"), ["true"])
        self.assertEqual(complete("cascade --set run.seed="), [])
        self.assertEqual(complete("cascade --set=field.gene"), ["field.generator="])
        self.assertEqual(complete("cascade --set run.seed=1 --set approximation.deg"), ["approximation.degrees="])

    def test_keys_where_the_equal_sign_breaks_no_words(self):
        self.assertEqual(complete("cascade --set field.generator=beta", breaks=" \t\n"),
                         ["field.generator=beta_cascade"])
        self.assertEqual(complete("cascade --color=al", breaks=" \t\n"), ["--color=always"])

    def test_values_of_options(self):
        self.assertEqual(complete("cascade --color "), ["auto", "always", "never"])
        self.assertEqual(complete("cascade --color=ne"), ["never"])
        self.assertEqual(complete("cascade --completion "), ["bash"])
        self.assertEqual(complete("cascade --part "), [])
        self.assertIn("beta_cascade", complete("cascade --describe beta"))
        self.assertIn("field.hurst", complete("cascade --describe field.h"))

    def test_inputs_by_path_and_by_name(self):
        self.assertEqual(complete("cascade gaussian_1"), ["gaussian_1d", "gaussian_1d.yaml"])
        self.assertEqual(complete("cascade gaussian_1", folder="/"), ["gaussian_1d"])
        self.assertIn("batch", complete("cascade b"))
        self.assertNotIn("data/README.md", complete("cascade data/"))
        self.assertEqual(complete("cascade --output ba"), ["batch"])

    def test_it_is_registered_for_cascade(self):
        ran = subprocess.run(["bash", "--norc", "-c", f"source {shlex.quote(SCRIPT)}; complete -p cascade"],
                             capture_output=True,
                             text=True, timeout=SECONDS, check=True)
        self.assertIn("-F _cascade cascade", ran.stdout)


if __name__ == "__main__":
    unittest.main()
