"""Write the pictures of docs/images/charts, or measure drawing: `make charts`, `make charts ARGS=--measure`."""

import asyncio
import importlib
import time
from pathlib import Path

import click

from cogs import EXTENSIONS
from config.paths import ROOT
from services.charts import ChartService
from tests.services.charts.examples import activity, all_examples, requests
from tests.services.charts.ticking import Ticker

FOLDER = ROOT / "docs" / "images" / "charts"


async def write_pictures(folder: Path) -> None:
    """Draw all examples."""
    folder.mkdir(parents=True, exist_ok=True)
    service = ChartService()
    for name, chart in all_examples().items():
        (folder / f"{name}.png").write_bytes(await service.picture(chart))
    await service.close()
    size = sum(path.stat().st_size for path in folder.glob("*.png"))
    click.echo(f"Wrote {len(all_examples())} pictures, {size // 1024} KB, to {folder}.")


async def write_page(target: Path) -> None:
    """Write one interactive file, to be looked at in a browser."""
    target.write_bytes(await ChartService().interactive(requests("ru", 366)))
    click.echo(f"Wrote {target}.")


async def measure() -> None:
    """Print how long cold and warm pictures take, and how long the event loop stood still meanwhile."""
    # As much in memory as in the real program: the garbage collector's rounds count too.
    for extension in EXTENSIONS:
        importlib.import_module(extension)
    service = ChartService()
    async with Ticker() as still:
        await asyncio.sleep(1)
    click.echo(f"longest stall without charts: {still.longest * 1000:.1f} ms")
    # Made before: inventing the figures takes the loop 30 ms itself.
    chart, big, long = requests("en", 90), activity("ru", 1826), requests("ru", 1826)
    async with Ticker() as loading:
        before = time.perf_counter()
        await service.picture(chart)
        cold = time.perf_counter() - before
    warm: list[float] = []
    async with Ticker() as rendering:
        for at in range(20):
            before = time.perf_counter()
            await service.picture(big if at % 4 == 3 else chart)
            warm.append(time.perf_counter() - before)
    async with Ticker() as writing:
        size = len(await service.interactive(long))
    async with Ticker() as closing:
        await service.close()
    median = sorted(warm)[len(warm) // 2]
    click.echo(f"cold picture: {cold:.2f} s; warm: {median:.2f} s (median of {len(warm)}); cold : warm = {cold / median:.1f} : 1")
    click.echo(f"longest stall while loading and drawing the first picture: {loading.longest * 1000:.1f} ms")
    click.echo(f"longest stall while drawing {len(warm)} more: {rendering.longest * 1000:.1f} ms")
    click.echo(f"longest stall while writing an interactive file of {size / 1e6:.1f} MB: {writing.longest * 1000:.1f} ms")
    click.echo(f"longest stall while closing: {closing.longest * 1000:.1f} ms")


@click.command()
@click.option("--measure", "is_measuring", is_flag=True, help="Measure instead of writing the pictures.")
@click.option("--page", type=click.Path(path_type=Path), help="Write an interactive file there instead.")
@click.option("--folder", type=click.Path(path_type=Path), default=FOLDER, show_default=True)
def main(is_measuring: bool, page: Path | None, folder: Path) -> None:
    """Draw example charts."""
    asyncio.run(measure() if is_measuring else write_page(page) if page else write_pictures(folder))


if __name__ == "__main__":
    main()
