// One message: who wrote it, what it replies to, its text, embeds, files, components, and what can be done with it.

import { html } from "./vendor/preact-htm.js";
import { ask, look, notify } from "./acts.js";
import { Components } from "./components-view.js";
import { Emoji } from "./emoji.js";
import { Embed } from "./embed.js";
import { opensMenu } from "./long-press.js";
import { plainText } from "./markdown.js";
import { Markdown, colour } from "./markdown-view.js";
import { get, index, locale, set, useStore } from "./store.js";
import { moment, sentAt } from "./time.js";
import { word } from "./words.js";

const PICTURES = /^image\//;
const PALETTE = ["#4f6f52", "#7a5c99", "#9a5b3f", "#3f6f8f", "#8a4f6b", "#6b7033"];

/** The round picture of a person: their first letter on a colour that stays the same. */
export function Avatar({ name }) {
  const tone = PALETTE[[...name].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)) % 9973, 7) % PALETTE.length];
  return html`<span class="avatar" style=${{ background: tone }} aria-hidden="true">${[...name][0] ?? "?"}</span>`;
}

function Attachment({ file }) {
  if (PICTURES.test(file.content_type ?? "")) {
    return html`<a href=${file.url} target="_blank" rel="noopener"><img class="picture" src=${file.url} alt=${file.description ?? file.filename} loading="lazy" /></a>`;
  }
  const size = new Intl.NumberFormat(locale(), { style: "unit", unit: "kilobyte", maximumFractionDigits: 1 }).format(file.size / 1000);
  return html`<a class="file" href=${file.url} download=${file.filename}><span aria-hidden="true">📄</span> ${file.filename} <small>${size}</small></a>`;
}

function Reply({ message }) {
  if (!("reply" in message)) return null;
  if (message.reply === null) return html`<div class="reply">${word("message.reply_gone")}</div>`;
  const { author, content, id } = message.reply;
  const whole = get().channels.get(message.channel_id)?.list.find((other) => other.id === id);
  const names = (id) => index().members.get(id)?.display_name ?? index().roles.get(id)?.name ?? index().channels.get(id)?.name ?? id;
  return html`<div class="reply"><b>@${author.display_name}</b> ${plainText(content || whole?.embeds?.[0]?.title || "", names).slice(0, 120)}</div>`;
}

function Used({ message }) {
  if (!message.interaction) return null;
  return html`<div class="reply used">${word("message.used", { name: message.interaction.user.display_name, command: message.interaction.name })}</div>`;
}

function Reactions({ message }) {
  if (!message.reactions?.length) return null;
  const toggle = (reaction) => ask(reaction.me ? "unreact" : "react", { ...place(message), emoji: key(reaction.emoji) });
  return html`<div class="reactions">${message.reactions.map(
    (reaction) => html`<button type="button" class=${reaction.me ? "mine" : ""} aria-pressed=${reaction.me} aria-label="${reaction.emoji.name} ${reaction.count}" onClick=${() => toggle(reaction)}><${Emoji} emoji=${reaction.emoji} /> ${reaction.count}</button>`,
  )}</div>`;
}

function key(emoji) {
  return emoji.id ? `${emoji.name}:${emoji.id}` : emoji.name;
}

function place(message) {
  return { channel_id: message.channel_id, message_id: message.id };
}

/** What the person may do with a message, for its bar and its context menu: [{name, run}]. */
export function actionsOf(message) {
  if (isFailure(message)) return [dismissal(message)];
  const found = [];
  if (!message.ephemeral) {
    found.push({ name: word("message.reply"), icon: "↩", run: () => set({ replyTo: message.id, editing: null }) });
    found.push({ name: word("message.react"), icon: "👍", run: () => ask("react", { ...place(message), emoji: "👍" }) });
  }
  if (message.own) found.push({ name: word("message.edit"), icon: "✎", run: () => set({ editing: message.id, replyTo: null }) });
  if (message.deletable) found.push({ name: word("message.delete"), icon: "🗑", run: () => ask("delete", place(message)) });
  if (message.ephemeral) found.push(dismissal(message));
  found.push({ name: word("message.copy_id"), icon: "#", run: () => copy(message.id) });
  return found;
}

function dismissal(message) {
  return { name: word("message.dismiss"), icon: "✕", run: () => ask("dismiss", place(message)) };
}

async function copy(text) {
  await navigator.clipboard.writeText(text);
  notify(word("copied"), "news");
}

function Bar({ message }) {
  return html`<div class="bar">${actionsOf(message).filter(({ icon }) => icon !== "#").map(
    ({ name, icon, run }) => html`<button type="button" onClick=${run} title=${name} aria-label=${name}>${icon}</button>`,
  )}</div>`;
}

/** A message that only says that the bot did not answer: the page says it in its own words. */
function isFailure(message) {
  return message.failed && message.ephemeral && !message.embeds?.length && !message.components?.length;
}

function Head({ message }) {
  const { author } = message;
  const when = Date.parse(message.timestamp) / 1000;
  return html`<header>
    <span class="author" style=${author.color ? { color: colour(author.color) } : {}}>${author.display_name}</span>
    ${author.bot && html`<span class="badge">${word("message.app")}</span>`}
    <time datetime=${message.timestamp} title=${moment(when, "F", locale())}>${sentAt(message.timestamp, locale())}</time>
  </header>`;
}

function Body({ message }) {
  if (message.loading) return html`<p class="thinking"><span class="dots" aria-hidden="true" /> ${word("message.thinking", { name: message.author.display_name })}</p>`;
  return html`${message.content && html`<${Markdown} text=${message.content} />`}
    ${message.edited_timestamp && message.content && html`<small class="edited">${word("message.edited")}</small>`}
    ${message.embeds?.map((embed) => html`<${Embed} embed=${embed} />`)}
    ${message.attachments?.map((file) => html`<${Attachment} file=${file} />`)}
    <${Components} message=${message} />
    <${Reactions} message=${message} />
    ${message.thread && html`<button type="button" class="thread" onClick=${() => look(message.thread.id)}>🧵 ${message.thread.name}</button>`}`;
}

/** One message. `joined`: it follows another of the same author closely, so that the head is left out. */
export function Message({ message, joined, onMenu }) {
  const answered = useStore(({ replyTo }) => replyTo === message.id);
  const classes = ["message", joined && "joined", message.ephemeral && "ephemeral", message.mentions_me && "mentions", answered && "answered"];
  return html`<li class=${classes.filter(Boolean).join(" ")} id="message-${message.id}" tabindex="-1" ...${opensMenu((event) => onMenu(event, message))}>
    <${Reply} message=${message} /><${Used} message=${message} />
    ${joined ? null : html`<${Avatar} name=${message.author.display_name} />`}
    <div class="content">
      ${joined ? null : html`<${Head} message=${message} />`}
      ${isFailure(message) ? null : html`<${Body} message=${message} />`}
      ${message.failed && html`<p class="failed" role="alert">${word("message.failed")}</p>`}
      ${(message.ephemeral || (message.failed && message.own)) && html`<p class="only-you">👁 ${word("message.only_you")} <button type="button" class="plain" onClick=${dismissal(message).run}>${word("message.dismiss")}</button></p>`}
    </div>
    ${get().guild && !message.loading && html`<${Bar} message=${message} />`}
  </li>`;
}
