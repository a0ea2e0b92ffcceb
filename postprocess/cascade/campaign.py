"""A campaign: many cases, and the coefficient of their law."""
import math
import os

from .report import checksums, data
from .run import Run
from .stored import Stored
from .tables import as_table


def flat(row, kind, value):
    """Rows of a table have plain numbers for {value, standard_error, ...} objects."""
    stored = row.get(value) or {}
    return {kind: stored.get("value", math.nan), kind + "_error": stored.get("standard_error", math.nan)}


class Campaign(Stored):
    """The report over all cases. campaign.case(NAME) is one of them as a Run."""

    @property
    def cases(self):
        """The cases by name, as report.json tells them."""
        return {case["name"]: case for case in self.json.get("cases") or []}

    def case(self, name):
        """One case, with its curves. Throws LookupError for a name that is none, cascade.Damaged where its files were
        changed."""
        if name not in self.cases:
            raise LookupError(f"{self.directory}: no case '{name}'; there are {', '.join(self.cases)}")
        folder = os.path.join(self.directory, "cases", name)
        if self.checked:
            data.require_whole(self.directory, [f"cases/{name}/{file}" for file in ("report.json", "results.h5")])
        return Run(data.load(folder))

    @property
    def coefficients(self):
        """c of alpha = c h/d for each setting and family, as report.json tells them."""
        return self.json.get("coefficients") or []

    @property
    def thresholds(self):
        """The d at which alpha falls below 0.1, by each formula and as measured."""
        return self.json.get("thresholds") or {}

    def table(self, pandas=None):
        """Every alpha of every case, a row each, with the swept keys: a DataFrame or a list of dicts, as
        Results.table."""
        rows = []
        for case in self.json.get("cases") or []:
            about = {"case": case["name"], "family": case.get("family"), "generator": case.get("generator"),
                     **(case.get("swept") or {}),
                     **{name: case.get(name) for name in ("dimension", "hurst", "h_over_d")}}
            for alpha in case.get("alphas") or []:
                law = alpha.get("law") or {}
                rows.append({**about, "result": alpha["result"], "method": alpha.get("method"),
                             **(alpha.get("settings") or {}),
                             "alpha": alpha["alpha"], "error": alpha["standard_error"], "predicted": law.get("value"),
                             "law": law.get("formula"), "z": alpha.get("z"), "verdict": alpha.get("verdict"),
                             "regime": alpha.get("regime")})
        return as_table(rows, pandas)

    def coefficient_table(self, pandas=None):
        """c of alpha = c h/d and the coefficient of the setting's own law, a row for each setting and family."""
        return as_table([{"family": row["family"], "result": row["result"], "method": row.get("method"),
                          **(row.get("settings") or {}), **flat(row, "c", "c"), "law": row.get("law"),
                          **flat(row, "relative", "relative"), "cases": (row.get("c") or {}).get("cases")}
                         for row in self.coefficients], pandas)
