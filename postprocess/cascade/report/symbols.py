"""The symbols of a page in a line each: those that stand on it, and no others."""
from . import campaign

FITS, THEORY_SYMBOLS, LOSSES = "7-exponents-of-a-piecewise-fit", "1-symbols", "13-loss-tables"
SCALING, LEARNING = "2-scaling-laws-and-what-they-cost", "14-data-and-learners"
#: symbol, its line, the section of docs/theory.md that has it (title as a fragment, for a link)
D = ("D", "dimension of the box that the field lives in", THEORY_SYMBOLS)
SET = ("d", "dimension of the set that carries the field: N(s) ~ s^{−d} boxes of side s meet it", "3-the-beta-model")
H = ("h", "roughness: on that set an increment over a distance r is of size r^{h}", THEORY_SYMBOLS)
ALPHA = ("α", "how fast the loss falls with the number N of pieces: loss ~ N^{−α}", FITS)
Q = ("q", "the loss is the mean of |error|^{q}: 2 is the mean square, 4 the quartic loss", FITS)
ACTIVE = (
    "active set",
    "where eddies are alive at every level; “active” averages are taken over it, “volume” ones over the whole box",
    "4-the-cascade-generator",
)
VIRTUAL = (
    "virtual grid",
    "“sampled” points: the field evaluated where it is needed, on a grid of up to 2^{48} points a side that is never"
    " stored",
    "pairs-and-cells-without-bias",
)
ZETA = ("ζ_p", "exponent of increments: the mean of |increment|^{p} over a distance r is of size r^{ζ_p}", "6-what-is-measured")
#: quantity of a result -> its symbol, for pages of multifractals
MULTIFRACTAL = {
    "zeta": ("ζ_q", "exponent of increments: the mean of |increment|^{q} over a distance r is of size r^{ζ_q}", FITS),
    "tau": ("τ(q), D_q", "exponent of the sum of (mass of a box)^{q} over boxes of side s; D_q = τ/(q − 1)", FITS),
    "h_q": ("h(q)", "generalised Hurst exponent of fluctuations about a trend; τ = q h(q) − 1 in one dimension", FITS),
    "c1": ("c_1, c_2", "typical roughness, and (c_2 < 0) how much it varies: the cumulants of the logarithm of leaders", FITS),
}
RUNNING = ("running exponent", "−d log L/d log x: what a straight line through the last points would say", SCALING)
BAND = ("the band", "0.05 to 0.1 unless the input says otherwise: exponents of published language models", SCALING)
PEDESTAL = ("E", "the pedestal: what is left of the loss at infinite resources", LOSSES)
FALL = ("α", "how fast the reducible loss falls with the first resource x: L = E + A/x^{α}", LOSSES)
LOSS_TABLE = (FALL, PEDESTAL, RUNNING, BAND)
#: of a page that says what to train next: D are tokens there
TRAINED = (
    ("N, D", "parameters of the model, and tokens it is trained on", LOSSES),
    ("C", "compute of the training in floating-point operations (FLOP), 6 N D unless the table has its own", LOSSES),
    ("α, β", "how fast the loss falls with parameters and with tokens: L = E + A/N^{α} + B/D^{β}", LOSSES),
    PEDESTAL,
    ("a", "how fast the best size grows with compute: N ~ C^{a}", LOSSES),
)
#: study of a scaling law without data -> its symbols
STUDIES = {
    "pedestal": (
        ("p", "the pedestal, the part of the first loss that never falls: L = p + (1 − p) N^{−a}", SCALING),
        ("a, α", "the true exponent, and what a straight line shows at N: −d log L/d log N", SCALING),
        ("N_crit", "where what falls is as small as the pedestal: the exponent shown there is a/2", SCALING),
        BAND,
    ),
    "reference_methods": (
        ("N", "unknowns of the grid, or samples: error ~ N^{−α}", SCALING),
        ("α", "a/D for a method of order a on a grid in D dimensions, 1/2 for Monte Carlo in any", SCALING),
    ),
    "noisy_samples": (
        ("N, n", "pieces of the fit, and noisy samples it is made from", SCALING),
        ("bias, variance", "what the mean of all fits misses, and the scatter of one fit about that mean", SCALING),
        ("σ^{2}", "variance of the noise: the irreducible loss, under which no fit gets", SCALING),
    ),
}
POINTS = ("D, d", "numbers that describe a point, and dimension of the set on which the points lie", LEARNING)
LEARNED = ("α", "how fast the test loss falls: with n examples as n^{−α}, with N parameters as N^{−α}", LEARNING)
TARGET = ("h", "roughness of what is learned: the mean square difference over a distance r is of size r^{2h}", LEARNING)


def of_field(report):
    """Of a field: those of losses where there are any, those of a multifractal where it is measured as one."""
    results = report.results
    measured = {r.get("quantity") for r in results}
    if campaign.is_campaign(report):
        return [ALPHA, D, SET, H, Q, ACTIVE, VIRTUAL]
    multifractal = [MULTIFRACTAL[name] for name in MULTIFRACTAL if name in measured]
    many = bool(measured & {"tau", "c1", "h_q"})
    losses = "alpha" in measured
    chosen = [ALPHA] if losses else []
    chosen += [D, SET, H] if losses or not many else [D, H]
    chosen += [Q] if losses else []
    averages = {(r.get("settings") or {}).get("average") for r in results}
    chosen += [ACTIVE] if "active" in averages else []
    chosen += [VIRTUAL] if any(r.get("method") == "sampled" for r in results) else []
    return chosen + (multifractal if many else [ZETA] if "zeta" in measured and not losses else [])


def of_points(report):
    """Of points: what is learned from them where something is."""
    measured = {r.get("quantity") for r in report.results}
    return [*([LEARNED] if "alpha" in measured else []), POINTS, *([TARGET] if measured & {"alpha", "hurst"} else [])]


def of_law(report):
    """Of a scaling law: its study's."""
    config = (report["run"] or {}).get("config")
    study = config.get("study") if isinstance(config, dict) else None
    stages = {r.get("stage") for r in report.results}
    if "compute_optimal" in stages:
        there = {r.get("quantity") for r in report.results}
        return TRAINED if "beta" in there or "N ~ C^a" in there else (FALL, PEDESTAL, RUNNING)
    return LOSS_TABLE if "loss_table" in stages else STUDIES.get(study, ())


def symbols(report, link):
    """[(symbol, line, link or None)] of the page."""
    chosen = {"scaling_law": of_law, "learning": of_points}.get(report["task"], of_field)(report)
    return [(symbol, line, f"{link}#{section}" if link else None) for symbol, line, section in chosen]
