"""What axe-core finds in a page that would keep somebody out."""

from pathlib import Path
from typing import Any, Final

from playwright.async_api import Page

AXE: Final = (Path(__file__).parent / "vendor" / "axe.min.js").read_text("utf-8")
GRAVE: Final = ("serious", "critical")

_RUN: Final = """async () => {
  const { violations } = await axe.run(document, { resultTypes: ["violations"] });
  return violations.map(({ id, impact, help, nodes }) => ({ id, impact, help, nodes: nodes.map(({ html, any }) =>
    `${html.slice(0, 160)} ${any.map(({ message }) => message).join(" ").slice(0, 200)}`) }));
}"""


async def barriers(page: Page) -> list[str]:
    """Return the serious and critical findings in a page as it stands, in words."""
    # The page's own policy lets no script in that is not its own; the browser's tools may.
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(AXE)
    found: list[dict[str, Any]] = await page.evaluate(_RUN)
    grave = [item for item in found if item["impact"] in GRAVE]
    return [f"{item['id']} ({item['impact']}): {item['help']}\n  {node}" for item in grave for node in item["nodes"]]
