// A file that was chosen and is not sent yet.

import { html } from "./vendor/preact-htm.js";

// What the server shows as it is (`sandbox/page/files.py`).
const PICTURES = /^image\/(?:png|jpeg|gif|webp)$/;

/** Its picture, if it is one, and its name. `file`: {upload_id, filename, content_type}. */
export function Prepared({ file }) {
  const picture = PICTURES.test(file.content_type);
  return html`<span class="prepared">${picture ? html`<img src="/uploads/${file.upload_id}" alt="" />` : html`<span aria-hidden="true">📄</span>`} ${file.filename}</span>`;
}
