// A form that a bot opened: Discord's labels, text fields, selects and files, checked before they are sent.

import { html, useLayoutEffect, useRef, useState } from "./vendor/preact-htm.js";
import { closeModal, submitModal, upload } from "./acts.js";
import { optionsOf } from "./components-view.js";
import { emojiText } from "./emoji.js";
import { Markdown } from "./markdown-view.js";
import { Prepared } from "./prepared.js";
import { useStore } from "./store.js";
import { Tour } from "./tour.js";
import { word } from "./words.js";

const ROW = 1;
const TEXT_INPUT = 4;
const TEXT_DISPLAY = 10;
const LABEL = 18;
const FILE_UPLOAD = 19;
const PARAGRAPH = 2;

/** The fields of a form: [{item, label, description}], and texts between them as {text}. */
function partsOf(components) {
  return components.flatMap((part) => {
    if (part.type === TEXT_DISPLAY) return [{ text: part.content }];
    if (part.type === LABEL) return [{ item: part.component, label: part.label, description: part.description }];
    if (part.type === ROW) return part.components.map((item) => ({ item, label: item.label }));
    return [];
  });
}

function isRequired(item) {
  return item.required ?? true;
}

function given(item) {
  if (item.type === TEXT_INPUT) return item.value ?? "";
  if (item.type === FILE_UPLOAD) return [];
  return optionsOf(item).filter((option) => option.default).map(({ value }) => value);
}

/** What is wrong with a value, in words; null when nothing is. */
function complaint(item, value) {
  if (isRequired(item) && (typeof value === "string" ? !value.trim() : value.length === 0)) return word("option.required");
  if (typeof value === "string" && value) {
    if (item.min_length && value.length < item.min_length) return word("field.short", { count: item.min_length });
    if (item.max_length && value.length > item.max_length) return word("field.long", { count: item.max_length });
  }
  return null;
}

function TextInput({ item, value, onChange, common }) {
  const typed = (event) => onChange(event.currentTarget.value);
  const options = { value, placeholder: item.placeholder ?? "", maxlength: item.max_length ?? 4000, onInput: typed, ...common };
  const field = item.style === PARAGRAPH ? html`<textarea rows="5" ...${options} />` : html`<input type="text" ...${options} />`;
  const most = item.max_length ?? 4000;
  return html`${field}<small class="counter" aria-hidden="true">${value.length}/${most}</small>`;
}

function Choice({ item, value, onChange, common }) {
  const options = optionsOf(item);
  const several = (item.max_values ?? 1) > 1;
  const picked = (event) => onChange([...event.currentTarget.selectedOptions].map((option) => option.value).filter(Boolean));
  return html`<select multiple=${several} onChange=${picked} ...${common}>
    ${!several && html`<option value="" selected=${value.length === 0}>${item.placeholder || word("select.choose")}</option>`}
    ${options.map((option) => html`<option value=${option.value} selected=${value.includes(option.value)}>${emojiText(option.emoji)}${option.label}${option.description ? ` — ${option.description}` : ""}</option>`)}
  </select>`;
}

function Files({ item, onChange, common }) {
  const [chosen, choose] = useState([]);
  const picked = async (event) => {
    const made = (await Promise.all([...event.currentTarget.files].map(upload))).filter(Boolean);
    choose(made);
    onChange(made.map(({ upload_id: id }) => id));
  };
  return html`<input type="file" multiple=${(item.max_values ?? 1) > 1} onChange=${picked} ...${common} />
    ${chosen.length > 0 && html`<ul class="uploads">${chosen.map((file) => html`<li><${Prepared} file=${file} /></li>`)}</ul>`}`;
}

function Part({ part, value, error, onChange }) {
  if (part.text !== undefined) return html`<${Markdown} text=${part.text} />`;
  const { item } = part;
  const id = `field-${item.custom_id}`;
  const common = { id, "aria-describedby": `${id}-about`, "aria-invalid": Boolean(error), "aria-required": isRequired(item), name: item.custom_id };
  const Kind = { [TEXT_INPUT]: TextInput, [FILE_UPLOAD]: Files }[item.type] ?? Choice;
  return html`<div class="field ${error ? "wrong" : ""}">
    <label for=${id}>${part.label}${isRequired(item) && html` <span class="star" aria-hidden="true">*</span>`}</label>
    ${part.description && html`<p class="description">${part.description}</p>`}
    <${Kind} item=${item} value=${value} onChange=${onChange} common=${common} />
    <p class="error" id="${id}-about" role=${error ? "alert" : undefined}>${error ?? ""}</p>
  </div>`;
}

/** Keep the keyboard inside the form, and the tour beside it, while it is on the screen. */
function keepInside(event, box) {
  if (event.key === "Escape") {
    event.stopPropagation();
    closeModal();
  }
  if (event.key !== "Tab") return;
  const stops = [...box.querySelectorAll("input, textarea, select, button:not(:disabled), a[href]")];
  const [first, last] = [stops[0], stops.at(-1)];
  if (event.shiftKey && document.activeElement === first) {
    event.preventDefault();
    last.focus();
  } else if (!event.shiftKey && document.activeElement === last) {
    event.preventDefault();
    first.focus();
  }
}

function Form({ modal }) {
  const parts = partsOf(modal.components);
  const items = parts.filter(({ item }) => item).map(({ item }) => item);
  const [values, fill] = useState(() => Object.fromEntries(items.map((item) => [item.custom_id, given(item)])));
  const [own, complain] = useState({});
  const box = useRef(null);
  const before = useRef(document.activeElement);
  useLayoutEffect(() => {
    box.current.querySelector("input, textarea, select")?.focus();
    return () => (before.current?.isConnected ? before.current : document.querySelector(".composer textarea"))?.focus();
  }, []);
  const errors = { ...modal.errors, ...own };
  const send = (event) => {
    event.preventDefault();
    const found = Object.fromEntries(items.map((item) => [item.custom_id, complaint(item, values[item.custom_id])]).filter(([, said]) => said));
    complain(found);
    const [first] = Object.keys(found);
    if (first) box.current.querySelector(`[name="${CSS.escape(first)}"]`)?.focus();
    else submitModal(values);
  };
  const change = (id, value) => {
    fill({ ...values, [id]: value });
    complain({ ...own, [id]: undefined });
  };
  return html`<div class="dialog-shade" ref=${box} onKeyDown=${(event) => keepInside(event, box.current)}><${Tour} />
    <form class="dialog modal" role="dialog" aria-modal="true" aria-labelledby="modal-title" onSubmit=${send} noValidate>
    <header><h2 id="modal-title">${modal.title}</h2><button type="button" class="plain" aria-label=${word("close")} onClick=${closeModal}>✕</button></header>
    <div class="scroll">${parts.map((part) => html`<${Part} key=${part.item?.custom_id ?? part.text} part=${part} value=${values[part.item?.custom_id]}
      error=${errors[part.item?.custom_id]} onChange=${(value) => change(part.item.custom_id, value)} />`)}
      ${modal.failed && html`<p class="error" role="alert">${word("modal.failed")}</p>`}</div>
    <footer><button type="button" class="button secondary" onClick=${closeModal}>${word("cancel")}</button>
      <button type="submit" class="button primary" disabled=${modal.busy} aria-busy=${modal.busy}>${word("modal.submit")}</button></footer>
  </form></div>`;
}

/** The form on the screen, if any. */
export function Modal() {
  const modal = useStore((state) => state.modal);
  return modal && html`<${Form} key=${modal.id} modal=${modal} />`;
}
