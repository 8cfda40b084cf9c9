// Draws the tree of `markdown.js`. Text becomes text nodes only; nothing is ever read as HTML.

import { html, useEffect, useState } from "./vendor/preact-htm.js";
import { commandsHere, look } from "./acts.js";
import { CustomEmoji } from "./emoji.js";
import { parse } from "./markdown.js";
import { get, index, locale, set } from "./store.js";
import { moment } from "./time.js";
import { word } from "./words.js";

function Moment({ seconds, style }) {
  const [, tick] = useState(0);
  useEffect(() => {
    if (style !== "R") return undefined;
    const timer = setInterval(() => tick((count) => count + 1), 1000);
    return () => clearInterval(timer);
  }, [style]);
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) return `<t:${seconds}:${style}>`;
  const full = moment(seconds, "F", locale());
  return html`<time class="moment" datetime=${date.toISOString()} title=${full}>${moment(seconds, style, locale())}</time>`;
}

function Spoiler({ children }) {
  const [shown, show] = useState(false);
  const open = () => show(true);
  if (shown) return html`<span class="spoiler shown">${children}</span>`;
  return html`<button type="button" class="spoiler" onClick=${open} aria-label=${word("message.spoiler")}><span aria-hidden="true">${children}</span></button>`;
}

function CommandMention({ name }) {
  const type = async () => {
    const known = (await commandsHere()).find((command) => command.name === name);
    if (known) set({ typed: { command: known.name, at: Date.now() } });
  };
  return html`<button type="button" class="mention" onClick=${type}>/${name}</button>`;
}

function mention(node) {
  const { members, roles, channels } = index();
  switch (node.type) {
    case "member": {
      const name = members.get(node.id)?.display_name ?? word("member.unknown");
      return html`<span class="mention ${node.id === get().personId ? "me" : ""}">@${name}</span>`;
    }
    case "role": {
      const role = roles.get(node.id);
      const mine = get().guild?.me.roles.includes(node.id);
      return html`<span class="mention ${mine ? "me" : ""}" style=${role?.color ? { color: colour(role.color) } : {}}>@${role?.name ?? word("role.unknown")}</span>`;
    }
    default: {
      const channel = channels.get(node.id);
      if (!channel) return html`<span class="mention">#${word("channel.unknown")}</span>`;
      return html`<button type="button" class="mention" onClick=${() => look(channel.id)}>#${channel.name}</button>`;
    }
  }
}

/** Write a colour (0xRRGGBB) for a style. */
export function colour(number) {
  return `#${number.toString(16).padStart(6, "0")}`;
}

function listOf(node) {
  const items = node.items.map((item) => html`<li class="depth-${Math.min(item.depth, 3)}">${item.inside.map(draw)}</li>`);
  return node.ordered ? html`<ol start=${node.start}>${items}</ol>` : html`<ul>${items}</ul>`;
}

function link(node) {
  return html`<a href=${node.url} target="_blank" rel="noopener noreferrer nofollow">${node.inside.map(draw)}</a>`;
}

const TAGS = { strong: "strong", em: "em", underline: "u", strike: "s", quote: "blockquote", text: "span", subtext: "small" };

function draw(node) {
  if (typeof node === "string") return node;
  switch (node.type) {
    case "code": return html`<code>${node.text}</code>`;
    case "fence": return html`<pre tabindex="0"><code>${node.text}</code></pre>`;
    case "heading": return html`<p class="heading level-${node.level}" role="heading" aria-level=${node.level + 3}>${node.inside.map(draw)}</p>`;
    case "list": return listOf(node);
    case "spoiler": return html`<${Spoiler}>${node.inside.map(draw)}<//>`;
    case "moment": return html`<${Moment} seconds=${node.seconds} style=${node.style} />`;
    case "emoji": return html`<${CustomEmoji} name=${node.name} id=${node.id} />`;
    case "everyone": return html`<span class="mention me">@${node.name}</span>`;
    case "command": return html`<${CommandMention} name=${node.name} />`;
    case "link": return link(node);
    case "member": case "role": case "channel": return mention(node);
    default: return html`<${TAGS[node.type]} class=${node.type}>${node.inside.map(draw)}<//>`;
  }
}

/** A message's text. */
export function Markdown({ text }) {
  return html`<div class="markdown">${parse(text).map(draw)}</div>`;
}
