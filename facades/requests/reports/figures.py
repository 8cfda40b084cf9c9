"""The figures of a report, as plain values: the picture, the words, the table and the file are all made from them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from facades.requests.reports.asked import Asked
from util.local_days import Bucket

MOST_NAMED: Final = 10
"""Reviewers with a line of their own; where there are more, the last of these places is for the others together."""


@dataclass(frozen=True)
class NewRequests:
    """How many requests were made. `closed`: the days on which the queue was closed from beginning to end."""

    asked: Asked
    buckets: Sequence[Bucket]
    values: tuple[int, ...]
    closed: frozenset[date]


@dataclass(frozen=True)
class PendingRequests:
    """How many requests were pending at the end of each day or week. `is_now`: the last number is the present one."""

    asked: Asked
    buckets: Sequence[Bucket]
    values: tuple[int, ...]
    is_now: bool
    block_at: int
    block_enabled: bool
    unblock_at: int
    unblock_enabled: bool


@dataclass(frozen=True)
class Reviewer:
    """What one reviewer, or several together, wrote."""

    name: str
    values: tuple[int, ...]
    total: int = field(init=False)

    def __post_init__(self) -> None:
        """Add up."""
        object.__setattr__(self, "total", sum(self.values))


@dataclass(frozen=True)
class ReviewActivity:
    """How many reviews each reviewer wrote, the busiest first. `values`: all of them; `values_of_others`: those not named."""

    asked: Asked
    buckets: Sequence[Bucket]
    reviewers: tuple[Reviewer, ...]
    values: tuple[int, ...] = field(init=False)
    values_of_others: tuple[int, ...] = field(init=False)

    def __post_init__(self) -> None:
        """Add up."""
        object.__setattr__(self, "values", _sums(self.reviewers))
        object.__setattr__(self, "values_of_others", _sums(self.others))

    @property
    def named(self) -> tuple[Reviewer, ...]:
        """The reviewers who stand by themselves where there is no room for all."""
        return self.reviewers if len(self.reviewers) <= MOST_NAMED else self.reviewers[: MOST_NAMED - 1]

    @property
    def others(self) -> tuple[Reviewer, ...]:
        """The reviewers who are taken together there."""
        return self.reviewers[len(self.named) :]


def _sums(reviewers: Sequence[Reviewer]) -> tuple[int, ...]:
    return tuple(map(sum, zip(*(one.values for one in reviewers), strict=True)))


@dataclass(frozen=True)
class ReviewerOpinions:
    """How often one reviewer approved and rejected."""

    asked: Asked
    name: str
    approvals: int
    rejections: int

    @property
    def total(self) -> int:
        """How many opinions these are."""
        return self.approvals + self.rejections


Figures = NewRequests | PendingRequests | ReviewActivity | ReviewerOpinions
