// Emoji: those that are letters are written, those of a server are drawn as a small tile, for the sandbox has no pictures of them.

import { html } from "./vendor/preact-htm.js";

const TONES = ["#2f7d55", "#7a5ca8", "#a8553a", "#32719a", "#95496f", "#6b7033"];

/** A server's own emoji, by name and id. */
export function CustomEmoji({ name, id }) {
  const tone = TONES[Number(BigInt(id) % BigInt(TONES.length))];
  return html`<span class="emoji custom" role="img" aria-label=":${name}:" title=":${name}:" style=${{ background: tone }}>${[...name][0].toUpperCase()}</span>`;
}

/** An emoji in the form in which components and reactions have it: {name, id?}. */
export function Emoji({ emoji }) {
  if (!emoji) return null;
  return emoji.id ? html`<${CustomEmoji} ...${emoji} />` : html`<span class="emoji" aria-hidden="true">${emoji.name}</span>`;
}

/** The same where only text can stand. */
export function emojiText(emoji) {
  if (!emoji) return "";
  return emoji.id ? `:${emoji.name}: ` : `${emoji.name} `;
}
