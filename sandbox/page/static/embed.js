// An embed: author, title, description, fields, picture and footer, with its coloured edge.

import { html } from "./vendor/preact-htm.js";
import { Markdown, colour } from "./markdown-view.js";
import { locale } from "./store.js";
import { sentAt } from "./time.js";

function Field({ field }) {
  return html`<div class="field ${field.inline ? "inline" : ""}">
    <dt><${Markdown} text=${field.name} /></dt>
    <dd><${Markdown} text=${field.value} /></dd>
  </div>`;
}

function Title({ embed }) {
  const text = html`<${Markdown} text=${embed.title} />`;
  if (!embed.url) return html`<div class="embed-title">${text}</div>`;
  return html`<a class="embed-title" href=${embed.url} target="_blank" rel="noopener noreferrer">${text}</a>`;
}

/** One embed of a message. */
export function Embed({ embed }) {
  const edge = embed.color ? { borderInlineStartColor: colour(embed.color) } : {};
  const foot = [embed.footer?.text, embed.timestamp && sentAt(embed.timestamp, locale())].filter(Boolean).join(" • ");
  return html`<article class="embed" style=${edge}>
    ${embed.thumbnail && html`<img class="thumbnail" src=${embed.thumbnail.url} alt="" />`}
    ${embed.author && html`<div class="embed-author">${embed.author.name}</div>`}
    ${embed.title && html`<${Title} embed=${embed} />`}
    ${embed.description && html`<${Markdown} text=${embed.description} />`}
    ${embed.fields?.length > 0 && html`<dl class="fields">${embed.fields.map((field) => html`<${Field} field=${field} />`)}</dl>`}
    ${embed.image && html`<img class="picture" src=${embed.image.url} alt=${embed.image.description ?? ""} />`}
    ${foot && html`<footer>${foot}</footer>`}
  </article>`;
}
