"""Rows as a DataFrame where pandas is installed, as a list of dicts otherwise."""
from . import modules


def as_table(rows, pandas=None):
    """`pandas`: True, False, or None for whatever there is."""
    if pandas is None:
        pandas = not modules.missing("pandas")
    if not pandas:
        return rows
    modules.require("pandas")
    from pandas import DataFrame
    return DataFrame(rows)
