"""A fresh guild becomes one that takes requests."""

from __future__ import annotations

from sandbox.demo import words
from sandbox.demo.cast import ADA, BORIS, CAST, MIRA, MO, RHEA, THEO
from sandbox.demo.player import Player
from sandbox.demo.stage import Stage, StepFailed
from sandbox.discord import Answer, Message

VETERANS = "Veterans"


async def set_up(stage: Stage) -> None:
    """Let Ada run `/setup`, create what is missing and choose whom notices ping."""
    ada = Player(stage, ADA)
    async with stage.step("Ada prepares the server with /setup"):
        answer = await ada.slash(words.GENERAL, "setup")
        shown = stage.expect_private(ada.user, answer, "Pending requests: no channel", "nobody but admins can do it")
        answer = await ada.press(shown, words.CREATE_MISSING)
        stage.expect_private(ada.user, answer, "Done. New channels:", "#pending-requests", "@GD Moderator")
        channels = [channel.name for channel in stage.playground.guild.guild.channels.values()]
        missing = [name for name in words.CHANNELS if channels.count(name) != 1]
        stage.expect(not missing, f"there is one channel for each of the {len(words.CHANNELS)} kinds of messages", missing)
        roles = [role.name for role in stage.playground.guild.guild.roles.values()]
        missing = [name for name in words.ROLES if roles.count(name) != 1]
        stage.expect(not missing, f"there are the roles {', '.join(words.ROLES)}", missing)
        stage.expect_private(ada.user, answer, "Everything that is needed is set up")
    await _choose_ping_role(stage, ada, shown)


async def _choose_ping_role(stage: Stage, ada: Player, shown: Message) -> None:
    guild = stage.playground.guild
    role = guild.add_role(words.PING_ROLE)
    for part in (MIRA, BORIS):
        guild.give_role(stage.actor(part), role)
    async with stage.step(f"Ada lets notices about the queue ping @{words.PING_ROLE}, a role that Mira and Борис have"):
        await ada.select(shown, words.SETUP_PAGES, [words.PING_PAGE])
        answer = await ada.select(shown, words.PICK_PING_ROLE, [role])
        stage.expect_private(ada.user, answer, f"Notices about the queue ping @{words.PING_ROLE}")


async def hand_out_roles(stage: Stage) -> None:
    """Give the staff their roles and bind a permission to a role of the guild's own."""
    guild = stage.playground.guild
    veterans = guild.add_role(VETERANS)
    ada = Player(stage, ADA)
    async with stage.step("Ada gives the staff their roles, in Discord as usual"):
        for part in CAST:
            for name in part.roles:
                guild.give_role(stage.actor(part), guild.role(name))
                stage.screen.line(f"    {part.name} gets the role @{name}")
        pending, deciding = stage.channel(words.PENDING), stage.channel(words.RESOLUTIONS)
        sees = [part.name for part in CAST if pending in stage.actor(part).channels()]
        stage.expect(sees == ["Ada", "Rhea", "Theo", "Mo"], f"#{words.PENDING} is seen by the staff alone", sees)
        sees = [part.name for part in CAST if deciding in stage.actor(part).channels()]
        stage.expect(sees == ["Ada", "Mo"], f"#{words.RESOLUTIONS} is seen by moderators and admins alone", sees)
    async with stage.step(f"Ada binds a permission to @{VETERANS} with /permission and looks at who may do what"):
        answer = await ada.slash(words.GENERAL, "permission bind", permission="request_while_queue_closed", role=veterans)
        stage.expect_private(ada.user, answer, f"@{VETERANS} now grants", "request_while_queue_closed")
        guild.give_role(stage.actor(MO), veterans)
        answer = await ada.slash(words.GENERAL, "permission describe_member", member=stage.actor(MO))
        stage.expect_private(ada.user, answer, "Permissions of Mo", "gd_mod", "reviewer", f"@{VETERANS}")
        answer = await Player(stage, MIRA).slash(words.GENERAL, "permission list_roles")
        stage.expect_private(stage.actor(MIRA), answer, "You need the permission", "admin")
    await _read_log(stage)


async def _read_log(stage: Stage) -> None:
    async with stage.step(f"Everything that was changed stands in #{words.LOG}"):
        entry = await stage.message(words.LOG, "Permission bound to a role", "Ada", "request_while_queue_closed")
        stage.screen.lines(stage.lines(entry), indent="      ")
        stage.expect_sight(entry, [ADA], [MIRA, BORIS, RHEA, THEO, MO])


async def choose_languages(stage: Stage) -> None:
    """Show how the bot finds out which language to speak."""
    mira, boris = Player(stage, MIRA), Player(stage, BORIS)
    async with stage.step("Mira tries the bot in Russian and goes back; Борис has a Russian Discord and need not choose"):
        answer = await mira.slash(words.GENERAL, "language", language="ru")
        stage.expect_private(mira.user, answer, "Теперь я говорю с вами на языке: Русский")
        answer = await mira.slash(words.GENERAL, "language", language="en")
        stage.expect_private(mira.user, answer, "From now on I speak English with you")
        answer = await boris.slash(words.GENERAL, "queue info")
        stage.expect_private(boris.user, answer, "Очередь открыта", "Заявок на рассмотрении: **0**")


async def read_help(stage: Stage) -> None:
    """Compare what members and admins are offered."""
    async with stage.step("/help commands offers everybody what they may use"):
        answer = await Player(stage, MIRA).slash(words.GENERAL, "help commands")
        stage.expect_private(stage.actor(MIRA), answer, "Commands you can use", "/request create", "/language")
        _expect_offer(stage, answer, without=("/setup", "/queue close", "/permission bind"))
        answer = await Player(stage, ADA).slash(words.GENERAL, "help commands")
        stage.expect_private(stage.actor(ADA), answer, "/queue close", "/usercd list", "/permission bind")


def _expect_offer(stage: Stage, answer: Answer, without: tuple[str, ...]) -> None:
    messages = [message for message in (answer.message, *answer.followups) if message is not None]
    offered = [name for name in without if any(stage.says(message, name) for message in messages)]
    if offered:
        raise StepFailed(f"no word of {', '.join(offered)} for a member", stage.seen(answer))
    stage.expect(not offered, f"a member is not offered {', '.join(without)}")
