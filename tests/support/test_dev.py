"""./dev itself: what it says of itself is what it has, and it fails as it promises. Nothing is built here."""
import os
import re
import subprocess
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COMMANDS = ["run", "test", "bench", "bench", "figures", "coverage", "lint", "format", "sanitize", "help"]


def dev(*arguments, cwd=None, dev=ROOT / "dev", **environment):
    return subprocess.run([str(dev), *arguments], cwd=cwd, env={**os.environ, **environment}, text=True,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          timeout=float(os.environ.get("CASCADE_TEST_TIMEOUT", "300")))  # a hang, not a slow machine


def help_names_every_command():
    answer = dev("help")
    assert answer.returncode == 0 and answer.stderr == ""
    listed = re.findall(r"^  ([a-z]+) ", answer.stdout, re.MULTILINE)
    assert listed == COMMANDS, listed
    assert dev().stdout == answer.stdout  # no argument: help


def works_from_anywhere():
    with tempfile.TemporaryDirectory(prefix="a folder with spaces ") as folder:
        link = Path(folder) / "dev link"
        link.symlink_to(ROOT / "dev")
        assert dev("help", cwd=folder, dev=link).returncode == 0


def unknown_command_is_refused():
    answer = dev("frobnicate")
    assert answer.returncode == 2 and answer.stdout == ""
    assert "frobnicate" in answer.stderr and "help" in answer.stderr


def missing_packages_are_listed_where_they_may_not_be_installed():
    """With a dpkg-query that knows no package, no root and no sudo: the list, the equivalents, exit code 2."""
    script = (ROOT / "dev").read_text().replace('main "$@"\n', "")
    script = script.replace("((EUID != 0))", "((1))").replace("sudo -n true", "false")
    with tempfile.TemporaryDirectory() as folder:
        fake = Path(folder) / "dpkg-query"
        fake.write_text("#!/bin/sh\nexit 1\n")
        fake.chmod(0o755)
        probe = Path(folder) / "probe"
        probe.write_text(script + "\nneed_packages libfftw3-dev catch2\necho reached\n")
        path = folder + os.pathsep + os.environ["PATH"]
        answer = subprocess.run(["bash", str(probe)], env={**os.environ, "PATH": path}, text=True, capture_output=True)
        assert answer.returncode == 2, answer
        assert "libfftw3-dev catch2" in answer.stderr and "spack install" in answer.stderr and "modules" in answer.stderr
        assert "reached" not in answer.stdout
        skipped = subprocess.run(["bash", str(probe)], text=True, capture_output=True,
                                 env={**os.environ, "PATH": path, "CASCADE_PACKAGES": "skip"})
        assert skipped.returncode == 0 and "reached" in skipped.stdout


def scripts_are_valid_shell():
    for script in [ROOT / "dev", ROOT / ".ci/run"]:
        subprocess.run(["bash", "-n", str(script)], check=True)
        assert os.access(script, os.X_OK), script


for test in [help_names_every_command, works_from_anywhere, unknown_command_is_refused,
             missing_packages_are_listed_where_they_may_not_be_installed, scripts_are_valid_shell]:
    test()
    print("ok", test.__name__)
