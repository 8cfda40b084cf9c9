"""Words of the sample history, in the languages of those who write them."""

from typing import Final

FIRST_WORDS: Final = (
    "Amber", "Arctic", "Bitter", "Blooming", "Burning", "Cobalt", "Crooked", "Crystal", "Dusty", "Endless", "Fading", "Fallen",
    "Gentle", "Glass", "Gravity", "Hollow", "Iron", "Ivory", "Last", "Liquid", "Lost", "Lunar", "Marble", "Neon", "Paper",
    "Polar", "Quiet", "Radiant", "Restless", "Scarlet", "Second", "Shifting", "Solar", "Stellar", "Thirteenth", "Velvet",
    "Violet", "Wandering", "Winter", "Wired",
)  # fmt: skip
SECOND_WORDS: Final = (
    "Arcade", "Avenue", "Ballroom", "Beacon", "Bloom", "Breeze", "Canopy", "Carnival", "Clockwork", "Comet", "Current", "Dawn",
    "Delta", "Drift", "Engine", "Fable", "Factory", "Fountain", "Frequency", "Gallery", "Halo", "Harvest", "Island", "Lantern",
    "Labyrinth", "Lighthouse", "Mirage", "Monsoon", "Nebula", "Observatory", "Orbit", "Overture", "Parade", "Prism", "Pulse",
    "Quarry", "Reactor", "Requiem", "Ritual", "Skyway", "Temple", "Theory", "Tide", "Voyage", "Waltz",
)  # fmt: skip
RUSSIAN_NAMES: Final = (
    "Полярная Ночь", "Тихий Океан", "Северный Ветер", "Стеклянный Город", "Забытый Завод", "Лунный Свет", "Первый Снег",
    "Часовой Механизм", "Осенний Вальс", "Дальний Маяк", "Красная Линия", "Пыльный Чердак", "Огненный Цветок",
    "Последний Трамвай", "Хрустальный Мост", "Облачный Край", "Старый Парк", "Звёздный Путь", "Белый Шум", "Горный Ручей",
)  # fmt: skip
CREATORS: Final = (
    "Aquilo", "Brisko", "Cinderly", "Dashenka", "EchoVII", "Fenwick", "Glitchpaw", "Hexaline", "Inkblot", "Juniper", "Kestrelo",
    "Lumiq", "Marzipan", "NoxTen", "Orbitron", "Pixelmoth", "Quillon", "Rookery", "Saltwave", "Tessera", "Umbrio", "Vexelle",
    "Wispy", "Xanthe", "Yarrow", "Zephyrite", "BlockSmith", "СеверГД", "Кварц", "Tamarind", "Octavo", "Larkspur", "Nimbus9",
    "Corvid", "Hazelnut", "Driftwood", "Vantage", "Snowcap", "Bluejay", "Thistle",
)  # fmt: skip
DESCRIPTIONS: Final = (
    "", "", "Have fun!", "Took me two months.", "Thanks to everyone who playtested.", "Song by a friend of mine.", "GG",
    "My first level in 2.2.", "Verified on mobile.", "A short one between two projects.", "Gameplay first, this time.",
)  # fmt: skip

Sayings = dict[str, tuple[str, ...]]
"""Something that is said, by language."""

