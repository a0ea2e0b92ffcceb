"""Tables of a campaign (schema cascade-campaign/1)."""

from . import words
from .campaign import adaptive, chosen, families


def coefficient_table(report):
    rows = []
    pooled = {c["result"]: c["c"]["cases"] for c in report["coefficients"] or [] if c["family"] == "all"}
    order = ["all"] + families(report)
    for c in sorted(
        report["coefficients"] or [],
        key=lambda c: (order.index(c["family"]), words.setting_order(c["method"], c["settings"])),
    ):
        if c["family"] != "all" and c["c"]["cases"] == pooled.get(c["result"]):
            continue  # the only family with this setting
        z = {j["c"]: words.signed(j["z"]) for j in c["judgements"]}
        own = c["law_is_c_h_over_d"]
        rows.append(
            [
                c["family"],
                words.setting(c["method"], c["settings"]),
                words.formula(c["law"]),
                c["c"]["cases"],
                words.with_error(c["c"]["value"], c["c"]["standard_error"]) if own else words.DASH,
                words.chi2(c["c"]) if own else words.DASH,
                z.get(2, words.DASH),
                z.get(4, words.DASH),
                words.with_error(c["relative"]["value"], c["relative"]["standard_error"]),
                f"{c['coverage']['inside']}/{c['coverage']['cases']}",
                c["left_out_near_saturation"] + c["left_out_smooth"],
            ]
        )
    labels = sorted(
        {note for c in report["coefficients"] or [] if c["family"] == "all" for note in c.get("notes") or []}
    )
    return {
        "title": "The coefficient c of alpha = c h/d",
        "columns": [
            "family",
            "setting",
            "law",
            "cases",
            "c",
            "χ²/dof",
            "z to 2",
            "z to 4",
            "alpha/law",
            "law inside 95%",
            "left out",
        ],
        "rows": rows,
        "note": (
            "c by weighted least squares through the origin over the rough cases; its error holds the statistical and"
            " the systematic part and grows with the root of χ²/dof where that is above 1. Where the law of a setting"
            " is not c h/d, no c is shown: alpha/law is the coefficient of the law itself. Left out: near saturation or"
            " smooth, decided by the declared d and h."
            + (" Of the fits: " + "; ".join(labels) + "." if labels else "")
        ),
    }


def smooth_table(report):
    rows = [
        [
            e["family"],
            words.setting(e["method"], e["settings"]),
            e["c"]["cases"],
            words.with_error(e["c"]["value"], e["c"]["standard_error"]),
            f"{e['expected']:g}",
            words.with_error(e["c"]["value"] / e["expected"], e["c"]["standard_error"] / e["expected"]),
        ]
        for e in report["smooth_ends"] or []
        if words.known(e["c"]["value"]) and e["family"] == "all"
    ]
    return {
        "title": "The smooth end: alpha = c/d",
        "columns": ["family", "setting", "cases", "c", "q k", "ratio"],
        "rows": rows,
        "note": "Over the cases smoother than their pieces can use. k = degree + 1.",
    }


def threshold_table(report):
    t = report["thresholds"] or {}
    names = {c["id"]: words.setting(c["method"], c["settings"]) for c in report["coefficients"] or []}
    rows = [
        [
            words.number(r["hurst"], 3),
            names.get(m["coefficient"], m["coefficient"]),
            words.number(r["2h/d"], 3),
            words.number(r["4h/d"], 3),
            words.number(t["4/d"], 3),
            words.with_error(m["dimension"], m["standard_error"]),
        ]
        for r in t.get("rough") or []
        for m in r["measured"]
    ]
    return {
        "title": "Where alpha falls below 0.1",
        "columns": ["h", "setting", "d by 2h/d", "d by 4h/d", "d by 4/d", "d as measured"],
        "rows": rows,
        "note": "c h/0.1 with the fitted c: an extrapolation where no case has that d.",
    }


def case_table(report):
    settings = chosen(report)
    names = (
        ("loss_power", "degree")
        if all(adaptive(c["settings"]) for c in settings)
        else ("partition", "average", "loss_power", "degree")
    )
    rows = []
    for case in report["cases"] or []:
        found = {a["result"]: a for a in case["alphas"]}
        row = [
            case["name"],
            f"{case['embedding_dimension']:g}",
            f"{case['dimension']:g}",
            words.number(case["hurst"], 3),
            words.number(case["2h/d"]),
            words.number(case["4h/d"]),
        ]
        for c in settings:
            a = found.get(c["result"])
            mark = words.VERDICTS.get(a["verdict"], ("", ""))[0] if a else ""
            row.append(f"{words.with_error(a['alpha'], a['standard_error'])} {mark}" if a else words.DASH)
        if len(row) > 6 and any(cell != words.DASH for cell in row[6:]):
            rows.append(row)
    return {
        "title": "Cases",
        "rows": rows,
        "columns": ["case", "D", "d", "h", "2h/d", "4h/d"] + [
            words.setting(None, {k: c["settings"][k] for k in names}) for c in settings
        ],
        "note": (
            "alpha of the settings of the first figure; ✓ its law is supported, ✗ rejected, ? undecided, ~ near"
            " saturation. Every other setting is in report.json and report.md; each case has its own report in cases/."
        ),
    }


def tables(report):
    made = [coefficient_table(report), smooth_table(report), threshold_table(report), case_table(report)]
    return [t for t in made if t["rows"]]
