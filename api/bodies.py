"""The bodies that the existing client of streamers sends and expects. Names and forms are its own: do not change them."""

import re
from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from facades.panel.conclude_stream import StreamFigures
from facades.panel.pick_request import PickedRequest
from facades.panel.take_requests import StreamRequest
from util.datatypes import MessageRef
from util.identifiers import Verdict

LARGEST_ID = 2**63 - 1
LONGEST_BATCH = 500
"""What is left over after a long stream comes in one call, and the client does not notice a refusal."""
MOST_IN_FIGURES = 1_000_000
_LANGUAGES = {"rus": "ru", "eng": "en"}
_GRADES = {
    "s": Verdict.STAR_RATE,
    "f": Verdict.FEATURE,
    "e": Verdict.EPIC,
    "m": Verdict.MYTHIC,
    "l": Verdict.LEGENDARY,
}


def _number(value: object) -> object:
    """Take plain digits for the number: a client of texts may send what somebody typed. Raises ValueError for what is neither."""
    if isinstance(value, bool) or (isinstance(value, str) and not _DIGITS.fullmatch(value)):
        raise ValueError("a number is needed")
    return value


_DIGITS = re.compile("0|[1-9][0-9]{0,17}")


def _documented(least: int | None = None, most: int | None = None, digits: str = _DIGITS.pattern) -> WithJsonSchema:
    bounds = {name: bound for name, bound in (("minimum", least), ("maximum", most)) if bound is not None}
    return WithJsonSchema({"anyOf": [{"type": "integer", **bounds}, {"type": "string", "pattern": f"^({digits})$"}]})


Integer = Annotated[int, BeforeValidator(_number), _documented()]
Count = Annotated[
    int, Field(ge=0, le=MOST_IN_FIGURES), BeforeValidator(_number), _documented(0, MOST_IN_FIGURES, "0|[1-9][0-9]{0,5}")
]
RequestId = Annotated[int, Field(ge=1, le=LARGEST_ID), BeforeValidator(_number), _documented(1, LARGEST_ID, "[1-9][0-9]{0,17}")]


class StreamStart(BaseModel):
    """The announcement of a stream."""

    text: str = Field(min_length=1, max_length=2000, description="Posted as it is; roles and @everyone in it are pinged.")


class StreamEnd(BaseModel):
    """The end of a stream, with what became of its requests."""

    text: str = Field(max_length=2000, description="Posted as it is; pings nobody.")
    not_reviewed: Count
    approved: Count
    rejected: Count
    later: Count

    def figures(self) -> StreamFigures:
        """Return the figures."""
        return StreamFigures(self.not_reviewed, self.approved, self.rejected, self.later)


class Resolution(BaseModel):
    """A decision taken on stream."""

    request_id: RequestId
    sent_for: Literal["s", "f", "e", "m", "l"] | None = Field(
        default=None, description="Star rate, feature, epic, mythic, legendary; null: rejected."
    )
    stream_link: str | None = Field(default=None, max_length=2000, description="Where the stream can be watched.")

    def verdict(self) -> Verdict:
        """Return the decision."""
        return Verdict.REJECT if self.sent_for is None else _GRADES[self.sent_for]


class PreApproval(BaseModel):
    """A request that is put off."""

    request_id: RequestId


class Creation(BaseModel):
    """A request made on stream."""

    # Spreadsheets, from which the client reads, turn a name of digits into a number.
    model_config = ConfigDict(coerce_numbers_to_str=True)

    level_id: Integer = Field(description="From 200 to 1,000,000,000; anything else is refused.")
    creator_name: str = Field(max_length=2000)
    language: Literal["rus", "eng"]
    showcase_yt_link: str | None = Field(
        default=None, max_length=2000, description="A YouTube video; on other sites the stream's page, which becomes the comment."
    )

    def request(self) -> StreamRequest:
        """Return the same in our own terms."""
        return StreamRequest(self.level_id, self.creator_name, _LANGUAGES[self.language], self.showcase_yt_link or "")


Batch = Annotated[list[Creation], Field(max_length=LONGEST_BATCH)]


class PanelRequest(BaseModel):
    """A pending request as the client reads it. Ids of Discord are JSON numbers of up to 64 bits."""

    id: int
    level_id: int
    language: Literal["rus", "eng"] = Field(description="Other languages than Russian count as English.")
    level_name: str | None
    yt_link: str | None
    additional_comment: str | None
    request_author: str = Field(description="A user's id in digits where is_author_user_id is true, else a name.")
    is_author_user_id: bool
    details_message_id: int | None = Field(description="The reviewers' card.")
    details_message_channel_id: int | None
    resolution_message_id: int | None = Field(description="The moderators' card, once somebody has an opinion.")
    resolution_message_channel_id: int | None
    created_at: datetime = Field(description="ISO 8601, UTC.")
    requested_at: datetime | None

    @classmethod
    def of(cls, picked: PickedRequest) -> "PanelRequest":
        """Return what the client shall see of a request."""
        details, resolution = _place(picked.reviewer_card), _place(picked.resolution_card)
        return cls(
            id=picked.id,
            level_id=picked.level_id,
            language="rus" if picked.language == "ru" else "eng",
            level_name=picked.level_name,
            yt_link=picked.showcase,
            additional_comment=picked.comment,
            request_author=(picked.creator_name or "") if picked.author_id is None else str(picked.author_id),
            is_author_user_id=picked.author_id is not None,
            details_message_id=details[1],
            details_message_channel_id=details[0],
            resolution_message_id=resolution[1],
            resolution_message_channel_id=resolution[0],
            created_at=picked.created_at,
            # There are no drafts here: a request exists from the moment on in which it was made.
            requested_at=picked.created_at,
        )


def _place(ref: MessageRef | None) -> tuple[int, int] | tuple[None, None]:
    return (None, None) if ref is None else (ref.channel_id, ref.message_id)


class Problem(BaseModel):
    """Why a call was refused."""

    error: str = Field(description="A short code that does not change with the language.")
    message: str = Field(description="The same for people, in the language of the Discord server.")
