"""Write a migration from what the models say and the last migration does not: `python -m db.new_migration "What changes"`."""

import re
import sys
import tempfile
from pathlib import Path

from alembic import command

from db.migrate import MIGRATIONS, config, head, upgrade


def write_migration(title: str, folder: Path = MIGRATIONS / "versions") -> Path:
    """Write the next migration into a folder and return it; read it before you trust it."""
    number = f"{int(head()) + 1:04d}"
    with tempfile.TemporaryDirectory() as scratch:
        address = f"sqlite:///{Path(scratch) / 'scratch.db'}"
        upgrade(address)
        command.revision(config(address), title, autogenerate=True, rev_id=number, version_path=str(folder))
    [made] = folder.glob(f"{number}_*.py")
    made.write_text(re.sub(r"^ *# ### .*\n", "", made.read_text("utf-8"), flags=re.MULTILINE), "utf-8")
    return made


if __name__ == "__main__":
    write_migration(" ".join(sys.argv[1:]))
