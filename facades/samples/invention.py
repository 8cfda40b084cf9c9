"""Levels that nobody built and texts that nobody wrote."""

from datetime import datetime
from random import Random
from typing import Final

from facades.samples import vocabulary as words
from services.geometry_dash import Difficulty, Grade, Length, Level

_LONGEST_NAME: Final = 20
_FIRST_LEVEL: Final = 96_000_000
_LEVELS_A_DAY: Final = 31_000
SHOWCASE: Final = "https://www.youtube.com/watch?v=dQw4w9WgXcQ"
_DIFFICULTIES: Final = (
    (Difficulty.EASY, 2, 4), (Difficulty.NORMAL, 3, 8), (Difficulty.HARD, 4, 12), (Difficulty.HARD, 5, 12),
    (Difficulty.HARDER, 6, 14), (Difficulty.HARDER, 7, 12), (Difficulty.INSANE, 8, 10), (Difficulty.INSANE, 9, 8),
    (Difficulty.EASY_DEMON, 10, 8), (Difficulty.MEDIUM_DEMON, 10, 5), (Difficulty.HARD_DEMON, 10, 4),
    (Difficulty.INSANE_DEMON, 10, 2), (Difficulty.EXTREME_DEMON, 10, 1),
)  # fmt: skip
_LENGTHS: Final = ((Length.SHORT, 2), (Length.MEDIUM, 7), (Length.LONG, 14), (Length.XL, 5), (Length.PLATFORMER, 3))


class Inventor:
    """Makes things up; with the same luck, the same things."""

    def __init__(self, random: Random, began: datetime) -> None:
        self._random = random
        self._began = began
        self._used: set[int] = set()
        self._handles: dict[int, str] = {}

    def level(self, moment: datetime, author_id: int | None, language: str) -> Level:
        """Return a new level as it was when somebody requested it; newer ones have higher ids."""
        random = self._random
        level_id = _FIRST_LEVEL + int((moment - self._began).total_seconds() / 86_400 * _LEVELS_A_DAY) - random.randrange(400_000)
        while level_id in self._used:
            level_id += 1
        self._used.add(level_id)
        difficulty, stars, _ = random.choices(_DIFFICULTIES, [weight for *_, weight in _DIFFICULTIES])[0]
        account = random.randrange(4_000_000, 29_000_000)
        return Level(
            id=level_id,
            name=self._name(language),
            description=random.choice(words.DESCRIPTIONS),
            creator_player_id=account + 170_000_000,
            creator_name=self.creator(author_id),
            creator_account_id=account,
            difficulty=difficulty,
            length=random.choices([length for length, _ in _LENGTHS], [weight for _, weight in _LENGTHS])[0],
            grade=Grade.UNRATED,
            stars=0,
            stars_requested=stars,
            downloads=random.randrange(20, 4_000),
            likes=random.randrange(2, 300),
            coins=random.choice((0, 0, 1, 2, 3, 3)),
            game_version="2.2",
            song_id=random.randrange(500_000, 1_300_000),
            copied_id=None,
        )

    def creator(self, author_id: int | None) -> str:
        """Return the name in the game of somebody in the guild, or of somebody else."""
        if author_id is None:
            return self._random.choice(words.CREATORS)
        return self._handles.setdefault(author_id, self._random.choice(words.CREATORS))

    def _name(self, language: str) -> str:
        if language == "ru" and self._random.random() < 0.5:
            return self._random.choice(words.RUSSIAN_NAMES)
        while True:
            name = f"{self._random.choice(words.FIRST_WORDS)} {self._random.choice(words.SECOND_WORDS)}"
            if len(name) <= _LONGEST_NAME:
                return name

    def comment(self, language: str) -> str | None:
        """Return what an author says with a request, if anything."""
        return self._said(words.COMMENTS, language) if self._random.random() < 0.4 else None

    def showcase(self, level: Level) -> str | None:
        """Return a video where one is required, and at times where none is."""
        needed = level.is_platformer or level.is_demon or level.stars_requested >= 10
        return SHOWCASE if needed or self._random.random() < 0.15 else None

    def review(self, language: str, *, approves: bool) -> str:
        """Return a review."""
        praise = self._some(words.PRAISE, language, 2 if approves else 1)
        blame = self._some(words.BLAME, language, 1 if approves else 2)
        verdict = self._said(words.FOR_IT if approves else words.AGAINST_IT, language)
        said = [*praise, *blame] if approves or self._random.random() < 0.6 else [*blame, *praise]
        text = ". ".join(f"{one} ({self._random.randrange(4, 97)}%)" if self._random.random() < 0.3 else one for one in said)
        return f"{text}. {verdict}"

    def reason(self, language: str) -> str:
        """Return why somebody rejects a level."""
        return f"{self._said(words.BLAME, language)}."

    def remark(self, language: str) -> str:
        """Return what somebody says with an approval."""
        return f"{self._said(words.PRAISE, language)}."

    def advice(self, language: str) -> str:
        """Return what a curator tells a trainee."""
        return self._said(words.ADVICE, language)

    def _said(self, sayings: words.Sayings, language: str) -> str:
        return self._random.choice(sayings.get(language, sayings["en"]))

    def _some(self, sayings: words.Sayings, language: str, number: int) -> list[str]:
        return self._random.sample(sayings.get(language, sayings["en"]), number)
