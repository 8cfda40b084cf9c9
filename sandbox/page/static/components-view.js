// Buttons, selects and the other components under a message, and what they do when they are used.

import { html, useState } from "./vendor/preact-htm.js";
import { choose, press } from "./acts.js";
import { Emoji, emojiText } from "./emoji.js";
import { Markdown, colour } from "./markdown-view.js";
import { index, useStore } from "./store.js";
import { word } from "./words.js";

const ROW = 1;
const BUTTON = 2;
const TEXT_SELECT = 3;
const ENTITY_SELECTS = { 5: "members", 6: "roles", 7: "both", 8: "channels" };
const STYLES = { 1: "primary", 2: "secondary", 3: "success", 4: "danger", 5: "link", 6: "secondary" };

function Button({ item, message }) {
  const waits = useStore(({ waiting }) => waiting.has(`${message.id}:${item.custom_id}`));
  const inside = html`<${Emoji} emoji=${item.emoji} />${item.label && html`<span>${item.label}</span>`}`;
  if (item.style === 5) {
    return html`<a class="button link" href=${item.url} target="_blank" rel="noopener noreferrer">${inside} <span aria-hidden="true">↗</span></a>`;
  }
  return html`<button type="button" class="button ${STYLES[item.style] ?? "secondary"}" disabled=${item.disabled || waits}
    aria-busy=${waits} onClick=${() => press(message, item.custom_id)}>${waits ? html`<span class="dots" aria-label=${word("message.waiting")} />` : inside}</button>`;
}

/** The options of a select as {label, value, description, default}, whatever kind it is. */
export function optionsOf(item) {
  if (item.type === TEXT_SELECT) return item.options;
  const { members, roles, channels } = index();
  const named = (things, mark) => [...things.values()].map((thing) => ({ value: thing.id, label: `${mark}${thing.display_name ?? thing.name}` }));
  const defaults = new Set((item.default_values ?? []).map(({ id }) => id));
  const people = named(members, "@");
  const groups = named(roles, "@");
  const places = named(channels, "#").filter(({ value }) => !item.channel_types?.length || item.channel_types.includes(channels.get(value).type));
  const found = { members: people, roles: groups, both: [...people, ...groups], channels: places }[ENTITY_SELECTS[item.type]] ?? [];
  return found.map((option) => ({ ...option, default: defaults.has(option.value) }));
}

function Select({ item, message }) {
  const waits = useStore(({ waiting }) => waiting.has(`${message.id}:${item.custom_id}`));
  const options = optionsOf(item);
  const given = options.filter((option) => option.default).map(({ value }) => value);
  const [chosen, choosing] = useState(given);
  const label = item.placeholder || word("select.choose");
  const several = (item.max_values ?? 1) > 1 || item.min_values === 0;
  const send = (values) => choose(message, item.custom_id, values);
  if (!several) {
    return html`<select class="select" aria-label=${label} disabled=${item.disabled || waits} onChange=${(event) => send([event.currentTarget.value])}>
      <option value="" disabled selected=${given.length === 0}>${label}</option>
      ${options.map((option) => html`<option value=${option.value} selected=${given.includes(option.value)} title=${option.description}>${emojiText(option.emoji)}${option.label}</option>`)}
    </select>`;
  }
  const toggle = (value) => choosing(chosen.includes(value) ? chosen.filter((other) => other !== value) : [...chosen, value]);
  const fits = chosen.length >= (item.min_values ?? 1) && chosen.length <= (item.max_values ?? 1);
  return html`<details class="select several">
    <summary>${chosen.length > 0 ? options.filter(({ value }) => chosen.includes(value)).map((option) => option.label).join(", ") : label}</summary>
    <fieldset disabled=${item.disabled || waits}><legend class="hidden">${label}</legend>
      ${options.map((option) => html`<label><input type="checkbox" checked=${chosen.includes(option.value)} onChange=${() => toggle(option.value)} /> <${Emoji} emoji=${option.emoji} /> ${option.label}${option.description && html` <small>${option.description}</small>`}</label>`)}
      <button type="button" class="button primary" disabled=${!fits} onClick=${() => send(chosen)}>${word("select.done")}</button>
    </fieldset>
  </details>`;
}

function Section({ item, message }) {
  return html`<div class="section"><div>${item.components.map((child) => html`<${Component} item=${child} message=${message} />`)}</div>
    <${Component} item=${item.accessory} message=${message} /></div>`;
}

function Gallery({ item }) {
  return html`<div class="gallery">${item.items.map(({ media, description }) => html`<img src=${media.url} alt=${description ?? ""} />`)}</div>`;
}

function Component({ item, message }) {
  const all = (children) => children.map((child) => html`<${Component} item=${child} message=${message} />`);
  switch (item.type) {
    case ROW: return html`<div class="row">${all(item.components)}</div>`;
    case BUTTON: return html`<${Button} item=${item} message=${message} />`;
    case 9: return html`<${Section} item=${item} message=${message} />`;
    case 10: return html`<${Markdown} text=${item.content} />`;
    case 11: return html`<img class="thumbnail" src=${item.media.url} alt=${item.description ?? ""} />`;
    case 12: return html`<${Gallery} item=${item} />`;
    case 14: return html`<hr class=${item.divider === false ? "space" : ""} />`;
    case 17: return html`<div class="container" style=${item.accent_color ? { borderInlineStartColor: colour(item.accent_color) } : {}}>${all(item.components)}</div>`;
    default: return item.type === TEXT_SELECT || item.type in ENTITY_SELECTS ? html`<${Select} item=${item} message=${message} />` : null;
  }
}

/** Everything under a message that can be used. */
export function Components({ message }) {
  if (!message.components?.length) return null;
  return html`<div class="components">${message.components.map((item) => html`<${Component} item=${item} message=${message} />`)}</div>`;
}
