"""Spack recipe. Copy packaging/spack into a repository of your own, or: spack repo add packaging/spack, spack install cascade."""
from spack.package import *


class Cascade(CMakePackage):
    """Turbulence-analogy simulation suite: makes rough fields of known roughness h and fractal dimension d, and measures
    whether the loss of fits with N pieces falls as N^-alpha with alpha = 4h/d."""

    # There is no download to name: unpack or clone the sources and `spack develop --path SOURCES cascade@0.1.0`.
    manual_download = True

    license("BSD-3-Clause")

    version("0.1.0")

    variant("native", default=False, description="Build for the running CPU; the program does not run on others then")
    variant("report", default=True, description="Python package: report pages, figures, `import cascade`")

    depends_on("c", type="build")
    depends_on("cxx", type="build")
    depends_on("cmake@3.22:", type="build")
    depends_on("ninja", type="build")
    depends_on("pkgconfig", type="build")
    depends_on("mpi@3.1:")
    depends_on("hdf5@1.10:+mpi+hl")
    depends_on("fftw@3.3:")
    depends_on("yaml-cpp@0.6:")
    depends_on("fmt@9:")
    depends_on("nlohmann-json@3.11:")
    depends_on("eigen@3.4:")
    depends_on("nanoflann@1.4:")
    depends_on("gsl@2.7:")
    depends_on("cli11@2.1:")
    depends_on("random123@1.14:")
    depends_on("openssl@3:")
    depends_on("libzip@1.7:")
    depends_on("pugixml@1.12:")
    depends_on("catch2@2.13:2", type="test")

    depends_on("python@3.9:", when="+report", type=("build", "run"))
    with default_args(when="+report", type="run"):
        depends_on("py-numpy")
        depends_on("py-h5py")
        depends_on("py-matplotlib")
        depends_on("py-jinja2")

    conflicts("%gcc@:11", msg="C++20 as GCC 12 has it")

    generator("ninja")

    def cmake_args(self):
        arguments = [
            self.define_from_variant("CASCADE_NATIVE", "native"),
            self.define("CASCADE_TESTS", self.run_tests),
        ]
        if self.spec.satisfies("+report"):
            arguments.append(self.define("CASCADE_PYTHON", self.spec["python"].command.path))
            arguments.append(self.define("CASCADE_PYTHON_DIR", self.python_folder()))
        return arguments

    def python_folder(self):
        return f"lib/python{self.spec['python'].version.up_to(2)}/site-packages"

    def setup_run_environment(self, env):
        if self.spec.satisfies("+report"):
            env.prepend_path("PYTHONPATH", join_path(self.prefix, self.python_folder()))
