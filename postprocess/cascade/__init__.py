"""Results of cascade runs in Python: numbers, curves as NumPy arrays, campaigns as tables, figures by name.

    import cascade
    run = cascade.load("results/beta_d2.8")
    print(run.headline)
    alpha = run.one("alpha", partition="adaptive", average="active", degree=0, loss_power=2)
    print(alpha.value, alpha.error, alpha.predicted, alpha.verdict)
    alpha.curve.x, alpha.curve.y, alpha.curve.error          # arrays; .in_fit: a mask; .to_xarray(), .to_pandas()
    run.results.select("zeta", method="sampled").table()     # a DataFrame where pandas is installed
    run.figure("loss").savefig("loss.png")

    cascade.compare("results/a", "results/b").agree

Importing it costs nothing: NumPy, h5py and matplotlib are imported when they are first needed.
"""
import importlib

__version__ = "0.1.0"

_HOMES = {"load": "loading", "Run": "run", "Campaign": "campaign", "Result": "result", "Answer": "result",
          "Results": "results",
          "Curve": "curve", "compare": "comparison", "Comparison": "comparison", "Unreadable": "report.data",
          "Damaged": "report.data"}
__all__ = ["__version__", *_HOMES]


def __getattr__(name):
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from . import modules
    modules.require("numpy", "h5py")
    value = getattr(importlib.import_module(f".{_HOMES[name]}", __name__), name)
    globals()[name] = value
    return value


def __dir__():
    return sorted([*globals(), *_HOMES])
