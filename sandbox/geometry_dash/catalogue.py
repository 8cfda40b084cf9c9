"""The levels the sandbox starts with: one of every kind, and as many ordinary ones as wanted."""

from typing import Final

from sandbox.geometry_dash.levels import Creator, Difficulty, Epic, Length, Level, Song

FIRST_ORDINARY_ID: Final = 1_000_001
UNKNOWN_ID: Final = 999_999_999
"""An id that stands for no level."""

ANNA: Final = Creator(7001, "AnnaGD", 17001)
BORIS: Final = Creator(7002, "БорисГД", 17002)
CLARA: Final = Creator(7003, "Clara", 17003)
UNLISTED: Final = Creator(7004, "Nobody", 17004, is_listed=False)
UNREGISTERED: Final = Creator(7005, "Player", 0)
HOSTILE_CREATOR: Final = Creator(7006, "**@everyone** `x`", 17006)

SONG: Final = Song(467339, "At the Speed of Light", 52, "Dimrain47", "9.56")

UNRATED_AUTO: Final = Level(
    id=2_001, name="Just Watch", creator=ANNA, difficulty=Difficulty.AUTO, length=Length.TINY, stars_requested=1
)
UNRATED_NA: Final = Level(id=2_002, name="First Try", creator=UNREGISTERED, description="my first level")
UNRATED_EASY: Final = Level(
    id=2_003, name="Green Meadow", creator=ANNA, difficulty=Difficulty.EASY, length=Length.SHORT, stars_requested=2, coins=1
)
UNRATED_NORMAL: Final = Level(
    id=2_004, name="Blue Lagoon", creator=CLARA, difficulty=Difficulty.NORMAL, stars_requested=3, song_id=SONG.id, song=SONG
)
UNRATED_HARD: Final = Level(
    id=2_005, name="Old Foundry", creator=BORIS, difficulty=Difficulty.HARD, length=Length.LONG, stars_requested=5
)
UNRATED_HARDER: Final = Level(
    id=2_006,
    name="Clockwork",
    creator=CLARA,
    difficulty=Difficulty.HARDER,
    length=Length.LONG,
    stars_requested=7,
    copied_id=2_003,
)
UNRATED_INSANE: Final = Level(
    id=2_007, name="Red Alert", creator=BORIS, difficulty=Difficulty.INSANE, length=Length.XL, stars_requested=9, coins=3
)
UNRATED_EASY_DEMON: Final = Level(
    id=2_008, name="Nine Gates", creator=ANNA, difficulty=Difficulty.EASY_DEMON, length=Length.LONG, stars_requested=10
)
UNRATED_MEDIUM_DEMON: Final = Level(
    id=2_009, name="Deep Core", creator=CLARA, difficulty=Difficulty.MEDIUM_DEMON, length=Length.LONG, stars_requested=10
)
UNRATED_HARD_DEMON: Final = Level(
    id=2_010, name="Black Ice", creator=BORIS, difficulty=Difficulty.HARD_DEMON, length=Length.LONG, stars_requested=10
)
UNRATED_INSANE_DEMON: Final = Level(
    id=2_011, name="Vertigo", creator=ANNA, difficulty=Difficulty.INSANE_DEMON, length=Length.XL, stars_requested=10
)
UNRATED_EXTREME_DEMON: Final = Level(
    id=2_012, name="Last Breath", creator=CLARA, difficulty=Difficulty.EXTREME_DEMON, length=Length.XL, stars_requested=10
)
UNRATED_PLATFORMER: Final = Level(
    id=2_013, name="Tower Climb", creator=ANNA, difficulty=Difficulty.HARD, length=Length.PLATFORMER, stars_requested=5
)

RATED_STAR: Final = Level(
    id=3_001, name="Sunrise", creator=ANNA, difficulty=Difficulty.EASY, stars=2, downloads=120_000, likes=9_000
)
RATED_FEATURE: Final = Level(
    id=3_002, name="Skyline", creator=BORIS, difficulty=Difficulty.HARD, stars=4, feature_score=1_200, downloads=900_000
)
RATED_EPIC: Final = Level(
    id=3_003, name="Aurora", creator=CLARA, difficulty=Difficulty.HARDER, stars=6, feature_score=1_300, epic=Epic.EPIC
)
RATED_LEGENDARY: Final = Level(
    id=3_004, name="Monolith", creator=BORIS, difficulty=Difficulty.INSANE, stars=8, feature_score=1_400, epic=Epic.LEGENDARY
)
RATED_MYTHIC: Final = Level(
    id=3_005,
    name="Singularity",
    creator=ANNA,
    difficulty=Difficulty.EXTREME_DEMON,
    length=Length.XL,
    stars=10,
    feature_score=1_500,
    epic=Epic.MYTHIC,
    coins=3,
    has_verified_coins=True,
    downloads=44_000_000,
    likes=2_300_000,
)
RATED_PLATFORMER: Final = Level(
    id=3_006,
    name="Long Stair",
    creator=CLARA,
    difficulty=Difficulty.INSANE,
    length=Length.PLATFORMER,
    stars=8,
    feature_score=1_600,
)

