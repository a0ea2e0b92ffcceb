#!/usr/bin/env python3
"""What stands in several places says the same everywhere: versions, packages, licences."""
import ast
import os
import re
import subprocess
import sys
import unittest
from pathlib import Path

SOURCE = Path(os.environ.get("CASCADE_SOURCE_DIR") or Path(__file__).resolve().parent.parent.parent)
SPACK = SOURCE / "packaging/spack/packages/cascade/package.py"
#: Debian package of `dev` -> Spack package; None: Spack's own business, or needed by `dev` alone
IN_SPACK = {"g++": "cxx", "cmake": "cmake", "ninja-build": "ninja", "ccache": None, "pkg-config": "pkgconfig",
            "git": None,
            "libopenmpi-dev": "mpi", "openmpi-bin": None, "libhdf5-openmpi-dev": "hdf5", "libfftw3-dev": "fftw",
            "libyaml-cpp-dev": "yaml-cpp", "libfmt-dev": "fmt", "nlohmann-json3-dev": "nlohmann-json",
            "libeigen3-dev": "eigen", "libnanoflann-dev": "nanoflann",
            "libgsl-dev": "gsl", "libcli11-dev": "cli11", "librandom123-dev": "random123", "libssl-dev": "openssl",
            "libzip-dev": "libzip", "libpugixml-dev": "pugixml",
            "catch2": "catch2",
            "python3": "python",
            "python3-numpy": "py-numpy", "python3-h5py": "py-h5py", "python3-matplotlib": "py-matplotlib",
            "python3-jinja2": "py-jinja2"}


def text(name):
    return (SOURCE / name).read_text(encoding="utf-8")


def packages(kind):
    return re.search(rf"^packages_{kind}=\(([^)]*)\)", text("dev"), re.M)[1].split()


