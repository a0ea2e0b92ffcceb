"""Modules of others that the package needs, and how to come by them."""
import importlib.util
import sys

#: module: Debian's package
PACKAGES = {"numpy": "python3-numpy", "h5py": "python3-h5py", "matplotlib": "python3-matplotlib",
            "jinja2": "python3-jinja2",
            "pandas": "python3-pandas", "xarray": "python3-xarray"}


def missing(*names):
    return [name for name in names if importlib.util.find_spec(name) is None]


def advice(names):
    """What to do about missing modules, in a few lines."""
    return (f"Python module{'s' if len(names) > 1 else ''} missing in {sys.executable}: {', '.join(names)}.\n"
            f"  Debian, Ubuntu: apt-get install {' '.join(PACKAGES[name] for name in names)}\n"
            f"  elsewhere:      python3 -m pip install {' '.join(names)}\n"
            f"  Installed already? Then another python3 comes first on PATH: try /usr/bin/python3")


def require(*names):
    """Throws ImportError with advice unless all of these can be imported."""
    lacking = missing(*names)
    if lacking:
        raise ImportError(advice(lacking))
