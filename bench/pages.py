#!/usr/bin/env python3
"""Every kind of page in headless Chromium, to be looked at, and what can be checked without eyes.

    ./dev bench --pages [KIND...]

    pages.py PROGRAM FOLDER [KIND...]

Runs the shrunken inputs (a result that is in FOLDER already is kept), makes their pages with everything unfolded, and
writes FOLDER/KIND-1280.png, -400.png, -dark.png and KIND.pdf (A4). Checks at 1280 and 400 px, light and dark: nothing
reaches over the edge of the window, text has a contrast of 4.5 to its ground (3 for large letters; WCAG 2.1, 1.4.3),
headings skip no level, pictures have words.
Exit code 1 when a check fails.
"""
import html
import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
#: kind -> (input, further options); every input is a kind of its own
SPECIAL = {
    "lie": ("beta_d2.8", ["--set", "theory.dimension=2.5"]),
    "declared_nothing": ("gaussian_2d", ["--set", "approximation.loss_powers=[3]"]),
    "no_fit": ("gaussian_1d", ["--set", "field.points=64"]),
}
LOOKS = {
    "1280": (1280, 9000, []),
    "400": (400, 16000, []),
    "dark": (1280, 3000, ["--blink-settings=preferredColorScheme=0"]),
}
PROBE = """<script>
document.querySelectorAll('details').forEach(d => d.open = true);
const seen = e => e.getClientRects().length && getComputedStyle(e).visibility !== 'hidden';
const name = e => e.tagName.toLowerCase() + (e.className ? '.' + String(e.className).split(' ')[0] : '') +
  ' ' + e.textContent.trim().slice(0, 40);
const wide = [], pale = [], width = document.documentElement.clientWidth;
const parse = c => (c.match(/[\\d.]+/g) || []).map(Number);
const light = c => {
  const v = c.slice(0, 3).map(x => x / 255).map(x => x <= .03928 ? x / 12.92 : ((x + .055) / 1.055) ** 2.4);
  return .2126 * v[0] + .7152 * v[1] + .0722 * v[2]; };
const ground = e => {
  for (; e; e = e.parentElement) {
    const c = parse(getComputedStyle(e).backgroundColor);
    if (c.length === 3 || c[3] > .5) return c;
  }
  return parse(getComputedStyle(document.body).backgroundColor); };
for (const e of document.body.querySelectorAll('*')) {
  if (!seen(e) || e.tagName === 'SCRIPT') continue;
  const box = e.getBoundingClientRect();
  if (box.right > width + 1 || box.left < -1) wide.push(name(e));
  if (![...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim())) continue;
  const style = getComputedStyle(e), a = light(parse(style.color)), b = light(ground(e));
  const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05), size = parseFloat(style.fontSize);
  const enough = size >= 24 || size >= 18.66 && style.fontWeight >= 700 ? 3 : 4.5;
  if (ratio < enough) pale.push(ratio.toFixed(1) + ' ' + name(e));
}
const levels = [...document.querySelectorAll('h1,h2,h3,h4')].map(h => +h.tagName[1]);
const skipped = levels.filter((l, i) => i && l > levels[i - 1] + 1).length;
const mute = [...document.images].filter(i => !i.alt || i.alt.length < 20).length;
const out = document.createElement('pre'); out.id = 'probe';
const height = document.documentElement.scrollHeight;
out.textContent = JSON.stringify({wide: [...new Set(wide)], pale: [...new Set(pale)], skipped, mute, height});
document.body.append(out);
</script>"""


def kinds():
    return {**{path.stem: (path.stem, []) for path in sorted((ROOT / "inputs").glob("*.yaml"))}, **SPECIAL}


def chromium():
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not found:
        sys.exit("pages.py: no chromium; apt-get install chromium")
    return [found, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--virtual-time-budget=10000"]


def result_of(program, folder, source, options):
    if not (folder / "report.json").exists():
        subprocess.run(
            [
                program,
                str(ROOT / "inputs" / f"{source}.yaml"),
                "--check",
                "--quiet",
                "--force",
                "--output",
                str(folder),
                *options,
            ],
            stdin=subprocess.DEVNULL,
            check=False,
        )
    return (folder / "report.json").exists()


def probe(page, width, options):
    dumped = subprocess.run(
        [*chromium(), *options, f"--window-size={width},1500", "--dump-dom", page.as_uri()],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return json.loads(html.unescape(re.search(r'<pre id="probe">(.*?)</pre>', dumped, re.S)[1]))


def look_at(kind, page, folder):
    """Pictures of the page, and what is wrong with it."""
    wrong = []
    unfolded = folder / f"{kind}.unfolded.html"
    text = page.read_text(encoding="utf-8")
    unfolded.write_text(text.replace("</body>", PROBE + "</body>"), encoding="utf-8")
    for look, (width, most, options) in LOOKS.items():
        found = probe(unfolded, width, options)
        wrong += [f"{look}: over the edge: {e}" for e in found["wide"][:3]] + [
            f"{look}: contrast {e}" for e in found["pale"][:3]
        ]
        if found["skipped"] or found["mute"]:
            wrong.append(f"{look}: {found['skipped']} headings skip a level, {found['mute']} pictures without words")
        shown = folder / f"{kind}.shown.html"  # unfolded, without the probe's own text
        shown.write_text(text.replace("<details", "<details open"), encoding="utf-8")
        subprocess.run(
            [
                *chromium(),
                *options,
                f"--window-size={width},{min(int(found['height']) + 40, most)}",
                f"--screenshot={folder / f'{kind}-{look}.png'}",
                shown.as_uri(),
            ],
            check=True,
            capture_output=True,
        )
        shown.unlink()
    subprocess.run(
        [*chromium(), "--no-pdf-header-footer", f"--print-to-pdf={folder / f'{kind}.pdf'}", page.as_uri()],
        check=True,
        capture_output=True,
    )
    unfolded.unlink()
    return wrong


def main():
    program, folder, *wanted = sys.argv[1:]
    folder, known = Path(folder).resolve(), kinds()
    unknown = [kind for kind in wanted if kind not in known]
    if unknown:
        sys.exit(f"pages.py: there is no kind '{unknown[0]}'; there are {', '.join(known)}")
    folder.mkdir(parents=True, exist_ok=True)
    failed = 0
    print(f"{'page':28} {'seconds':>8} {'MB':>6}  what is wrong")
    for kind in wanted or known:
        source, options = known[kind]
        results = folder / "runs" / kind
        if not result_of(os.path.abspath(program), results, source, options):
            print(f"{kind:28} {'':8} {'':6}  no report.json: the run failed")
            failed += 1
            continue
        start, page = time.monotonic(), folder / f"{kind}.html"
        subprocess.run(
            [sys.executable, "-B", str(ROOT / "postprocess" / "report.py"), str(results), "-o", str(page)],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        seconds, wrong = time.monotonic() - start, look_at(kind, page, folder)
        failed += bool(wrong)
        print(f"{kind:28} {seconds:8.1f} {page.stat().st_size / 1e6:6.2f}  {'; '.join(wrong) or '-'}", flush=True)
    print(f"look at them: {folder}")
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