VERSION_1_0: Final = Level(
    id=4_001, name="Ancient", creator=CLARA, difficulty=Difficulty.NORMAL, length=Length.SHORT, game_version=1, official_song=2
)
VERSION_1_7: Final = Level(id=4_002, name="Mirror Days", creator=CLARA, difficulty=Difficulty.HARD, game_version=10)
VERSION_1_9: Final = Level(id=4_003, name="Newgrounds Era", creator=ANNA, difficulty=Difficulty.HARD, game_version=19)
VERSION_2_1: Final = Level(id=4_004, name="The Long Wait", creator=BORIS, difficulty=Difficulty.HARDER, game_version=21)

LONG_NAME: Final = Level(
    id=5_001, name="A Long Level Name That Only Private Servers Allow " * 4, creator=ANNA, difficulty=Difficulty.EASY
)
CYRILLIC: Final = Level(
    id=5_002, name="Ночной Экспресс", creator=BORIS, description="Уровень о поезде. Приятной игры!", difficulty=Difficulty.NORMAL
)
HOSTILE: Final = Level(
    id=5_003,
    name="**bold** @everyone <@1> [x](//a.example)",
    creator=HOSTILE_CREATOR,
    description=(
        "# Heading\n```py\nprint('fence')\n```\n> quote\n- list\n||spoiler|| <@&123> <@123456789012345678> </ban:1> <t:0:R> "
        "<:emoji:123456789012345678> @here discord.gg/abcdef {name} {0.__class__} \u202eDLROW\u202c zero\u200bwidth"
    ),
    difficulty=Difficulty.EASY,
)
ZERO_WIDTH_NAME: Final = Level(id=5_004, name="\u200b\u200d\u2060", creator=ANNA, difficulty=Difficulty.EASY)
NEGATIVE_LIKES: Final = Level(id=5_005, name="Disliked", creator=CLARA, difficulty=Difficulty.INSANE, likes=-4_321)
UNKNOWN_CREATOR: Final = Level(id=5_006, name="Orphan", creator=UNLISTED, difficulty=Difficulty.HARD, stars_requested=4)
EMPTY_NAME: Final = Level(id=5_007, name="", creator=UNLISTED, difficulty=Difficulty.NA)

ALL: Final[tuple[Level, ...]] = (
    UNRATED_AUTO,
    UNRATED_NA,
    UNRATED_EASY,
    UNRATED_NORMAL,
    UNRATED_HARD,
    UNRATED_HARDER,
    UNRATED_INSANE,
    UNRATED_EASY_DEMON,
    UNRATED_MEDIUM_DEMON,
    UNRATED_HARD_DEMON,
    UNRATED_INSANE_DEMON,
    UNRATED_EXTREME_DEMON,
    UNRATED_PLATFORMER,
    RATED_STAR,
    RATED_FEATURE,
    RATED_EPIC,
    RATED_LEGENDARY,
    RATED_MYTHIC,
    RATED_PLATFORMER,
    VERSION_1_0,
    VERSION_1_7,
    VERSION_1_9,
    VERSION_2_1,
    LONG_NAME,
    CYRILLIC,
    HOSTILE,
    ZERO_WIDTH_NAME,
    NEGATIVE_LIKES,
    UNKNOWN_CREATOR,
    EMPTY_NAME,
)

_FIRST_WORDS: Final = ("Silent", "Golden", "Broken", "Distant", "Electric", "Frozen", "Hidden")
_SECOND_WORDS: Final = ("Harbor", "Signal", "Garden", "Machine", "Horizon", "Cathedral", "Echo", "Circuit")
_ORDINARY_DIFFICULTIES: Final = (
    (Difficulty.EASY, 2),
    (Difficulty.NORMAL, 3),
    (Difficulty.HARD, 4),
    (Difficulty.HARDER, 6),
    (Difficulty.INSANE, 8),
)
_ORDINARY_LENGTHS: Final = (Length.SHORT, Length.MEDIUM, Length.LONG, Length.XL)
_ORDINARY_CREATORS: Final = (ANNA, BORIS, CLARA)


def ordinary(count: int) -> list[Level]:
    """Return the first `count` ordinary levels, always the same: not rated, no demons, no platformers, ids from 1,000,001."""
    return [_ordinary_level(number) for number in range(count)]


def _ordinary_level(number: int) -> Level:
    difficulty, stars = _ORDINARY_DIFFICULTIES[number % len(_ORDINARY_DIFFICULTIES)]
    first = _FIRST_WORDS[number % len(_FIRST_WORDS)]
    second = _SECOND_WORDS[number % len(_SECOND_WORDS)]
    return Level(
        id=FIRST_ORDINARY_ID + number,
        name=f"{first} {second} {number + 1}",
        creator=_ORDINARY_CREATORS[number % len(_ORDINARY_CREATORS)],
        description=f"Ordinary level number {number + 1}.",
        difficulty=difficulty,
        length=_ORDINARY_LENGTHS[number % len(_ORDINARY_LENGTHS)],
        stars_requested=stars,
        downloads=50 + number * 7 % 900,
        likes=number * 3 % 80,
        coins=number % 4,
    )
