"""How Python cleans up after us."""

import gc


def settle() -> None:
    """Take everything that exists now out of the garbage collector's sight: call it when what stays until the end is there.

    A full run of the collector looks at every object at once, and the event loop stands still meanwhile (0.1 s and more).
    """
    gc.collect()
    gc.freeze()
