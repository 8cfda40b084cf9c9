"""Which text is one unicode emoji, by the code points Unicode's emoji data lists.

Above the basic plane whole blocks count, because new emoji appear there every year.
"""

from __future__ import annotations

_RANGES = (
    "a9 ae 203c 2049 2122 2139 2194-2199 21a9-21aa 231a-231b 2328 23cf 23e9-23f3 23f8-23fa 24c2 25aa-25ab 25b6 25c0 25fb-25fe "
    "2600-2604 260e 2611 2614-2615 2618 261d 2620 2622-2623 2626 262a 262e-262f 2638-263a 2640 2642 2648-2653 265f-2660 2663 "
    "2665-2666 2668 267b 267e-267f 2692-2697 2699 269b-269c 26a0-26a1 26a7 26aa-26ab 26b0-26b1 26bd-26be 26c4-26c5 26c8 "
    "26ce-26cf 26d1 26d3-26d4 26e9-26ea 26f0-26f5 26f7-26fa 26fd 2702 2705 2708-270d 270f 2712 2714 2716 271d 2721 2728 "
    "2733-2734 2744 2747 274c 274e 2753-2755 2757 2763-2764 2795-2797 27a1 27b0 27bf 2934-2935 2b05-2b07 2b1b-2b1c 2b50 2b55 "
    "3030 303d 3297 3299"
)
_VARIATION, _JOINER, _KEYCAP = 0xFE0F, 0x200D, 0x20E3


def _expand(ranges: str) -> frozenset[int]:
    found: set[int] = set()
    for part in ranges.split():
        first, _, last = part.partition("-")
        found.update(range(int(first, 16), int(last or first, 16) + 1))
    return frozenset(found)


_BASIC = _expand(_RANGES)


def _base(point: int) -> bool:
    return point in _BASIC or 0x1F000 <= point <= 0x1FAFF


def looks_like_emoji(text: str) -> bool:
    """Tell whether a text is one emoji: keycap, flag, or pictographs held together by joiners."""
    points = [ord(character) for character in text if ord(character) != _VARIATION]
    if not points or len(points) > 12:
        return False
    if points[-1] == _KEYCAP:
        return len(points) == 2 and chr(points[0]) in "0123456789#*"
    if all(0x1F1E6 <= point <= 0x1F1FF for point in points):
        return len(points) == 2
    for index, point in enumerate(points):
        joined = index == 0 or points[index - 1] == _JOINER
        tone_or_tag = 0x1F3FB <= point <= 0x1F3FF or 0xE0020 <= point <= 0xE007F
        if not (_base(point) if joined else point == _JOINER or tone_or_tag):
            return False
    return points[-1] != _JOINER
