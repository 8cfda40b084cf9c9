"""The pages of `/setup` and what stands on each of them."""

from enum import StrEnum


class SetupPage(StrEnum):
    """A page of the assistant; the value stands in custom ids and in the keys of texts."""

    OVERVIEW = "overview"
    CHANNELS = "channels"
    ROLES = "roles"
    QUEUE = "queue"
    LANGUAGES = "languages"
    MODULES = "modules"
