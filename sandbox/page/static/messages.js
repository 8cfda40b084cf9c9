// The messages of the channel in view: grouped by author and day, kept at the end while one reads there.

import { html, useEffect, useLayoutEffect, useRef, useState } from "./vendor/preact-htm.js";
import { lookBack } from "./acts.js";
import { ContextMenu } from "./menu.js";
import { Message, actionsOf } from "./message.js";
import { index, locale, useStore } from "./store.js";
import { dayOf } from "./time.js";
import { plainText } from "./markdown.js";
import { word } from "./words.js";

const TOGETHER_SECONDS = 420;
const NEAR_END = 80;

function belongsTo(message, previous) {
  if (!previous || message.reply !== undefined || message.interaction) return false;
  if (message.author.id !== previous.author.id || message.ephemeral !== previous.ephemeral || previous.failed) return false;
  return (Date.parse(message.timestamp) - Date.parse(previous.timestamp)) / 1000 < TOGETHER_SECONDS;
}

function rows(list, onMenu) {
  let day = null;
  return list.flatMap((message, number) => {
    const today = dayOf(message.timestamp, locale());
    const isNewDay = today !== day;
    day = today;
    const line = isNewDay ? [html`<li key="day-${message.id}" class="day"><span>${today}</span></li>`] : [];
    const joined = !isNewDay && belongsTo(message, list[number - 1]);
    return [...line, html`<${Message} key=${message.id} message=${message} joined=${joined} onMenu=${onMenu} />`];
  });
}

/** Keep the view at its end when it was there, and in place when older messages come in above. */
function useScrolling(box, channelId, list) {
  const before = useRef({ channelId: null, height: 0, first: null, atEnd: true });
  useLayoutEffect(() => {
    const { current: element } = box;
    const { current: last } = before;
    const first = list[0]?.id;
    if (last.channelId !== channelId || last.atEnd) element.scrollTop = element.scrollHeight;
    else if (last.first !== first) element.scrollTop += element.scrollHeight - last.height;
    before.current = { ...last, channelId, height: element.scrollHeight, first };
  });
  useEffect(() => {
    // Pictures arrive later and push the end down.
    const { current: element } = box;
    const settle = () => {
      if (before.current.atEnd) element.scrollTop = element.scrollHeight;
      before.current.height = element.scrollHeight;
    };
    const watcher = new ResizeObserver(settle);
    watcher.observe(element);
    if (element.firstElementChild) watcher.observe(element.firstElementChild);
    return () => watcher.disconnect();
  }, [channelId]);
  return () => {
    const { current: element } = box;
    // What has grown since the view was put at the end has moved the end, not the reader.
    if (before.current.atEnd && element.scrollHeight > before.current.height) element.scrollTop = element.scrollHeight;
    before.current.atEnd = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_END;
    before.current.height = element.scrollHeight;
    if (element.scrollTop < NEAR_END) lookBack();
  };
}

function useSpoken(channelId, list) {
  const [spoken, speak] = useState("");
  const known = useRef({ channelId: null, last: null });
  useEffect(() => {
    const last = list.at(-1);
    const names = (id) => index().members.get(id)?.display_name ?? "";
    if (known.current.channelId === channelId && last && last.id !== known.current.last && !last.loading) {
      const texts = [plainText(last.content ?? "", names), ...(last.embeds ?? []).map((embed) => embed.title ?? "")];
      speak(`${last.author.display_name}: ${texts.filter(Boolean).join(". ").slice(0, 300)}`);
    }
    known.current = { channelId, last: last?.loading ? known.current.last : last?.id };
  }, [channelId, list]);
  return spoken;
}

function arrowKeys(event) {
  if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
  const up = event.key === "ArrowUp";
  const all = [...event.currentTarget.querySelectorAll("li.message")];
  const here = all.indexOf(event.target);
  if (here < 0 && event.target.tagName !== "OL") return;
  const next = here < 0 ? all.at(up ? -1 : 0) : all[here + (up ? -1 : 1)];
  if (next) {
    event.preventDefault();
    next.focus();
  }
}

const NONE = { list: [], more: false, loaded: false };

/** The list of messages. */
export function Messages() {
  const channelId = useStore((state) => state.channelId);
  const { list, more, loaded } = useStore((state) => state.channels.get(state.channelId) ?? NONE);
  const [menu, openMenu] = useState(null);
  const box = useRef(null);
  const scrolled = useScrolling(box, channelId, list);
  const spoken = useSpoken(channelId, list);
  const onMenu = (event, message) => {
    if (event.target.closest("a, input, textarea")) return;
    event.preventDefault();
    openMenu({ x: event.clientX, y: event.clientY, target: { kind: "message", id: message.id }, actions: actionsOf(message) });
  };
  return html`<div class="messages" ref=${box} onScroll=${scrolled} onKeyDown=${arrowKeys}>
    <ol aria-label=${word("messages.label")} aria-busy=${!loaded} tabindex="0">
      ${!more && loaded && html`<li class="beginning">${list.length > 0 ? word("messages.beginning") : word("messages.none")}</li>`}
      ${rows(list, onMenu)}
    </ol>
    <div class="hidden" aria-live="polite">${spoken}</div>
    ${menu && html`<${ContextMenu} menu=${menu} onClose=${() => openMenu(null)} />`}
  </div>`;
}
