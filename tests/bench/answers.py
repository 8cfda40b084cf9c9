"""How long answers take, beside those of the bare bot; both are asked in turn, so whatever else the machine does hits both."""

import asyncio

from sandbox.discord.answers import Modal
from tests.bench.figures import Row, Section, compared, median, percentile, shown
from tests.bench.stage import Stage, answered, stage, timed
from tests.e2e.steps import new_level
from util.identifiers import Flag, Route

ROUNDS, QUICK_ROUNDS = 300, 60
WARMING = 10
BATCHES = 3
BATCH, QUICK_BATCH = 100, 30


async def measure(quick: bool) -> list[Section]:
    """Measure commands and the way from a form to a card."""
    async with stage() as place:
        await place.start()
        times = await _rounds(place, QUICK_ROUNDS if quick else ROUNDS)
        used = await _processor_time(place, QUICK_BATCH if quick else BATCH)
    bare = median(times["bare"])
    names = {
        "bare": "bare command",
        "bare form": "bare command to its form",
        "info": "`/queue info` to the final answer",
        "create": "`/request create` to the form, level cached",
        "taken": "form submitted to the final answer",
        "card": "form submitted to the card",
    }
    most = {"info": 2.0, "create": 4.0, "card": 8.0}
    section = Section("Answers")
    for key, name in names.items():
        taken = times[key]
        if key == "bare":
            section.rows.append(Row(f"{name}, p50", shown(bare)))
            continue
        section.rows.append(compared(f"{name}, p50", median(taken), bare, most.get(key), "bare"))
    for key in ("bare", "info", "create", "card"):
        late = percentile(times[key], 0.95)
        section.rows.append(compared(f"{names[key]}, p95", late, percentile(times["bare"], 0.95), None, "bare p95"))
    section.rows.append(Row("processor time of a bare command", shown(used["bare"])))
    section.rows += [
        compared(f"processor time of {names[key].partition(' to ')[0]}", used[key], used["bare"], None, "bare")
        for key in ("info", "create")
    ]
    return [section]


async def _processor_time(place: Stage, count: int) -> dict[str, float]:
    """Return the seconds of processor time that a command takes the bot's process, which a busy machine hardly changes."""
    guild, member = place.guild, place.guild.people["Mira"]
    level = new_level(place.world)
    acts = {
        "bare": (place.bare, lambda: place.bare_member.slash(place.bare_channel, "bare")),
        "info": (place.real, lambda: member.slash(guild.home, "queue info")),
        "create": (place.real, lambda: member.slash(guild.home, "request create", level_id=level.id)),
    }
    await answered(acts["create"][1]())
    used = dict.fromkeys(acts, 0.0)
    for _ in range(BATCHES):
        for key, (process, act) in acts.items():
            before = process.processor_time
            for _ in range(count):
                await answered(act())
            used[key] += process.processor_time - before
    return {key: seconds / (BATCHES * count) for key, seconds in used.items()}


async def _rounds(place: Stage, count: int) -> dict[str, list[float]]:
    place.guild.join("Mira", Flag.NO_REQUEST_COOLDOWN)
    times: dict[str, list[float]] = {}
    for number in range(WARMING + count):
        for key, seconds in (await _round(place)).items():
            if number >= WARMING:
                times.setdefault(key, []).append(seconds)
    return times


async def _round(place: Stage) -> dict[str, float]:
    """Do everything once and return how long each took."""
    guild, member = place.guild, place.guild.people["Mira"]
    bare, cards = place.bare_member, guild.channels[Route.PENDING_REQUEST].messages
    level, taken = new_level(place.world), dict[str, float]()

    async def create() -> Modal:
        answer = await answered(member.slash(guild.home, "request create", level_id=level.id))
        assert answer.modal is not None, answer.content
        return answer.modal

    # The first time asks the game server.
    await create()
    await place.quiet()
    taken["bare"] = await timed(lambda: answered(bare.slash(place.bare_channel, "bare")))
    taken["info"] = await timed(lambda: answered(member.slash(guild.home, "queue info")))
    taken["bare form"] = await timed(lambda: answered(bare.slash(place.bare_channel, "bareform", level_id=1)))
    form = asyncio.ensure_future(create())
    taken["create"] = await timed(lambda: form)
    before, modal = len(cards), form.result()
    answer = asyncio.create_task(timed(lambda: answered(member.submit(modal, {"comment": "Mind the second drop."}))))
    taken["card"] = await timed(lambda: place.world.discord.wait_until(lambda: len(cards) > before, 20))
    taken["taken"] = await answer
    await place.quiet()
    return taken
