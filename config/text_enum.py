"""Write `util/texts.py`, the enum of all text keys, from the English text files: `python -m config.text_enum`."""

import json
from pathlib import Path

from config.paths import DATA, ROOT

TARGET = ROOT / "util" / "texts.py"
HEADER = '''"""The keys of all texts. Made by `python -m config.text_enum` from `data/texts/en`; do not edit by hand."""

from enum import StrEnum


class Text(StrEnum):
    """A text of the catalogue; the value is its key in `data/texts/<language>/<area>.json`."""

'''


def keys() -> list[str]:
    """Return every text key of the English files and long texts, sorted."""
    found: list[str] = []
    for path in (DATA / "texts" / "en").glob("*.json"):
        found.extend(json.loads(path.read_text("utf-8")))
    found.extend(path.stem for path in (DATA / "long_texts" / "en").glob("*.md"))
    return sorted(found)


def source() -> str:
    """Return the text of the enum's module."""
    lines = [f'    {key.replace(".", "_").upper()} = "{key}"' for key in keys()]
    return HEADER + "\n".join(lines) + "\n"


def write(target: Path = TARGET) -> None:
    """Write the enum's module if it would change."""
    text = source()
    if not target.exists() or target.read_text("utf-8") != text:
        target.write_text(text, "utf-8")


if __name__ == "__main__":
    write()
