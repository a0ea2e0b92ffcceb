"""Are the files of a result as they were written? DIR/checksums.sha256 says so: the format of `sha256sum -c`."""
import hashlib
import os
import re

NAME = "checksums.sha256"
LINE = re.compile(r"([0-9a-f]{64}) [ *](.+)\n?")


def digest(path):
    total = hashlib.sha256()
    with open(path, "rb") as file:
        for piece in iter(lambda: file.read(1 << 20), b""):
            total.update(piece)
    return total.hexdigest()


def missing(directory):
    """A word about a result that cannot be compared with anything; empty when it can."""
    path = os.path.join(directory, NAME)
    return "" if os.path.lexists(path) else f"{path}: missing: whether a file was changed cannot be told"


def damage(directory, only=None, required=()):
    """What is wrong, file by file; empty when nothing is. None: there are no checksums, as in older results.
    `only`: names to look at, all when None; `required`: names that must be among them. One of either that has no
    checksum is something wrong."""
    path = os.path.join(directory, NAME)
    if not os.path.lexists(path):
        return None
    try:
        with open(path, encoding="utf-8") as file:
            matches = [LINE.fullmatch(line) for line in file]
    except (OSError, UnicodeDecodeError) as error:
        return [f"{path}: cannot be read: {error}"]
    if not all(matches):
        return [f"{path}: damaged"]
    expected = {match[2]: match[1] for match in matches}
    if any(os.path.isabs(name) or ".." in name.split("/") for name in expected):
        return [f"{path}: names files outside of its folder"]
    wrong = [f"{path}: does not name {name}" for name in [*(only or ()), *required] if name not in expected]
    for name in expected if only is None else [name for name in only if name in expected]:
        place = os.path.join(directory, name)
        try:
            if digest(place) != expected[name]:
                wrong.append(f"{place}: changed after it was written: its checksum in {NAME} differs")
        except OSError as error:
            wrong.append(f"{place}: cannot be read: {error.strerror or error}")
    return wrong
