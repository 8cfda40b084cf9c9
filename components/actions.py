"""Buttons, selects and modals that survive a restart: each is a small frozen value, written into its `custom_id`.

discord.py keeps open modals in memory only and merely logs what a dynamic item raises; here one dispatcher finds the
action by its prefix, reads its fields back by their types and runs it inside the one error boundary.
"""

import dataclasses
import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, ClassVar, Self, get_type_hints

import discord

from components.attendance import admit
from components.boundary import Interaction, actor_of, guarded
from util.actor import Actor
from util.emojis import EMOJI
from util.errors import NotFound
from util.identifiers import Module
from util.metrics import UNKNOWN
from util.texts import Text

SEPARATOR = ":"
CUSTOM_ID_LENGTH = 100
LARGEST_ID = 2**63 - 1
"""What a column of 64 bits holds: a forged number beyond it would be an error of the database."""
_EMOJI = re.compile(rf"({EMOJI})(?:\s+|$)")
"""An emoji at the beginning of a text."""
_INTEGER = re.compile(r"-?[0-9]{1,19}")
_BY_PREFIX: dict[str, type["Action"]] = {}


class UnknownAction(NotFound):
    """A `custom_id` that no action of this release wrote."""

    def __init__(self) -> None:
        super().__init__(Text.ERROR_UNKNOWN_ACTION)


def _read(kind: type[Any], raw: str) -> Any:
    """Read a field back. Raises ValueError."""
    if kind is int:
        if not _INTEGER.fullmatch(raw) or abs(int(raw)) > LARGEST_ID:
            raise ValueError(raw)
        return int(raw)
    if kind is bool:
        return {"0": False, "1": True}[raw] if raw in {"0", "1"} else _refuse(raw)
    if issubclass(kind, StrEnum):
        return kind(raw)
    return raw


def _refuse(raw: str) -> bool:
    raise ValueError(raw)


def _write(value: Any) -> str:
    return str(int(value)) if isinstance(value, bool) else str(value)


@dataclasses.dataclass(frozen=True)
class Action:
    """The base: subclasses are frozen dataclasses with fields of `int`, `bool`, `str` or a `StrEnum`.

    Define them with a prefix of their own: `class Resolve(ButtonAction, prefix="resolve")`. `module`: with that module
    switched off in a guild, the action is refused.
    """

    prefix: ClassVar[str] = ""
    module: ClassVar[Module | None] = None

    def __init_subclass__(cls, *, prefix: str | None = None, **options: Any) -> None:
        super().__init_subclass__(**options)
        if prefix is None:
            return
        if prefix in _BY_PREFIX:
            raise TypeError(f"two actions have the prefix {prefix!r}")
        cls.prefix = prefix
        _BY_PREFIX[prefix] = cls

    @property
    def custom_id(self) -> str:
        """The action with its state as Discord keeps it for us. Raises ValueError when it is too long."""
        values = [_write(getattr(self, item.name)) for item in dataclasses.fields(self)]
        made = SEPARATOR.join([self.prefix, *values])
        if len(made) > CUSTOM_ID_LENGTH or any(SEPARATOR in value for value in values):
            raise ValueError(f"not a custom id: {made!r}")
        return made

    @classmethod
    def parse(cls, values: list[str]) -> Self:
        """Read the state back. Raises `UnknownAction` when it does not fit."""
        items = dataclasses.fields(cls)
        kinds = get_type_hints(cls)
        if len(items) != len(values):
            raise UnknownAction
        try:
            return cls(**{item.name: _read(kinds[item.name], raw) for item, raw in zip(items, values, strict=True)})
        except ValueError as error:
            raise UnknownAction from error

    async def run(self, interaction: Interaction, actor: Actor, values: list[str], texts: Mapping[str, str]) -> None:
        """Do it. `values`: what was picked in a select; `texts`: what was typed into a modal, by field."""
        raise NotImplementedError


