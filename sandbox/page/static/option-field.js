// One option of a slash command while it is filled in: the right kind of field for each type.

import { html, useEffect, useState } from "./vendor/preact-htm.js";
import { suggestions, upload } from "./acts.js";
import { Combobox, matching } from "./combobox.js";
import { Prepared } from "./prepared.js";
import { index } from "./store.js";
import { word } from "./words.js";

const INTEGER = 4;
const BOOLEAN = 5;
const USER = 6;
const CHANNEL = 7;
const ROLE = 8;
const MENTIONABLE = 9;
const NUMBER = 10;
const ATTACHMENT = 11;
const PAUSE_MS = 120;

function entities(option) {
  const { members, roles, channels } = index();
  const people = [...members.values()].map(({ id, display_name: name, name: account }) => ({ value: id, label: `@${name}`, also: account }));
  const groups = [...roles.values()].map(({ id, name, color }) => ({ value: id, label: name === "@everyone" ? name : `@${name}`, color }));
  const places = [...channels.values()]
    .filter(({ type }) => (option.channel_types?.length ? option.channel_types.includes(type) : true))
    .map(({ id, name }) => ({ value: id, label: `#${name}` }));
  return { [USER]: people, [ROLE]: groups, [CHANNEL]: places, [MENTIONABLE]: [...people, ...groups] }[option.type];
}

/** The fixed list an option is chosen from, or null when anything can be typed. */
export function fixedList(option) {
  if (option.type === BOOLEAN) return [true, false].map((value) => ({ value, label: word(value ? "yes" : "no") }));
  if (option.choices) return option.choices.map(({ name, value }) => ({ value, label: name }));
  return entities(option) ?? null;
}

/** What was typed as a value of the option's type; undefined when it is none yet. */
export function valueOf(option, text) {
  const typed = text.trim();
  if (!typed) return undefined;
  const list = fixedList(option);
  if (list) return list.find(({ label }) => label.replace(/^[@#]/, "").toLowerCase() === typed.replace(/^[@#]/, "").toLowerCase())?.value;
  if (option.type === INTEGER) return /^[+-]?\d{1,15}$/.test(typed) ? Number(typed) : undefined;
  if (option.type === NUMBER) return Number.isFinite(Number(typed)) ? Number(typed) : undefined;
  return text;
}

/** What is wrong with an option as it stands, in words; null when nothing is. `entry`: {text, value}. */
export function complaint(option, entry) {
  if (!entry || (entry.value === undefined && !entry.text?.trim())) return option.required ? word("option.required") : null;
  if (entry.value === undefined) return fixedList(option) ? word("option.not_in_list") : word("option.not_a_number");
  if (typeof entry.value === "number") {
    if (option.min_value !== undefined && entry.value < option.min_value) return word("option.least", { count: option.min_value });
    if (option.max_value !== undefined && entry.value > option.max_value) return word("option.most", { count: option.max_value });
  }
  if (typeof entry.value === "string" && option.type === 3) {
    if (option.min_length && entry.value.length < option.min_length) return word("field.short", { count: option.min_length });
    if (option.max_length && entry.value.length > option.max_length) return word("field.long", { count: option.max_length });
  }
  return null;
}

function useChoices(command, option, entries) {
  const [{ found, of }, find] = useState({ found: [], of: null });
  const [asked, ask] = useState(false);
  const text = entries[option.name]?.text ?? "";
  useEffect(() => {
    if (!option.autocomplete || !asked) return undefined;
    let current = true;
    const timer = setTimeout(async () => {
      const filled = Object.fromEntries(Object.entries(entries).filter(([, entry]) => entry.value !== undefined).map(([name, { value }]) => [name, value]));
      const choices = await suggestions(command.name, option.name, { ...filled, [option.name]: text });
      if (current) find({ found: choices.map(({ name, value }) => ({ value, label: name })), of: text });
    }, PAUSE_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [text, asked]);
  return { suggested: found, pending: Boolean(option.autocomplete) && of !== text, askFor: () => ask(true) };
}

function FileField({ option, entry, onChange, focusNow }) {
  const choose = async (event) => {
    const [file] = event.currentTarget.files;
    if (!file) return;
    onChange({ text: `${file.name}…`, value: undefined });
    const made = await upload(file);
    onChange(made ? { text: made.filename, value: made.upload_id, file: made } : { text: "", value: undefined });
  };
  return html`<input type="file" aria-label=${option.shown} onChange=${choose} ref=${(element) => focusNow && element?.focus()} />${entry?.file ? html`<${Prepared} file=${entry.file} />` : entry?.text && html`<small>${entry.text}</small>`}`;
}

/** The field of one option. `entries`: all options' {text, value}; `onChange(entry)`; `onKey` gets what the list does not use. */
export function OptionField({ command, option, entries, error, onChange, onKey, onRemove, focusNow }) {
  const { suggested, pending, askFor } = useChoices(command, option, entries);
  const entry = entries[option.name];
  const list = fixedList(option);
  const text = entry?.text ?? "";
  const options = option.autocomplete ? suggested : list ? matching(list, entry?.value === undefined ? text : "") : [];
  const describedBy = `about-${option.name}`;
  const field = { "aria-describedby": describedBy, "aria-invalid": Boolean(error), inputmode: [INTEGER, NUMBER].includes(option.type) ? "numeric" : "text", size: Math.max(8, Math.min(36, text.length + 2)) };
  return html`<div class="option ${error ? "wrong" : ""}">
    <span class="option-name">${option.shown}${option.required ? "" : html`<button type="button" class="plain" aria-label=${word("option.remove", { name: option.shown })} onClick=${onRemove}>✕</button>`}</span>
    ${option.type === ATTACHMENT
      ? html`<${FileField} option=${option} entry=${entry} onChange=${onChange} focusNow=${focusNow} />`
      : html`<${Combobox} text=${text} options=${options} pending=${pending} label=${option.shown} field=${field} focusNow=${focusNow} onFocus=${askFor}
          onText=${(typed) => onChange({ text: typed, value: valueOf(option, typed) })}
          onPick=${(picked) => onChange({ text: picked.label, value: picked.value })} onKey=${onKey} />`}
    <small class=${error ? "error" : ""} id=${describedBy}>${error ?? option.description}</small>
  </div>`;
}
