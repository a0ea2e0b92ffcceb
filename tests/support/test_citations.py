"""What the sources cite in docs/theory.md exists there: equation numbers (n), "Section titles" and section n; and links in docs resolve."""
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ["src", "solvers", "analysis", "tests", "bench"]
COMMENT = re.compile(r"\n\s*//[/!]?<?\s*")


def theory():
    text = (ROOT / "docs/theory.md").read_text()
    numbers = [int(n) for n in re.findall(r"^(?:    .*|\|.*)(?<![\w.])\((\d+)\)(?: \|.*)?$", text, re.MULTILINE)]
    titles = re.findall(r"^#+ (?:\d+\. )?(.*)$", text, re.MULTILINE) + re.findall(r"^\*\*(.*?)\.?\*\*", text, re.MULTILINE)
    sections = {int(n) for n in re.findall(r"^## (\d+)\.", text, re.MULTILINE)}
    return numbers, {t.rstrip(".").lower() for t in titles}, sections


def citations():
    for folder in SOURCES:
        for path in sorted((ROOT / folder).rglob("*.?pp")):
            text = COMMENT.sub(" ", path.read_text())  # a comment as one line
            for match in re.finditer(r"docs/theory\.md(.{0,120})", text):
                yield path.relative_to(ROOT), match.group(1)


def bad_citations(numbers, titles, sections):
    for path, tail in citations():
        for n in re.findall(r"^,? ?(?:eqs?\.? ?)?\((\d+)\)", tail):
            if int(n) not in numbers:
                yield f"{path}: equation ({n}) is not in docs/theory.md"
        for title in re.findall(r'^[,:]?(?: table of)?(?: section)? ?\(?"([^"]+)"', tail):
            if title.rstrip(".").lower() not in titles:
                yield f'{path}: "{title}" is no section of docs/theory.md'
        for n in re.findall(r"^,? section (\d+)", tail):
            if int(n) not in sections:
                yield f"{path}: docs/theory.md has no section {n}"


def bad_links():
    for page in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]:
        text = re.sub(r"`[^`\n]*`", "", page.read_text())
        for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text):
            if not target.startswith(("http", "mailto")) and not (page.parent / target).exists():
                yield f"{page.relative_to(ROOT)}: link to {target}, which is not there"


def main():
    numbers, titles, sections = theory()
    assert numbers == sorted(set(numbers)) and numbers[0] == 1 and len(numbers) == numbers[-1], numbers
    found = [*bad_citations(numbers, titles, sections), *bad_links()]
    print("\n".join(found) or f"{len(list(citations()))} citations resolve")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
