"""What the bot's answers mean to those who act, in both languages."""

from dataclasses import dataclass
from enum import Enum, auto

from tests.e2e import steps
from tests.faults.plan import Act, Kind
from util.phrases import Value
from util.texts import Text


class Meaning(Enum):
    """What an answer says about an act."""

    TAKEN = auto()
    ALREADY = auto()
    REFUSED = auto()
    AGAIN = auto()
    UNCLEAR = auto()


@dataclass(frozen=True)
class Words:
    """The texts by meaning. `direct`: the very first step does it, without a form or question."""

    taken: tuple[Text, ...]
    already: tuple[Text, ...] = ()
    refused: tuple[Text, ...] = ()
    again: tuple[Text, ...] = ()
    direct: bool = False


_REQUEST_REFUSALS = (
    Text.REQUEST_REFUSED_PENDING,
    Text.REQUEST_REFUSED_QUEUE_CLOSED,
    Text.REQUEST_REFUSED_QUEUE_CLOSED_AUTOMATICALLY,
    Text.REQUEST_REFUSED_QUEUE_CLOSED_BY,
    Text.REQUEST_REFUSED_APPROVED,
    Text.REQUEST_REFUSED_LEVEL_COOLDOWN,
)
_OPINIONS = (
    Text.OPINION_ADDED_APPROVED,
    Text.OPINION_ADDED_APPROVED_REVIEW,
    Text.OPINION_ADDED_REJECTED,
    Text.OPINION_ADDED_REJECTED_REVIEW,
)
WORDS = {
    Kind.REQUEST: Words(
        (Text.REQUEST_CREATED,),
        (Text.REQUEST_REFUSED_USER_COOLDOWN,),
        _REQUEST_REFUSALS,
        (Text.REQUEST_WAITING, Text.REQUEST_STILL_WAITING, Text.REQUEST_REFUSED_SERVER),
    ),
    Kind.OPINION: Words(
        _OPINIONS, (Text.OPINION_REFUSED_REPEATED,), (Text.OPINION_REFUSED_RESOLVED, Text.REQUEST_NOT_FOUND), direct=True
    ),
    Kind.PRACTICE: Words(
        (Text.OPINION_ADDED_TRAINEE,),
        (Text.OPINION_REFUSED_REPEATED,),
        (Text.REQUEST_NOT_FOUND, Text.OPINION_REFUSED_TRAINEE),
    ),
    Kind.ASSESS: Words(
        (Text.ASSESSMENT_ADDED_APPROVED, Text.ASSESSMENT_ADDED_REJECTED),
        (Text.ASSESSMENT_REFUSED_REPEATED,),
        (Text.ASSESSMENT_REFUSED_UNKNOWN,),
    ),
    Kind.RESOLVE: Words(
        (Text.RESOLUTION_ADDED_FIRST, Text.RESOLUTION_ADDED_LATER),
        (Text.RESOLUTION_REFUSED_REPEATED,),
        (Text.REQUEST_NOT_FOUND,),
    ),
    Kind.DELETE: Words((Text.REQUEST_DELETED,), (Text.REQUEST_NOT_FOUND,)),
    Kind.SET: Words((Text.PARAMETER_SET,), (Text.PARAMETER_UNCHANGED,), direct=True),
    Kind.LANGUAGE: Words((Text.LANGUAGE_SET,), direct=True),
    Kind.CLOSE: Words((Text.QUEUE_CLOSED,), (), (Text.QUEUE_ALREADY_CLOSED,), direct=True),
    Kind.OPEN: Words((Text.QUEUE_OPENED,), (), (Text.QUEUE_ALREADY_OPEN,), direct=True),
    Kind.LOOK: Words((Text.QUEUE_INFO,)),
    Kind.ROUTE: Words(
        (Text.ROUTE_SET,), (Text.ROUTE_UNCHANGED,), again=(Text.ROUTE_LACKS, Text.ROUTE_CHANNEL_UNKNOWN), direct=True
    ),
}
_NEVER_DONE = (Text.STATUS_RESTARTING,)


def meaning(act: Act, said: str) -> tuple[Meaning, bool | None]:
    """Return what an answer says about an act and, of a decision that was taken, whether it was the first."""
    words = WORDS[act.kind]
    for texts, found in (
        (words.taken, Meaning.TAKEN),
        (words.already, Meaning.ALREADY),
        ((*words.refused, Text.ERROR_FORBIDDEN), Meaning.REFUSED),
        ((*words.again, *_NEVER_DONE), Meaning.AGAIN),
    ):
        if _says(said, *texts):
            first = _says(said, Text.RESOLUTION_ADDED_FIRST) if act.kind is Kind.RESOLVE and found is Meaning.TAKEN else None
            return found, first
    return Meaning.UNCLEAR, None


def _says(said: str, *texts: Text) -> bool:
    return any(steps.says(said, text, language, **known) for text in texts for language in ("en", "ru") for known in _known(text))


def _known(text: Text) -> list[dict[str, Value]]:
    """Return the numbers on which a text's form may depend."""
    return [{"pending": count} for count in range(7)] if text in {Text.QUEUE_CLOSED, Text.QUEUE_OPENED} else [{}]
