"""The first screen of the page: the answer, what its symbols mean, and what to do next."""
import os

from . import campaign, words

THEORY = ("docs", "theory.md")
#: model of a multiplicative cascade -> a parameter of it to turn
TURNED = {"p_model": "p=0.8", "binomial": "p=0.8", "lognormal": "mu=0.5", "random_beta": "x=0.25"}


def project():
    return os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))


def theory_link(output):
    """docs/theory.md as seen from the page, where that stands inside of the project; else None."""
    root, page = project(), os.path.abspath(output)
    if not page.startswith(root + os.sep) or not os.path.isfile(os.path.join(root, *THEORY)):
        return None
    return os.path.relpath(os.path.join(root, *THEORY), os.path.dirname(page))


def field_steps(name, source):
    return [
        ("Change d, and see α follow", f"./dev run {source} --set field.dimension=2.5 --set run.name={name}_d2.5"),
        (
            "Lie to it: declare a theory of your own; no measured number moves, the verdicts turn",
            f"./dev run {source} --set theory.dimension=2.5 --set run.name={name}_lie",
        ),
        (
            "Bring your own table of training runs: what to train next (docs/scaling.md)",
            "cascade losses.csv",
        ),
        ("Bring your own field from a file (docs/own-field.md)", "cascade u.h5"),
    ]


def input_name(path):
    """An input as a reader would name it: inside of the project's folder of inputs, or by its own name."""
    folder, name = os.path.split(path)
    return f"inputs/{name}" if os.path.basename(folder) == "inputs" else path if not os.path.isabs(path) else name


def steps(report):
    """[(what, command)]: what a reader may try next, with this run's own names."""
    run = report["run"] or {}
    name, source = run.get("name") or "run", input_name(run.get("input") or "inputs/beta_d2.8.yaml")
    if campaign.is_campaign(report):
        return [
            (
                "Look at one case: each has a page of its own",
                "postprocess/report.py results/"
                + name
                + "/cases/"
                + ((report["cases"] or [{}])[0].get("name") or "NAME"),
            ),
            ("Change what is swept: the list “sweep” of the input (docs/campaigns.md)", f"cascade {source} --dry-run"),
            *field_steps("beta_d2.8", "inputs/beta_d2.8.yaml")[1:3],
        ]
    if report["task"] == "scaling_law":
        study = ((run.get("config") or {}).get("study") or "loss_table") if isinstance(run.get("config"), dict) else "loss_table"
        return [
            ("Ask the same of other numbers: every key of the input can be set", f"cascade --describe {study}"),
            (
                "Bring your own table of training runs: what to train next (docs/scaling.md)",
                "cascade losses.csv",
            ),
            ("See where such exponents come from: a field of known d and h", "./dev run inputs/beta_d2.8.yaml"),
        ]
    if report["task"] == "learning":
        return [
            ("Ask the same of other data and learners: every key of the input can be set", "cascade --describe learning"),
            (
                "Put in your own points (docs/learning.md says what files may be)",
                "./dev run inputs/word_vectors.yaml --set data.path=/path/to/points.npy --set data.target=/path/to/y.npy",
            ),
            ("See every learner beside 2h/d and 4h/d", "./dev run inputs/campaign_learners.yaml"),
        ]
    made = field_steps(name, source)
    config = (run.get("config") or {}).get("field") or {}
    if config.get("generator") == "file":  # nothing can be turned in a field that is given
        return [
            ("Fit other scales: from and to, in lengths of the box", f"cascade {source} --set fit.window=[0.01,0.2]"),
            (
                "Compare it with a field of known d and h, or with a published curve (docs/own-field.md)",
                f"cascade-compare results/{name} published.csv --figure figure.pdf",
            ),
            ("See what the answer looks like where d and h are known", "./dev run inputs/beta_d2.8.yaml"),
        ]
    if config.get("generator") == "multiplicative_cascade" and config.get("model", "beta") != "beta":
        turned = TURNED.get(config["model"])
        made[0] = (
            "Change the cascade, and see the exponents follow" if turned else "Make another field of the same cascade",
            f"./dev run {source} --set {f'field.{turned}' if turned else 'run.seed=2'} --set run.name={name}_2",
        )
        made[1] = (
            "See the losses of five models in one, two and three dimensions",
            "./dev run inputs/campaign_multifractal.yaml",
        )
    elif config.get("generator") != "beta_cascade":  # fields that fill their box: their roughness is what can be changed
        made[0] = ("Change h, and see α follow", f"./dev run {source} --set field.hurst=0.5 --set run.name={name}_h0.5")
        made[1] = (
            "Lie to it: declare a theory of your own; no measured number moves, the verdicts turn",
            f"./dev run {source} --set theory.hurst=0.6 --set run.name={name}_lie",
        )
    if not any(r["quantity"] == "alpha" for r in report.results):
        made = [(what.replace("see α follow", "see the exponents follow"), command) for what, command in made]
    return made


def fits(report):
    """How the fits behind the results stand: [(word, how many)], the worst last."""
    counted = {}
    for r in report.results:
        text = (r.get("fit") or {}).get("status")
        if text:
            counted[text] = counted.get(text, 0) + 1
    order = ("good", "widened", "no range", "pinned", "failed")
    return [(word, counted[word]) for word in order if word in counted]


def answer(report):
    """{question, text, rest}: in the letters of print."""
    question, said, rest = report.answer()
    return {
        "question": words.prose(question),
        "sentences": [words.prose(s) for s in words.sentences(said)],
        "rest": [words.prose(s) for s in words.sentences(rest)],
    }
