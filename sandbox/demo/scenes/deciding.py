"""Moderators decide, authors are told, cards move to the archive."""

from __future__ import annotations

from sandbox.demo import words
from sandbox.demo.cast import ADA, BORIS, MIRA, MO, THEO
from sandbox.demo.player import Player
from sandbox.demo.scenes.requesting import BORISS, MIRAS, expect_colour
from sandbox.demo.stage import Stage, standing

MOS_COMMENT = "Sent to the queue of featured levels. Well deserved!"
MOS_REVIEW_RU = "Отличная атмосфера, но после третьего дропа уровень пустеет. Добавьте декораций и присылайте снова!"
MOS_REASON_RU = "Вторая половина ещё не закончена."


async def approve(stage: Stage) -> None:
    """Let Mo feature Mira's level."""
    mo = Player(stage, MO)
    async with stage.step(
        f"Mo features {MIRAS.name}: Mira is told, the card turns green, the reviewers' card moves to the archive"
    ):
        deciding = await stage.message(words.RESOLUTIONS, MIRAS.name)
        opened = await mo.press(deciding, words.FEATURE)
        taken = await mo.submit(opened, {words.DECISION_COMMENT: MOS_COMMENT})
        stage.expect_private(mo.user, taken, f"**{MIRAS.name}** is resolved: Feature")
        notice = await stage.message(words.APPROVED, "@Mira", "great news", MIRAS.name, "Feature", "@Mo", MOS_COMMENT)
        archived = await stage.message(words.ARCHIVE, MIRAS.name, f"See the resolutions (→ #{words.RESOLUTIONS})")
        await _gone(stage, MIRAS.name)
        stage.show_news()
        stage.expect_pings(notice, MIRA)
        stage.expect_sight(notice, [MIRA, BORIS, THEO])
        stage.expect_message(
            deciding, "the moderators' card lists the decision and keeps its buttons", "@Mo · Feature", *words.VERDICTS
        )
        expect_colour(stage, deciding, words.GREEN, "green: it is decided")
        stage.expect(not archived.components, "the archived card has no buttons")
        expect_colour(stage, archived, words.GREY, "grey")
        stage.expect_only(words.REJECTED, 0, MIRAS.name)
    async with stage.step("Mo cannot decide twice; Ada can give her own decision, and Mira is not told again"):
        answer = await mo.press(deciding, words.REJECT)
        stage.expect_private(mo.user, answer, "You have resolved this request already")
        ada = Player(stage, ADA)
        taken = await ada.submit(await ada.press(deciding, words.EPIC), {})
        stage.expect_private(ada.user, taken, "the author is not told again")
        await stage.message(words.RESOLUTIONS, MIRAS.name, "@Mo · Feature", "@Ada · Epic")
        stage.show_news()
        stage.expect_only(words.APPROVED, 1, MIRAS.name)
    async with stage.step("An approved level is not taken again"):
        answer = await Player(stage, THEO).slash(words.GENERAL, "request create", level_id=MIRAS.id)
        stage.expect_private(stage.actor(THEO), answer, f"**{MIRAS.name}** has been approved already: Epic, by @Ada")


async def reject(stage: Stage) -> None:
    """Let Mo reject Boris's level in Russian; then the level has to wait."""
    mo = Player(stage, MO)
    async with stage.step(f"Mo rejects {BORISS.name} with a review and a reason; Борис gets both in Russian"):
        deciding = await stage.message(words.RESOLUTIONS, BORISS.name)
        opened = await mo.press(deciding, words.REJECT)
        taken = await mo.submit(opened, {words.REVIEW: MOS_REVIEW_RU, words.REASON_OPTIONAL: MOS_REASON_RU})
        stage.expect_private(mo.user, taken, f"**{BORISS.name}** is resolved: Rejected")
        review = await stage.message(words.REVIEWS, "@Борис", "новая рецензия", "от модератора @Mo", MOS_REVIEW_RU)
        notice = await stage.message(words.REJECTED, "@Борис", "на этот раз ваш уровень", BORISS.name, "Причина:", MOS_REASON_RU)
        await stage.message(words.ARCHIVE, BORISS.name)
        await stage.message(words.RESOLUTIONS, BORISS.name, "@Mo · Rejected", f"(→ #{words.REVIEWS})", MOS_REASON_RU)
        await _gone(stage, BORISS.name)
        stage.show_news()
        stage.expect_pings(review, BORIS)
        stage.expect_pings(notice, BORIS)
        stage.expect_only(words.APPROVED, 0, BORISS.name)
        stage.expect_only(words.REJECTED, 1, BORISS.name)
    async with stage.step("A rejected level has to wait a week, whoever requests it"):
        answer = await Player(stage, THEO).slash(words.GENERAL, "request create", level_id=BORISS.id)
        stage.expect_private(
            stage.actor(THEO), answer, f"**{BORISS.name}** can be requested again in 7 days", "It was rejected on"
        )


async def _gone(stage: Stage, level: str) -> None:
    channel = stage.channel(words.PENDING)
    await stage.until(
        lambda: not any(stage.says(message, level) for message in standing(channel)),
        f"no card of {level} in #{words.PENDING} any more",
        lambda: stage.in_channel(words.PENDING),
    )
    stage.expect(True, f"the card of {level} is gone from #{words.PENDING}")
