// The menu behind a right click, a long press or the menu key: what one can do here, and what bots offer.

import { html, useEffect, useLayoutEffect, useRef, useState } from "./vendor/preact-htm.js";
import { ask } from "./acts.js";
import { get, set } from "./store.js";
import { word } from "./words.js";

async function botActions({ kind, id }) {
  const place = { channel_id: get().channelId, target: kind };
  const answer = await ask("menus", place);
  const use = async (name) => {
    const used = await ask("menu", { ...place, name, target_id: id });
    if (used?.kind === "modal") set({ modal: { ...used.modal, errors: {}, busy: false } });
  };
  return (answer?.menus ?? []).map(({ name, shown }) => ({ name: `${word("menu.apps")}: ${shown}`, run: () => use(name) }));
}

function step(event, list) {
  const items = [...list.querySelectorAll("button")];
  const at = items.indexOf(document.activeElement);
  const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
  if (next === undefined) return;
  event.preventDefault();
  items[(next + items.length) % items.length].focus();
}

/** A menu at a point of the window; `menu` is {x, y, target: {kind, id}, actions: [{name, run}]}. */
export function ContextMenu({ menu, onClose }) {
  const [offered, offer] = useState([]);
  const list = useRef(null);
  const before = useRef(document.activeElement);
  useEffect(() => {
    botActions(menu.target).then(offer);
    const outside = (event) => list.current?.contains(event.target) || onClose();
    document.addEventListener("pointerdown", outside);
    return () => {
      document.removeEventListener("pointerdown", outside);
      before.current?.focus?.();
    };
  }, [menu]);
  useLayoutEffect(() => {
    const { width, height } = list.current.getBoundingClientRect();
    list.current.style.left = `${Math.max(0, Math.min(menu.x, innerWidth - width - 8))}px`;
    list.current.style.top = `${Math.max(0, Math.min(menu.y, innerHeight - height - 8))}px`;
  }, [menu, offered]);
  useEffect(() => list.current.querySelector("button")?.focus(), [menu]);
  const run = (action) => {
    onClose();
    action.run();
  };
  const keys = (event) => (event.key === "Escape" ? (event.stopPropagation(), onClose()) : step(event, list.current));
  return html`<div class="context-menu" role="menu" aria-label=${word("menu.label")} ref=${list} onKeyDown=${keys}>
    ${[...menu.actions, ...offered].map((action) => html`<button type="button" role="menuitem" onClick=${() => run(action)}>${action.name}</button>`)}
  </div>`;
}