def calls(name):
    """The calls of a function in the recipe: (first argument, keywords)."""
    for node in ast.walk(ast.parse(SPACK.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name:
            yield node.args[0].value if node.args else None, {k.arg: k.value for k in node.keywords}


class Recipes(unittest.TestCase):
    def setUp(self):
        self.version = re.search(r"project\(cascade VERSION (\S+)", text("CMakeLists.txt"))[1]

    def test_versions(self):
        self.assertRegex(text("CITATION.cff"), rf"(?m)^version: {re.escape(self.version)}$")
        self.assertIn(f'__version__ = "{self.version}"\n', text("postprocess/cascade/__init__.py"))
        self.assertEqual([version for version, _ in calls("version")][:1], [self.version])

    def test_container_has_the_packages_of_dev(self):
        content = text("packaging/Containerfile")
        listed = re.search(r"--no-install-recommends \\\n(.*?)\n && rm", content, re.S)[1].replace("\\", " ").split()
        self.assertEqual(listed, packages("build") + packages("report"))
        self.assertRegex(content, r"(?m)^FROM docker\.io/library/debian:12$")
        steps = [line.split()[0] for line in content.splitlines() if re.match(r"[A-Z]+ ", line)]
        self.assertEqual(steps, ["FROM", "RUN", "COPY", "RUN", "ENV", "WORKDIR", "CMD"])
        for preset in re.findall(r"--preset (\w+)", content):
            self.assertIn(f'"name": "{preset}"', text("CMakePresets.json"))

    def test_spack_has_the_packages_of_dev(self):
        wanted = {IN_SPACK[name] for name in packages("build") + packages("report") + ["catch2"]}
        found = {re.match(r"[\w-]+", spec)[0] for spec, _ in calls("depends_on")}
        self.assertEqual(found - {"c"}, wanted - {None})

    def test_spack_asks_for_the_versions_of_the_cluster_page(self):
        """docs/cluster.md names the oldest versions that do; the recipe may not promise others."""
        table = text("docs/cluster.md")
        rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in table.splitlines()
                if line.startswith("| ")]
        oldest = {}
        for _, least, _, spack, _ in (row for row in rows if len(row) == 5):
            for name, version in zip(re.findall(r"`([\w-]+)[^`]*`", spack), re.findall(r"[\d.]+\d|\d+", least) * 3):
                oldest[name] = version
        specs = {re.match(r"[\w-]+", spec)[0]: spec for spec, _ in calls("depends_on")}
        for name in ("hdf5", "fftw", "yaml-cpp", "eigen", "random123", "cmake"):
            self.assertIn(f"@{oldest[name]}", specs[name])

    def test_spack_sets_options_that_cmake_has(self):
        cmake = text("CMakeLists.txt") + text("cmake/CascadeInstall.cmake")
        used = re.findall(r'define(?:_from_variant)?\("(\w+)"', SPACK.read_text(encoding="utf-8"))
        self.assertGreater(len(used), 3)
        for name in used:
            self.assertRegex(cmake, rf"option\({name} |set\({name} \S+ CACHE|find_program\({name} ")

    def test_spack_recipe_is_python(self):
        compile(SPACK.read_text(encoding="utf-8"), str(SPACK), "exec")
        self.assertIn("class Cascade(CMakePackage):", SPACK.read_text(encoding="utf-8"))

    def test_python_needs_what_it_says(self):
        wanted = re.findall(r'"([\w]+)"', re.search(r"^dependencies = \[(.*)\]", text("pyproject.toml"), re.M)[1])
        self.assertEqual({f"python3-{name}" for name in wanted} | {"python3"}, set(packages("report")))

    def test_citation(self):
        try:
            import yaml
        except ImportError:
            self.skipTest("PyYAML is not installed: apt-get install python3-yaml")
        content = yaml.safe_load(text("CITATION.cff"))
        for key in ("cff-version", "message", "title", "authors"):  # required by the Citation File Format 1.2.0
            self.assertTrue(content.get(key), key)
        self.assertEqual((content["cff-version"], content["license"], content["type"]),
                         ("1.2.0", "BSD-3-Clause", "software"))
        self.assertEqual(str(content["version"]), self.version)
        for author in content["authors"] + [a for reference in content["references"] for a in reference["authors"]]:
            self.assertTrue("name" in author or {"family-names", "given-names"} <= set(author), author)
        for reference in content["references"]:
            self.assertTrue({"type", "title", "authors"} <= set(reference), reference)

    def test_every_table_has_source_and_licence(self):
        readme = text("inputs/data/README.md")
        for table in sorted((SOURCE / "inputs/data").iterdir()):
            if table.suffix not in (".csv", ".npz", ".npy", ".h5"):
                continue
            row, = re.findall(rf"(?m)^\| `{re.escape(table.name)}` \| (.+?) \| (.+?) \| (.+?) \|$", readme)
            notice = re.search(r"\((LICENSES/[^)]+)\)", row[2])
            self.assertIsNotNone(notice, row)
            self.assertRegex(text("inputs/data/" + notice[1]), r"Copyright \(c\)|Public Domain\s+Dedication")

    def test_links_of_the_documents_lead_somewhere(self):
        for name in ("CONTRIBUTING.md", "README.md", "docs/python.md", "docs/cluster.md", "docs/report.md",
                     "inputs/data/README.md"):
            for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text(name)):
                self.assertTrue((SOURCE / name).parent.joinpath(target).exists(), f"{name}: {target}")

    def test_completion_is_shell_that_shellcheck_takes(self):
        build = os.path.dirname(os.environ.get("CASCADE_EXECUTABLE", ""))
        script = os.path.join(build, "papers", "cascade")
        try:
            ran = subprocess.run(["shellcheck", "-s", "bash", "-S", "warning", script], capture_output=True, text=True,
                                 check=False)
        except FileNotFoundError:
            self.skipTest("shellcheck is not installed")
        self.assertEqual(ran.stdout, "")


if __name__ == "__main__":
    unittest.main(argv=sys.argv)
