"""A level of Geometry Dash as the rest of the bot knows it."""

from dataclasses import dataclass
from enum import StrEnum


class Difficulty(StrEnum):
    """The face shown next to a level, from none to the hardest demon."""

    NA = "na"
    AUTO = "auto"
    EASY = "easy"
    NORMAL = "normal"
    HARD = "hard"
    HARDER = "harder"
    INSANE = "insane"
    EASY_DEMON = "easy_demon"
    MEDIUM_DEMON = "medium_demon"
    HARD_DEMON = "hard_demon"
    INSANE_DEMON = "insane_demon"
    EXTREME_DEMON = "extreme_demon"

    @property
    def is_demon(self) -> bool:
        """Whether it is one of the five demons."""
        return self.value.endswith("_demon")


class Length(StrEnum):
    """How long a level takes; platformers have no length."""

    TINY = "tiny"
    SHORT = "short"
    MEDIUM = "medium"
    LONG = "long"
    XL = "xl"
    PLATFORMER = "platformer"


class Grade(StrEnum):
    """What the game's moderators made of a level, from nothing to the highest."""

    UNRATED = "unrated"
    STAR = "star"
    FEATURE = "feature"
    EPIC = "epic"
    LEGENDARY = "legendary"
    MYTHIC = "mythic"


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """A level as the server describes it in a search.

    `name`, `description` and `creator_name` are what people typed: escape them before showing. The creator is None when the
    server did not name one (or has no account for one); `game_version` when the number stands for no known version;
    `song_id` for a built-in track; `copied_id` for an original.
    """

    id: int
    name: str
    description: str
    creator_player_id: int | None
    creator_name: str | None
    creator_account_id: int | None
    difficulty: Difficulty
    length: Length
    grade: Grade
    stars: int
    stars_requested: int
    downloads: int
    likes: int
    coins: int
    game_version: str | None
    song_id: int | None
    copied_id: int | None

    @property
    def is_rated(self) -> bool:
        """Whether it gives stars (moons, for a platformer)."""
        return self.stars > 0

    @property
    def is_platformer(self) -> bool:
        """Whether it is a platformer level."""
        return self.length is Length.PLATFORMER

    @property
    def is_demon(self) -> bool:
        """Whether its difficulty is a demon."""
        return self.difficulty.is_demon