class ButtonAction(Action):
    """Something that a button does."""

    async def run(self, interaction: Interaction, actor: Actor, values: list[str], texts: Mapping[str, str]) -> None:
        """Pass the click on."""
        await self.act(interaction, actor)

    async def act(self, interaction: Interaction, actor: Actor) -> None:
        """Do what the button says: call one facade and reply."""
        raise NotImplementedError

    def button(
        self,
        label: str | None,
        style: discord.ButtonStyle = discord.ButtonStyle.secondary,
        *,
        emoji: str | None = None,
        disabled: bool = False,
    ) -> discord.ui.Button[Any]:
        """Make the button; `label` up to 80 characters. An emoji at its beginning, also a guild's own, is shown as such."""
        if emoji is None and label is not None:
            emoji, label = leading_emoji(label)
        return discord.ui.Button(label=label, style=style, emoji=emoji, disabled=disabled, custom_id=self.custom_id)


def leading_emoji(label: str) -> tuple[str | None, str | None]:
    """Split a label into the emoji it begins with, if any, and the rest, if any."""
    match = _EMOJI.match(label)
    if match is None:
        return None, label
    return match[1], label[match.end() :] or None


class SelectAction(Action):
    """Something that picking from a list does."""

    async def run(self, interaction: Interaction, actor: Actor, values: list[str], texts: Mapping[str, str]) -> None:
        """Pass the picked values on."""
        await self.pick(interaction, actor, values)

    async def pick(self, interaction: Interaction, actor: Actor, values: list[str]) -> None:
        """Do what picking these values means; values of role, channel and user selects are ids."""
        raise NotImplementedError


class ModalAction(Action):
    """Something that submitting a form does."""

    async def run(self, interaction: Interaction, actor: Actor, values: list[str], texts: Mapping[str, str]) -> None:
        """Pass the texts on."""
        await self.submit(interaction, actor, texts)

    async def submit(self, interaction: Interaction, actor: Actor, texts: Mapping[str, str]) -> None:
        """Do what the form is for; `texts` has the typed text of each field by its custom id, empty when left empty."""
        raise NotImplementedError

    def modal(self, title: str, *fields: discord.ui.Label[Any]) -> discord.ui.Modal:
        """Make the form; `title` up to 45 characters. discord.py shall not keep it: submissions come through `dispatch`."""
        made = discord.ui.Modal(title=title, custom_id=self.custom_id, timeout=None)
        for field in fields:
            made.add_item(field)
        made.stop()
        return made


def text_field(
    name: str,
    label: str,
    *,
    description: str | None = None,
    required: bool = True,
    shortest: int | None = None,
    longest: int | None = None,
    paragraph: bool = False,
    placeholder: str | None = None,
    default: str | None = None,
) -> discord.ui.Label[Any]:
    """Make a labelled text field of a form; `label` up to 45 characters, placeholder and description up to 100."""
    style = discord.TextStyle.paragraph if paragraph else discord.TextStyle.short
    field = discord.ui.TextInput[Any](
        custom_id=name,
        style=style,
        required=required,
        min_length=shortest,
        max_length=longest,
        placeholder=placeholder,
        default=default,
    )
    return discord.ui.Label(text=label, description=description, component=field)


def find_action(custom_id: str) -> Action:
    """Return the action that a `custom_id` names, with its state. Raises `UnknownAction`."""
    prefix, *values = custom_id.split(SEPARATOR)
    kind = _BY_PREFIX.get(prefix)
    if kind is None:
        raise UnknownAction
    return kind.parse(values)


def _typed_texts(components: list[dict[str, Any]]) -> dict[str, str]:
    """Return what was typed into each text field of a submitted form; what is no text was not typed."""
    texts: dict[str, str] = {}
    for component in components:
        inner = component.get("components") or ([component["component"]] if "component" in component else [])
        fields = {item["custom_id"]: item.get("value") for item in inner if "custom_id" in item}
        texts |= {name: value for name, value in fields.items() if isinstance(value, str)}
    return texts


async def dispatch(interaction: Interaction) -> None:
    """Run the action of a component or modal interaction inside the error boundary."""
    data: dict[str, Any] = dict(interaction.data or {})
    prefix = data["custom_id"].partition(SEPARATOR)[0]
    # What is forged has no name of its own in the figures.
    name = prefix if prefix in _BY_PREFIX else UNKNOWN

    async def run() -> None:
        action = find_action(data["custom_id"])
        actor = await actor_of(interaction, action.module)
        await action.run(interaction, actor, list(data.get("values", [])), _typed_texts(data.get("components", [])))

    if await admit(interaction, name):
        await guarded(interaction, name, run)
