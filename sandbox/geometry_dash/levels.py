"""What the sandbox's Geometry Dash server knows of a level, a creator and a song."""

from dataclasses import dataclass
from enum import Enum, IntEnum


class Difficulty(Enum):
    """The values of keys 8, 9, 17, 43 and 25 that stand for one difficulty."""

    NA = (0, 0, False, 0, False)
    AUTO = (10, 10, False, 0, True)
    EASY = (10, 10, False, 3, False)
    NORMAL = (10, 20, False, 4, False)
    HARD = (10, 30, False, 0, False)
    HARDER = (10, 40, False, 5, False)
    INSANE = (10, 50, False, 6, False)
    EASY_DEMON = (10, 20, True, 3, False)
    MEDIUM_DEMON = (10, 20, True, 4, False)
    HARD_DEMON = (10, 50, True, 0, False)
    INSANE_DEMON = (10, 50, True, 5, False)
    EXTREME_DEMON = (10, 50, True, 6, False)

    def __init__(self, denominator: int, numerator: int, is_demon: bool, demon: int, is_auto: bool) -> None:
        self.denominator = denominator
        self.numerator = numerator
        self.is_demon = is_demon
        self.demon = demon
        self.is_auto = is_auto


class Length(IntEnum):
    """The values of key 15."""

    TINY = 0
    SHORT = 1
    MEDIUM = 2
    LONG = 3
    XL = 4
    PLATFORMER = 5


class Epic(IntEnum):
    """The values of key 42."""

    NONE = 0
    EPIC = 1
    LEGENDARY = 2
    MYTHIC = 3


@dataclass(frozen=True, slots=True)
class Creator:
    """Who uploaded a level. An unlisted one is left out of the answer's creators, as the real server does at times."""

    player_id: int
    name: str
    account_id: int
    is_listed: bool = True


@dataclass(frozen=True, slots=True)
class Song:
    """A song of the answer's third part; `size` in megabytes as the server writes it."""

    id: int
    name: str
    artist_id: int
    artist: str
    size: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """A level as it lies on the server. The defaults make an ordinary new one without a rating."""

    id: int
    name: str
    creator: Creator
    description: str = ""
    version: int = 1
    difficulty: Difficulty = Difficulty.NA
    length: Length = Length.MEDIUM
    stars: int = 0
    stars_requested: int = 0
    feature_score: int = 0
    epic: Epic = Epic.NONE
    downloads: int = 100
    likes: int = 10
    game_version: int = 22
    coins: int = 0
    has_verified_coins: bool = False
    copied_id: int = 0
    official_song: int = 0
    song_id: int = 0
    song: Song | None = None
    objects: int = 10_000
    editor_time: int = 1
    editor_time_of_copies: int = 2
