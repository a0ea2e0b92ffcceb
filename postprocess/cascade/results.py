"""Finding results by quantity and settings."""
from .tables import as_table


def known_names(result):
    return {"id": result.id, "stage": result.stage, "method": result.method, "order": result.order,
            "verdict": result.verdict,
            "status": result.status, "evidence": result.evidence, "judged_by": result.judged_by, **result.settings}


def fits(value, wanted):
    """Equality, or membership where several values are wanted."""
    return value in wanted if isinstance(wanted, (list, tuple, set, frozenset, range)) else value == wanted


def spoken(quantity, settings):
    said = [repr(quantity)] if quantity is not None else []
    return ", ".join(said + [f"{name}={value!r}" for name, value in settings.items()])


class Results(list):
    """A list of Result that can be asked."""

    def select(self, quantity=None, **settings):
        """Those of a quantity ("alpha", "zeta", ...) and with these settings (degree=0, loss_power=2, method="grid",
        order=2; a list means any of them). Throws LookupError for a setting that none of them has."""
        names = {name for result in self for name in (result.json.get("settings") or {})} | \
            {name for result in self for name in known_names(result)}
        for name in settings:
            if self and name not in names:
                raise LookupError(f"no result has a setting '{name}'; there are {', '.join(sorted(names))}")
        quantities = sorted({result.quantity for result in self})
        if quantity is not None and quantity not in quantities:
            raise LookupError(f"nothing was measured that is called '{quantity}'; there are "
                              + (", ".join(quantities) or "no results"))
        return Results(result for result in self if quantity in (None, result.quantity) and
                       all(fits(known_names(result).get(name), wanted) for name, wanted in settings.items()))

    def one(self, quantity=None, **settings):
        """The only one of these. Throws LookupError where there is none, or with what tells them apart where there are
        more."""
        found = self.select(quantity, **settings)
        if len(found) == 1:
            return found[0]
        if found:
            apart = {}
            for name in sorted({name for result in found for name in known_names(result)} - {"id"}):
                values = {repr(known_names(result).get(name)): None for result in found}
                if len(values) > 1:
                    apart[name] = ", ".join(values)
            raise LookupError(f"{len(found)} results are {spoken(quantity, settings)}; say more: "
                              + ("; ".join(f"{name} ({values})" for name, values in apart.items())
                                 or "by id, " + ", ".join(result.id for result in found)))
        near = self.select(quantity)
        raise LookupError(f"no result is {spoken(quantity, settings)}; there are "
                          + ", ".join(result.id for result in near[:12])
                          + (f" and {len(near) - 12} more" if len(near) > 12 else ""))

    def by_id(self, identity):
        for result in self:
            if result.id == identity:
                return result
        raise LookupError(f"no result '{identity}'; there are {', '.join(result.id for result in self) or 'none'}")

    def table(self, pandas=None):
        """A row each: a pandas.DataFrame where pandas is installed, else a list of dicts. pandas=True asks for the one
        and throws ImportError without it, pandas=False for the other."""
        return as_table([result.row() for result in self], pandas)
