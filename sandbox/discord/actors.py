"""Members as tests, tours and pages play them: what their client lets them do and what they see."""

from __future__ import annotations

import mimetypes
from collections.abc import Callable
from typing import Any

from .answers import Answer, Modal
from .changes import channels as channel_changes
from .changes import guilds as guild_changes
from .changes import messages as changes
from .errors import ClientRefused, Json, Reason, SandboxMisuse
from .forms import chosen_values, submission
from .interactions import AUTOCOMPLETE, COMMAND, COMPONENT, MODAL_SUBMIT, Interaction, start
from .models import Application, Attachment, Channel, Guild, Member, Message, Role, User
from .options import Found, Resolved, available, build_data, fill_options, find_command, may_use
from .payloads import message_payload
from .permissions import DM, Permission, can_send, channel_permissions
from .rules.components import BUTTON, SELECTS, walk
from .rules.messages import Draft, Upload
from .world import World


class SandboxUser:
    """An account acting in one guild (and in direct messages) through Discord's client."""

    def __init__(self, world: World, user: User, guild: Guild) -> None:
        self._world = world
        self.user = user
        self.guild = guild

    def __repr__(self) -> str:
        return f"<SandboxUser {self.user.display_name} in {self.guild.name}>"

    @property
    def id(self) -> int:
        """The account's id."""
        return self.user.id

    @property
    def name(self) -> str:
        """The name people see in this guild."""
        member = self.guild.members.get(self.user.id)
        return member.display_name if member else self.user.display_name

    @property
    def mention(self) -> str:
        """The text that mentions this user."""
        return f"<@{self.user.id}>"

    @property
    def member(self) -> Member:
        """The membership. Raises `ClientRefused` for someone who left."""
        found = self.guild.members.get(self.user.id)
        if found is None:
            raise ClientRefused(Reason.GONE, f"{self.user.display_name} is not in {self.guild.name}")
        return found

    @property
    def roles(self) -> list[Role]:
        """The roles, everyone's not included."""
        return [self.guild.roles[role_id] for role_id in self.member.role_ids]

    # What the member sees

    def permissions(self, channel: Channel) -> int:
        """Return the member's bits in a channel, 0 without sight of it."""
        if channel.is_dm:
            return DM if self.user in channel.recipients else 0
        if channel.id not in self.guild.channels or self.user.id not in self.guild.members:
            return 0
        return channel_permissions(self.guild, self.member, channel)

    def sees(self, message: Message) -> bool:
        """Tell whether this member sees a message now."""
        if message.deleted or not self.permissions(message.channel) & Permission.VIEW_CHANNEL:
            return False
        return message.ephemeral_for in (None, self.user.id)

    def channels(self) -> list[Channel]:
        """Return the guild's channels that this member sees."""
        return [item for item in self.guild.channels.values() if self.permissions(item) & Permission.VIEW_CHANNEL]

    def visible(self, channel: Channel) -> list[Message]:
        """Return a channel's messages as this member sees them, oldest first."""
        if not self.permissions(channel) & Permission.READ_MESSAGE_HISTORY:
            return []
        return [item for item in channel.messages.values() if self.sees(item)]

    def dm_channel(self, application: Application | None = None) -> Channel:
        """Return the direct message channel with a bot, by default the guild's only one."""
        return self._world.dm_channel(self.user, (application or self._only_bot()).user)

    def dms(self) -> list[Message]:
        """Return all messages in direct messages with bots, oldest first."""
        found = [channel for channel in self._world.dms.values() if self.user in channel.recipients]
        messages = [message for channel in found for message in channel.messages.values() if self.sees(message)]
        return sorted(messages, key=lambda message: message.id)

    @property
    def pings(self) -> list[Message]:
        """Messages that notified this user and still exist, oldest first."""
        channels = [*self.guild.channels.values(), *(item for item in self._world.dms.values() if self.user in item.recipients)]
        found = [message for channel in channels for message in channel.messages.values() if self.user.id in message.pinged]
        return sorted(found, key=lambda message: message.id)

    async def wait_for(
        self, channel: Channel, predicate: Callable[[Message], object] = lambda _: True, timeout: float = 5.0
    ) -> Message:
        """Wait until this member sees a message that fits in a channel and return the newest such one.

        Raises `TimeoutError`.
        """
        return await self._world.wait_until(
            lambda: next((item for item in reversed(self.visible(channel)) if predicate(item)), None), timeout
        )

    async def wait_for_dm(self, predicate: Callable[[Message], object] = lambda _: True, timeout: float = 5.0) -> Message:
        """Wait until a bot's direct message that fits is there and return the newest such one. Raises `TimeoutError`."""
        return await self._world.wait_until(
            lambda: next((item for item in reversed(self.dms()) if item.author.bot and predicate(item)), None), timeout
        )

    # Writing and moderating by hand

    def send(
        self, channel: Channel, content: str, *, reply_to: Message | None = None, files: list[Upload] | None = None
    ) -> Message:
        """Write a message. Raises `ClientRefused` without the permission."""
        if not can_send(self.permissions(channel), channel) or (channel.is_thread and channel.locked):
            raise ClientRefused(Reason.NO_WRITING, f"{self.name} may not write here")
        if len(content) > 2000 or not (content.strip() or files):
            raise ClientRefused(Reason.MESSAGE_LENGTH, "A message has 1 to 2000 characters")
        origin = changes.Origin(type=19, reference=reply_to) if reply_to is not None else None
        return changes.create(self._world, channel, self.user, Draft(content=content.strip(), uploads=files or []), origin)

    def edit(self, message: Message, content: str) -> Message:
        """Edit an own message. Raises `ClientRefused` for another's."""
        if message.author is not self.user:
            raise ClientRefused(Reason.OWN_ONLY, "One can edit only one's own messages")
        return changes.edit(self._world, message, Draft(content=content))

    def dm(self, content: str, application: Application | None = None) -> Message:
        """Write a direct message to a bot."""
        return self.send(self.dm_channel(application), content)

    def react(self, message: Message, emoji: str) -> None:
        """React to a message. Raises `ClientRefused` without the permission."""
        needed = Permission.ADD_REACTIONS if emoji not in message.reactions else Permission.VIEW_CHANNEL
        if not self.sees(message) or not self.permissions(message.channel) & needed:
            raise ClientRefused(Reason.NO_REACTING, "The member may not react here")
        changes.react(self._world, message, self.user, emoji)

    def unreact(self, message: Message, emoji: str) -> None:
        """Take the own reaction back."""
        changes.unreact(self._world, message, self.user.id, emoji)

    def delete_message(self, message: Message) -> None:
        """Delete an own message, or another's as a moderator; dismiss an ephemeral one. Raises `ClientRefused`."""
        allowed = message.author is self.user or message.ephemeral_for == self.user.id
        if not allowed and not self.permissions(message.channel) & Permission.MANAGE_MESSAGES:
            raise ClientRefused(Reason.NO_DELETING, "The member may not delete this message")
        changes.delete(self._world, [message])

    def delete_channel(self, channel: Channel) -> None:
        """Delete a channel. Raises `ClientRefused` without the permission."""
        needed = Permission.MANAGE_THREADS if channel.is_thread else Permission.MANAGE_CHANNELS
        if not self.permissions(channel) & needed:
            raise ClientRefused(Reason.NO_DELETING, "The member may not delete this channel")
        channel_changes.delete_channel(self._world, self.guild, channel)

    def leave(self) -> None:
        """Leave the guild."""
        guild_changes.remove_member(self._world, self.guild, self.user)

    def set_locale(self, locale: str) -> None:
        """Change the language of the member's client."""
        self.user.locale = locale

    def upload(self, filename: str, data: bytes) -> Attachment:
        """Prepare a file as a value for an attachment option or a file field."""
        attachment_id = self._world.ids.make()
        url = f"{self._world.base_url}/attachments/{self.guild.id}/{attachment_id}/{filename}"
        kind = mimetypes.guess_type(filename)[0] or "application/octet-stream"
        found = Attachment(attachment_id, filename, data, kind, url, ephemeral=True)
        self._world.attachments[attachment_id] = found
        return found

    # Acting on bots

    def commands(self, channel: Channel) -> list[Found]:
        """Return the slash commands the client offers this member in a channel, by name."""
        guild = None if channel.is_dm else self.guild
        return available(self._bots(channel), guild, None if guild is None else self.member, channel)

    async def slash(self, channel: Channel, command: str, /, **options: Any) -> Answer:
        """Use a slash command ("group sub") and wait for the bot's first answer.

        Option values are plain values, members, roles, channels or uploads. Raises `ClientRefused` where the client would not
        send.
        """
        found, data = self._command(channel, command, options)
        return await self._act(found.application, channel, COMMAND, data)

    def _command(self, channel: Channel, command: str, options: dict[str, Any], focused: str | None = None) -> tuple[Found, Json]:
        guild = None if channel.is_dm else self.guild
        found = find_command(self._bots(channel), guild, command)
        may_use(found, guild, None if guild is None else self.member, channel)
        resolved = Resolved(guild, viewer=self.user)
        return found, build_data(found, resolved, fill_options(found, options, resolved, focused=focused))

    async def autocomplete(self, channel: Channel, command: str, /, *, focused: str, **options: Any) -> list[Json]:
        """Type into an option and return the choices the bot offers, `[]` when it does not answer in time."""
        options.setdefault(focused, "")
        found, data = self._command(channel, command, options, focused)
        if not any(item["name"] == focused and item.get("autocomplete") for item in found.options):
            raise ClientRefused(Reason.NO_SUGGESTIONS, f"Option {focused!r} has no autocompletion")
        return (await self._act(found.application, channel, AUTOCOMPLETE, data)).choices

    async def context_menu(self, channel: Channel, command: str, target: SandboxUser | User | Message) -> Answer:
        """Use a command of a user's or message's context menu."""
        message = target if isinstance(target, Message) else None
        found = find_command(self._bots(channel), self.guild, command, 2 if message is None else 3)
        may_use(found, self.guild, self.member, channel)
        resolved = Resolved(self.guild, viewer=self.user)
        data = build_data(found, resolved, [])
        if message is None:
            resolved.add(target)
            data["resolved"] = resolved.payload()
        else:
            data["resolved"] = {"messages": {str(message.id): message_payload(message, found.application)}}
        return await self._act(found.application, channel, COMMAND, data | {"target_id": str(target.id)})

    async def submit(self, modal: Modal | None, values: dict[str, Any]) -> Answer:
        """Fill in a modal (fields by custom id or label) and submit it.

        Fields not named keep what stands in them. Raises `ClientRefused` where the client would not send.
        """
        if modal is None:
            raise SandboxMisuse("There is no modal to submit")
        if modal.submitted or modal.interaction.user is not self.user:
            raise ClientRefused(Reason.GONE, "This modal is not on the member's screen")
        channel = modal.interaction.channel
        resolved = Resolved(None if channel.is_dm else self.guild, viewer=self.user)
        components = submission(modal, values, resolved)
        modal.submitted = True
        data: Json = {"custom_id": modal.custom_id, "components": components}
        payload = resolved.payload()
        if payload:
            data["resolved"] = payload
        parent = modal.interaction
        return await self._act(parent.application, channel, MODAL_SUBMIT, data, message=parent.message, parent=parent)

    async def press(self, message: Message, button: str) -> Answer:
        """Press a button by custom id or label.

        Raises `ClientRefused` when the member does not see the message or the button, or it is disabled or a link.
        """
        item = self._component(message, button, (BUTTON,))
        if item.get("style") == 5:
            raise ClientRefused(Reason.LINK, f"{button!r} is a link")
        data: Json = {"component_type": BUTTON, "custom_id": item["custom_id"], "id": item["id"]}
        return await self._act(self._author(message), message.channel, COMPONENT, data, message=message)

    async def select(self, message: Message, custom_id: str, values: list[Any]) -> Answer:
        """Choose in a select menu, found by custom id or placeholder. Raises `ClientRefused` like `press`."""
        item = self._component(message, custom_id, SELECTS)
        resolved = Resolved(None if message.channel.is_dm else self.guild, viewer=self.user)
        chosen = chosen_values(item, values, resolved, custom_id)
        data: Json = {"component_type": item["type"], "custom_id": item["custom_id"], "id": item["id"], "values": chosen}
        payload = resolved.payload()
        if payload:
            data["resolved"] = payload
        return await self._act(self._author(message), message.channel, COMPONENT, data, message=message)

    def _component(self, message: Message, wanted: str, kinds: tuple[int, ...]) -> Json:
        if not self.sees(message):
            raise ClientRefused(Reason.GONE, f"{self.name} does not see this message")
        found = [item for item in walk(message.components) if item.get("type") in kinds]
        for key in ("custom_id", "label", "placeholder"):
            for item in found:
                if item.get(key) == wanted:
                    if item.get("disabled"):
                        raise ClientRefused(Reason.DISABLED, f"{wanted!r} is disabled")
                    return item
        shown = [item.get("label") or item.get("placeholder") or item.get("custom_id") for item in found]
        raise ClientRefused(Reason.GONE, f"No {wanted!r} under this message, only {shown}")

    # Forging: what a modified client could send

    async def forge_slash(self, channel: Channel, command: str, options: list[Json] | None = None, **values: Any) -> Answer:
        """Send a slash command past the client's checks; `options` as they go over the wire, or plain values by name."""
        guild = None if channel.is_dm else self.guild
        found = find_command(self._bots(channel), guild, command)
        kinds = {item["name"]: item["type"] for item in found.options}
        resolved = Resolved(guild, viewer=self.user)
        raw = (
            options
            if options is not None
            else [
                {
                    "name": name,
                    "type": kinds.get(name, 3),
                    "value": value if isinstance(value, str | int | float) else resolved.add(value),
                }
                for name, value in values.items()
            ]
        )
        return await self._act(found.application, channel, COMMAND, build_data(found, resolved, raw))

    async def forge_component(
        self, where: Message | Channel, custom_id: str, *, kind: int = BUTTON, values: list[str] | None = None
    ) -> Answer:
        """Send a component interaction with any custom id, on a message or (made up) in a channel."""
        if isinstance(where, Channel):
            application = self._only_bot()
            message = next((item for item in reversed(where.messages.values()) if item.author is application.user), None)
            message = message or Message(self._world.ids.make(), where, application.user, application_id=application.id)
        else:
            message, application = where, self._author(where)
        data: Json = {"component_type": kind, "custom_id": custom_id, "id": 1}
        if kind in SELECTS:
            data["values"] = values or []
        return await self._act(application, message.channel, COMPONENT, data, message=message)

    async def forge_modal(
        self, channel: Channel, custom_id: str, values: dict[str, Any], *, message: Message | None = None
    ) -> Answer:
        """Submit a modal that was perhaps never shown, with fields by custom id."""
        rows: list[Json] = []
        for index, (key, value) in enumerate(values.items()):
            inner: Json = {"type": 4, "id": 2 * index + 2, "custom_id": key, "value": value}
            if isinstance(value, list):
                inner = {"type": 3, "id": 2 * index + 2, "custom_id": key, "values": value}
            rows.append({"type": 18, "id": 2 * index + 1, "component": inner})
        data: Json = {"custom_id": custom_id, "components": rows}
        return await self._act(self._only_bot(), channel, MODAL_SUBMIT, data, message=message)

    # Helpers

    def _bots(self, channel: Channel) -> list[Application]:
        if channel.is_dm:
            return [app for user in channel.recipients if (app := self._world.application_of(user))]
        return list(self.guild.applications.values())

    def _only_bot(self) -> Application:
        if len(self.guild.applications) != 1:
            raise SandboxMisuse(f"{self.guild.name} has {len(self.guild.applications)} bots: name one")
        return next(iter(self.guild.applications.values()))

    def _author(self, message: Message) -> Application:
        found = self._world.application_of(message.author)
        if found is None:
            raise ClientRefused(Reason.GONE, "This message is not a bot's")
        return found

    async def _act(
        self,
        application: Application,
        channel: Channel,
        kind: int,
        data: Json,
        *,
        message: Message | None = None,
        parent: Interaction | None = None,
    ) -> Answer:
        interaction = start(self._world, application, self.user, channel, kind, data, message=message, parent=parent)
        left = self._world.timing.acknowledge
        try:
            await self._world.wait_until(lambda: interaction.callback is not None, left)
        except TimeoutError:
            interaction.gave_up = True
        return Answer(self._world, interaction)
