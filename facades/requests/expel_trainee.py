"""Remove somebody from the trainees."""

from facades.app import App
from facades.requests.end_probation import EndedProbation, end_probation
from util.actor import Actor


async def expel_trainee(app: App, *, actor: Actor, trainee_id: int, review_id: int | None = None) -> EndedProbation:
    """Take the trainee roles from a member.

    `review_id`: the graded review whose answer offered this, which is good for one decision. Raises a `UserError` of
    `end_probation`. Owes the change of roles, and a message to the trainee after it.
    """
    return await end_probation(app, actor=actor, trainee_id=trainee_id, promote=False, review_id=review_id)
