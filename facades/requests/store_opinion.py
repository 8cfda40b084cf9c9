"""Write down what somebody thinks of a request, with the review if there is one."""

from db.models import Opinion, Request, Review
from facades.transaction import Transaction
from util.actor import Actor
from util.identifiers import Stage, Verdict


async def store_opinion(
    tx: Transaction, request: Request, actor: Actor, stage: Stage, verdict: Verdict, *, reason: str | None, review: str | None
) -> tuple[Opinion, Review | None]:
    """Add the rows. Raises SQLAlchemy's `IntegrityError` when the person has judged the request at this stage before."""
    opinion = Opinion(
        guild_id=tx.guild_id,
        request_id=request.id,
        author_id=actor.user_id,
        stage=stage,
        verdict=verdict,
        reason=reason,
        created_at=tx.now,
    )  # pyright: ignore[reportCallIssue]
    tx.session.add(opinion)
    if stage is not Stage.TRAINEE and not request.judged:
        request.judged = True
        tx.session.add(request)
    await tx.session.flush()
    if review is None:
        return opinion, None
    stored = Review(
        guild_id=tx.guild_id,
        request_id=request.id,
        opinion_id=opinion.id,
        level_id=request.level_id,
        author_id=actor.user_id,
        stage=stage,
        verdict=verdict,
        language=request.language,
        text=review,
        created_at=tx.now,
    )  # pyright: ignore[reportCallIssue]
    tx.session.add(stored)
    await tx.session.flush()
    return opinion, stored