COMMENTS: Final[Sayings] = {
    "en": (
        "Thanks for taking a look!", "Second try, I changed the drop.", "Be honest, please.",
        "The coin routes are fair, promise.",
        "My best one so far.", "I would love to hear about the decoration.", "The start may look familiar: it is a tribute.",
        "Please mind the sync in the second half.", "Made for a contest, finished a week too late.",
    ),
    "ru": (
        "Спасибо за внимание!", "Вторая попытка: дроп переделан.", "Жду честных рецензий.", "Монеты проходимы, честно.",
        "Пока что мой лучший уровень.", "Очень интересно мнение о декоре.", "Делал три месяца.",
    ),
}  # fmt: skip
PRAISE: Final[Sayings] = {
    "en": (
        "The decoration is consistent from the first block to the last", "The sync with the song is excellent",
        "The colours change with every part and never hurt the eyes", "The ship part is a joy to fly",
        "The gameplay flows well and nothing comes as a surprise", "The glow is used sparingly, which suits the theme",
        "The transitions between the parts are the best thing about it", "The background has real depth",
        "The wave is tight but fair", "The robot part makes good use of short and long jumps", "The ending is worth the way",
    ),
    "ru": (
        "Декор выдержан от начала до конца", "Синхронизация с музыкой отличная", "Цвета меняются и не режут глаз",
        "Корабль летит сам, очень приятно", "Геймплей плавный, ничего неожиданного", "Переходы между частями сделаны лучше всего",
        "У фона настоящая глубина", "Волна узкая, но честная", "Концовка удалась",
    ),
}  # fmt: skip
BLAME: Final[Sayings] = {
    "en": (
        "The second drop has a lot of empty space", "The dual is hard to read on small screens",
        "The blocks blend into the background", "The difficulty jumps at the ship and falls again after it",
        "Some objects pulse against the beat", "The spikes at the cube part are hidden behind decoration",
        "The UFO part feels unfinished next to the rest", "The same structure is repeated three times",
        "The camera moves more than the song does", "The last third was clearly made in a hurry", "The coins are guesswork",
    ),
    "ru": (
        "После второго дропа много пустых мест", "Дуал плохо читается на маленьких экранах", "Блоки сливаются с фоном",
        "Сложность скачет на корабле", "Часть объектов пульсирует мимо ритма", "Шипы спрятаны за декором",
        "Часть с НЛО выглядит недоделанной", "Одна и та же структура повторяется трижды", "Монеты приходится угадывать",
    ),
}  # fmt: skip
FOR_IT: Final[Sayings] = {
    "en": (
        "Small things, all in all: this deserves a rating.", "I would send it.",
        "With that it is well above what we usually see.",
        "Good work, keep going!", "Nothing that should stand in the way.",
    ),
    "ru": ("Мелочи: уровень достоин оценки.", "Я бы отправил.", "Отличная работа, продолжай!", "Ничего, что помешало бы оценке."),
}  # fmt: skip
AGAINST_IT: Final[Sayings] = {
    "en": (
        "Fix that, and I would gladly see it again.", "Not yet, but the idea is good.",
        "A round of playtesting would help a lot.",
        "It needs one more pass before a moderator looks at it.", "Do not give up on it, the first half shows what you can do.",
    ),
    "ru": (
        "Исправь это, и я с радостью посмотрю ещё раз.", "Пока нет, но идея хорошая.", "Очень поможет тестирование другими.",
        "Нужна ещё одна проходка перед отправкой.",
    ),
}  # fmt: skip
ADVICE: Final[Sayings] = {
    "en": (
        "Good eye for decoration. Say something about the gameplay next time, too.", "Exactly what an author can work with.",
        "Be more precise: at which percent, and what would you do instead?", "Friendlier, please; the point itself is right.",
        "Well argued. I came to the other verdict, but your reasons hold.", "Too short to help the author.",
        "You found the part that everybody else had missed.",
    ),
    "ru": (
        "Хороший взгляд на декор, в следующий раз скажи и о геймплее.", "Именно то, с чем автор может работать.",
        "Точнее: на каком проценте и что бы ты сделал вместо этого?", "Слишком коротко, чтобы помочь автору.",
    ),
}  # fmt: skip
MISDEEDS: Final = (
    "Asked for a rating in every channel", "Requested levels of others as their own", "A second account to get around the wait",
    "Insulted a reviewer after a rejection",
)  # fmt: skip
FLAWS: Final = ("A stolen level", "The same level again, uploaded under another name", "Crashes the game on phones")
SECOND_THOUGHTS: Final = ("Apologised; agreed with the team", "It was a misunderstanding")
