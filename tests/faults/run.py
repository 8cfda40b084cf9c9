"""Play many seeds and print the figures: `python -m tests.faults.run --runs 500 --first-seed 1 --jobs 2`, or one by `--seed`."""

import argparse
import asyncio
import sys
from collections import Counter
from collections.abc import Sequence

from config.settings import Settings
from tests.faults.plan import make_plan
from tests.faults.play import Result, play
from tests.faults.stage import Stage


async def play_all(
    stage: Stage, seeds: Sequence[int], *, jobs: int, postgres: bool | None = None, tell: bool = False
) -> list[Result]:
    """Play seeds, so many at once, and return how they ended."""
    free = asyncio.Semaphore(jobs)
    stage.enter()

    async def one(seed: int) -> Result:
        async with free:
            result = await play(stage, make_plan(seed, postgres=postgres))
        if tell:
            ends = f"{len(result.differences)} DIFFERENCES" if result.differences else "as it must be"
            _say(f"seed {seed}: {ends} ({result.seconds:.1f} s, {result.kills} kills)")
            if result.differences:
                _say(str(result))
        return result

    return list(await asyncio.gather(*(one(seed) for seed in seeds)))


def table(results: Sequence[Result]) -> str:
    """Return the figures of all runs."""
    faults = sum((result.faults for result in results), Counter[str]())
    failed = [result.plan.seed for result in results if result.differences]
    lines = [
        f"runs                                   {len(results):>7}",
        f"  on PostgreSQL                        {sum(result.plan.postgres for result in results):>7}",
        f"faults                                 {faults.total():>7}",
        *(f"  {name:<36} {count:>7}" for name, count in faults.most_common()),
        f"calls to Discord that were hit         {sum(result.hits for result in results):>7}",
        f"kills                                  {sum(result.kills for result in results):>7}",
        f"ends without a kill                    {sum(result.ended for result in results):>7}",
        f"interactions                           {sum(result.interactions for result in results):>7}",
        f"  without an answer, under a fault     {sum(result.unanswered for result in results):>7}",
        f"  without one for want of a processor  {sum(result.starved for result in results):>7}",
        f"  repeated by people                   {sum(result.repeats for result in results):>7}",
        f"events recorded                        {sum(result.events for result in results):>7}",
        f"longest acknowledgement, seconds       {max((result.longest for result in results), default=0.0):>7.2f}",
        f"runs with differences                  {len(failed):>7}  {' '.join(map(str, failed))}".rstrip(),
    ]
    return "\n".join(lines)


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main() -> None:
    """Play what the command line asks for; the exit code tells whether all was as it must be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=30)
    parser.add_argument("--first-seed", type=int, default=1)
    parser.add_argument("--seed", type=int, help="only this one")
    parser.add_argument("--jobs", type=int, default=1, help="how many at once")
    parser.add_argument("--postgres", action="store_true", default=None, help="all of them on PostgreSQL")
    options = parser.parse_args()
    Settings.model_config["env_file"] = None
    seeds = [options.seed] if options.seed is not None else range(options.first_seed, options.first_seed + options.runs)
    if options.seed is not None:
        _say(str(make_plan(options.seed, postgres=options.postgres)))
    stage = Stage()
    try:
        results = asyncio.run(play_all(stage, seeds, jobs=options.jobs, postgres=options.postgres, tell=True))
    finally:
        stage.close()
    _say(table(results))
    sys.exit(any(result.differences for result in results))


if __name__ == "__main__":
    main()
