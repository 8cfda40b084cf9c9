"""Answers to the commands that change the active filter: what changed, and under it the filter as it is now."""

import discord

from components.boundary import Interaction, app_of
from components.log.filters import active_embed, fields_value, filter_embed, user_value
from components.log.questions import ask_to_replace
from components.log.values import field_name, shown_value, type_name
from components.replies import answer
from facades.operations.describe_log_filter import DescribedFilter
from facades.operations.lift_log_field import FieldLifted
from facades.operations.lift_log_restrictions import Part
from facades.operations.log_filter import BOT, FilterChange
from facades.operations.restrict_log_field import FieldRestricted
from facades.operations.restrict_log_type import TypeRestricted
from facades.operations.save_log_filter import SavedLogFilter
from facades.operations.select_log_filter import SelectedFilter
from util.actor import Actor
from util.identifiers import EventType
from util.phrases import Phrase, Value, phrase
from util.texts import Text

LONGEST_VALUE = 400


def doer(interaction: Interaction, user: discord.Member | discord.User) -> int:
    """Return the user as the log knows them: what the bot's own account does is done by nobody else."""
    return BOT if interaction.client.user is not None and user.id == interaction.client.user.id else user.id


async def answer_type_change(interaction: Interaction, actor: Actor, made: TypeRestricted) -> None:
    """Answer `/log restrict_type`, also with what was lifted by it."""
    settings = await app_of(interaction).guild(actor.guild_id)
    said = [_type_phrase(made.change)]
    if made.dropped:
        said.append(phrase(Text.LOG_CHANGED_DROPPED, fields=fields_value(made.dropped, settings, actor.language)))
    await _answer(interaction, actor, made.change, *said)


async def answer_user_change(interaction: Interaction, actor: Actor, change: FilterChange) -> None:
    """Answer `/log restrict_user`."""
    await _answer(interaction, actor, change, _user_phrase(change))


async def answer_field_change(interaction: Interaction, actor: Actor, made: FieldRestricted | FieldLifted) -> None:
    """Answer `/log restrict_custom_field` and `/log unrestrict_custom_field`."""
    new: Value = Text.LOG_UNRESTRICTED
    old: Value = Text.LOG_UNRESTRICTED
    if isinstance(made, FieldRestricted):
        new = shown_value(made.name, made.value, LONGEST_VALUE)
    if isinstance(made, FieldLifted) or made.replaced:
        old = shown_value(made.name, made.old, LONGEST_VALUE)
    said = phrase(Text.LOG_CHANGED_FIELD, field=field_name(made.name), new=new, old=old)
    await _answer(interaction, actor, made.change, said)


async def answer_lifted(interaction: Interaction, actor: Actor, part: Part, change: FilterChange) -> None:
    """Answer the commands that lift a whole part of the filter."""
    settings = await app_of(interaction).guild(actor.guild_id)
    match part:
        case Part.TYPE:
            await _answer(interaction, actor, change, _type_phrase(change))
        case Part.USER:
            await _answer(interaction, actor, change, _user_phrase(change))
        case Part.FIELDS:
            names = fields_value(tuple(change.before.fields), settings, actor.language)
            await _answer(interaction, actor, change, phrase(Text.LOG_CHANGED_FIELDS, fields=names))
        case Part.ALL:
            embed = active_embed(change.before, settings, actor.language)
            embed.title = None
            await answer(interaction, settings.say(Text.LOG_CHANGED_ALL, actor.language), embed=embed)


async def answer_saved(interaction: Interaction, actor: Actor, saved: SavedLogFilter) -> None:
    """Say that the filter is saved, or ask whether it shall replace the one of that name."""
    settings = await app_of(interaction).guild(actor.guild_id)
    if not saved.saved:
        await ask_to_replace(interaction, saved, settings, actor.language)
        return
    said = settings.say(Text.LOG_SAVED, actor.language, name=saved.name)
    await answer(interaction, said, embed=active_embed(saved.filter, settings, actor.language))


async def answer_selected(interaction: Interaction, actor: Actor, selected: SelectedFilter) -> None:
    """Answer `/log select_filter`."""
    settings = await app_of(interaction).guild(actor.guild_id)
    said = settings.say(Text.LOG_SELECTED, actor.language, name=selected.name)
    await answer(interaction, said, embed=active_embed(selected.change.after, settings, actor.language))


async def answer_description(interaction: Interaction, actor: Actor, found: DescribedFilter) -> None:
    """Answer `/log describe_filter`."""
    settings = await app_of(interaction).guild(actor.guild_id)
    await answer(interaction, embed=filter_embed(found, settings, actor.language))


async def _answer(interaction: Interaction, actor: Actor, change: FilterChange, *said: Phrase) -> None:
    settings = await app_of(interaction).guild(actor.guild_id)
    content = "\n".join(settings.say(one, actor.language) for one in said)
    await answer(interaction, content, embed=active_embed(change.after, settings, actor.language))


def _type_phrase(change: FilterChange) -> Phrase:
    return phrase(Text.LOG_CHANGED_TYPE, new=_type_value(change.after.event_type), old=_type_value(change.before.event_type))


def _type_value(event_type: EventType | None) -> Text:
    return Text.LOG_UNRESTRICTED if event_type is None else type_name(event_type)


def _user_phrase(change: FilterChange) -> Phrase:
    return phrase(Text.LOG_CHANGED_USER, new=user_value(change.after.user_id), old=user_value(change.before.user_id))
