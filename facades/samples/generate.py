"""Make a history: everybody does what they do, and what they leave behind are rows."""

from facades.samples.banning import Banning
from facades.samples.deciding import Deciding
from facades.samples.description import Description
from facades.samples.learning import Learning
from facades.samples.ledger import Row
from facades.samples.requesting import Requesting
from facades.samples.reviewing import Reviewing
from facades.samples.scene import Scene


def generate(description: Description) -> dict[str, list[Row]]:
    """Return the rows of a history by table, numbered from 1, oldest first; the same ones for the same description."""
    scene = Scene(description)
    reviewing = Reviewing(scene)
    requesting = Requesting(scene, reviewing)
    for part in (
        requesting,
        Deciding(scene, reviewing, requesting.note_rejection),
        Learning(scene, reviewing),
        Banning(scene),
    ):
        part.plan()
    scene.run()
    return scene.ledger.rows(scene.end)
