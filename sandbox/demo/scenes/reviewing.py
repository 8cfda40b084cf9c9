"""Reviewers give opinions, a trainee practises, the moderators' card sums up."""

from __future__ import annotations

from sandbox.demo import words
from sandbox.demo.cast import ADA, BORIS, MIRA, MO, RHEA, THEO
from sandbox.demo.player import Player
from sandbox.demo.scenes.requesting import BORISS, MIRAS, expect_colour
from sandbox.demo.stage import Stage

RHEAS_REVIEW = (
    "The second half is gorgeous and syncs with every beat. The dual at 60% is hard to read: a little more contrast "
    "between the portals and the background would make it fair."
)
THEOS_REVIEW = "Nice colours and a good song choice. The ship part feels a bit empty, some decoration there would help a lot."
FEEDBACK = "Good eye for decoration. Next time say something about the gameplay too."
ADAS_REASON = "The dual at 60% is unreadable on small screens."
RHEAS_REASON = "Слишком много пустых мест после третьего дропа."


async def practise(stage: Stage) -> None:
    """Let Theo, a trainee, review for practice and Rhea assess it."""
    theo, rhea = Player(stage, THEO), Player(stage, RHEA)
    async with stage.step("Theo is a trainee: a plain opinion is refused"):
        card = await stage.message(words.PENDING, MIRAS.name)
        answer = await theo.press(card, words.APPROVE)
        stage.expect_private(theo.user, answer, "While you are a trainee, your opinion needs a review")
    async with stage.step("He writes a review; it goes to the curators and nowhere else"):
        opened = await theo.press(card, words.APPROVE_REVIEW)
        taken = await theo.submit(opened, {words.REVIEW: THEOS_REVIEW})
        stage.expect_private(theo.user, taken, "is on its way to the curators")
        review = await stage.message(words.TRAINEES, MIRAS.name, THEOS_REVIEW, "@Theo")
        stage.show_news()
        stage.expect_sight(review, [RHEA, THEO, ADA], [MIRA, BORIS])
        stage.expect_only(words.REVIEWS, 0, MIRAS.name)
        stage.expect_only(words.RESOLUTIONS, 0, MIRAS.name)
        stage.expect(not stage.actor(MIRA).pings, "Mira is not told", [item.content for item in stage.actor(MIRA).pings])
    async with stage.step("Rhea, his curator, approves the review and gives feedback"):
        opened = await rhea.press(review, words.APPROVE)
        taken = await rhea.submit(opened, {words.FEEDBACK: FEEDBACK})
        stage.expect_private(rhea.user, taken, "@Theo's review is approved")
        graded = await stage.message(words.TRAINEES, THEOS_REVIEW, "approved by @Rhea", FEEDBACK)
        stage.show_news()
        stage.expect(
            graded.id == review.id and not graded.components, "the same card shows the grade and has no buttons any more"
        )


async def give_opinions(stage: Stage) -> None:
    """Let reviewers judge both requests."""
    rhea, ada = Player(stage, RHEA), Player(stage, ADA)
    async with stage.step("Rhea approves with a review: Mira gets it at once, and the moderators get their card"):
        card = await stage.message(words.PENDING, MIRAS.name)
        opened = await rhea.press(card, words.APPROVE_REVIEW)
        taken = await rhea.submit(opened, {words.REVIEW: RHEAS_REVIEW})
        stage.expect_private(rhea.user, taken, "your review is on its way to the author")
        notice = await stage.message(words.REVIEWS, "@Mira", "@Rhea", MIRAS.name, RHEAS_REVIEW)
        deciding = await stage.message(words.RESOLUTIONS, MIRAS.name, "✅ 1 · ❌ 0", f"(→ #{words.REVIEWS})")
        stage.show_news()
        stage.expect_pings(notice, MIRA)
        stage.expect_message(deciding, "the moderators' card lists the opinion with a link to the review", "@Rhea · Approved")
        stage.expect_message(deciding, "it has a button for each of the six verdicts", *words.VERDICTS)
        expect_colour(stage, deciding, words.RED, "red: nobody has decided")
        stage.expect_sight(deciding, [MO, ADA], [MIRA, BORIS, THEO, RHEA])
    async with stage.step("Ada rejects it with a reason; the same card is brought up to date, and nobody is pinged"):
        before = len(stage.actor(MIRA).pings)
        opened = await ada.press(card, words.REJECT)
        taken = await ada.submit(opened, {words.REASON: ADAS_REASON})
        stage.expect_private(ada.user, taken, f"Your rejection of **{MIRAS.name}** is noted")
        again = await stage.message(words.RESOLUTIONS, MIRAS.name, "✅ 1 · ❌ 1", ADAS_REASON)
        stage.show_news()
        stage.expect(again.id == deciding.id, "it is still the one card")
        stage.expect(len(stage.actor(MIRA).pings) == before, "Mira is not pinged: an opinion without a review is the staff's own")
    async with stage.step("Nobody judges twice"):
        answer = await rhea.press(card, words.REJECT)
        stage.expect_private(rhea.user, answer, "You have given your opinion on this request already")
    async with stage.step(f"Rhea rejects {BORISS.name} with a reason"):
        card = await stage.message(words.PENDING, BORISS.name)
        opened = await rhea.press(card, words.REJECT)
        await rhea.submit(opened, {words.REASON: RHEAS_REASON})
        await stage.message(words.RESOLUTIONS, BORISS.name, "✅ 0 · ❌ 1", RHEAS_REASON)
        stage.show_news()
        stage.expect_only(words.RESOLUTIONS, 1, BORISS.name)
        stage.expect_only(words.REVIEWS, 0, BORISS.name)
