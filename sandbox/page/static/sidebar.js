// The left side: the guild, its channels with what is unread, direct messages, and who one is.

import { html } from "./vendor/preact-htm.js";
import { look } from "./acts.js";
import { Avatar } from "./message.js";
import { People } from "./people.js";
import { useStore } from "./store.js";
import { word } from "./words.js";

const CATEGORY = 4;

function Unread({ channel }) {
  if (!channel.unread) return null;
  if (channel.mentions) return html`<span class="count" aria-label=${word("channel.mentions", { count: channel.mentions })}>${channel.mentions}</span>`;
  return html`<span class="dot" aria-label=${word("channel.unread")} />`;
}

function Channel({ channel, current }) {
  const mark = channel.thread ? "🧵" : channel.type === 5 ? "📣" : "#";
  return html`<li class="${channel.thread ? "inner" : ""} ${channel.unread ? "unread" : ""}">
    <button type="button" aria-current=${channel.id === current ? "page" : undefined} onClick=${() => look(channel.id)}>
      <span class="mark" aria-hidden="true">${mark}</span><span class="name">${channel.name}</span><${Unread} channel=${channel} />
    </button>
  </li>`;
}

function Direct({ dm, current }) {
  return html`<li class=${dm.unread ? "unread" : ""}>
    <button type="button" aria-current=${dm.id === current ? "page" : undefined} onClick=${() => look(dm.id)}>
      <${Avatar} name=${dm.user.display_name} /><span class="name">${dm.user.display_name}</span><${Unread} channel=${dm} />
    </button>
  </li>`;
}

/** Channels under their categories, those without one first: [{category, channels}]. */
function grouped(channels) {
  const inside = (id) => channels.filter((channel) => channel.type !== CATEGORY && parentOf(channel, channels) === id);
  const groups = channels.filter(({ type }) => type === CATEGORY).map((category) => ({ category, channels: inside(category.id) }));
  return [{ category: null, channels: inside(null) }, ...groups.filter((group) => group.channels.length > 0)];
}

function parentOf(channel, channels) {
  if (!channel.thread) return channel.parent_id;
  return channels.find(({ id }) => id === channel.parent_id)?.parent_id ?? null;
}

function arrowKeys(event) {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const all = [...event.currentTarget.querySelectorAll("li button")];
  const next = all[all.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1)];
  if (next) {
    event.preventDefault();
    next.focus();
  }
}

/** The left side. */
export function Sidebar() {
  const guild = useStore((state) => state.guild);
  const current = useStore((state) => state.channelId);
  const open = useStore(({ drawer }) => drawer === "channels");
  if (guild === null) return null;
  return html`<nav class="sidebar ${open ? "open" : ""}" aria-label=${word("channels.label")} onKeyDown=${arrowKeys}>
    <h1>${guild.guild.name}</h1>
    <div class="scroll">
      ${grouped(guild.channels).map(
        ({ category, channels }) => html`<section>${category && html`<h2>${category.name}</h2>`}
          <ul>${channels.map((channel) => html`<${Channel} key=${channel.id} channel=${channel} current=${current} />`)}</ul></section>`,
      )}
      ${guild.dms.length > 0 && html`<section><h2>${word("channels.direct")}</h2><ul>${guild.dms.map((dm) => html`<${Direct} key=${dm.id} dm=${dm} current=${current} />`)}</ul></section>`}
    </div>
    <${People} />
  </nav>`;
}
