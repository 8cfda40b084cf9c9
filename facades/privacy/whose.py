"""Whose data somebody may deal with: their own, and an admin those of whoever asked for it."""

from util.actor import Actor
from util.errors import Forbidden
from util.identifiers import Flag
from util.phrases import Raw, is_former
from util.texts import Text


class OnlyYourOwn(Forbidden):
    """Somebody who is no admin has named somebody else."""

    def __init__(self) -> None:
        super().__init__(Text.PRIVACY_ONLY_YOUR_OWN, flag=Raw(Flag.ADMIN.value))


def whose(actor: Actor, user_id: int) -> None:
    """Refuse anybody but the person and admins. Raises `OnlyYourOwn`."""
    if user_id != actor.user_id and not actor.has(Flag.ADMIN):
        raise OnlyYourOwn
    if user_id == 0 or is_former(user_id):
        # Forged: whoever is a former member has no id of their own any more.
        raise OnlyYourOwn
