// A slash command while it is filled in, in the place of the text field.

import { html, useLayoutEffect, useRef, useState } from "./vendor/preact-htm.js";
import { notify, slash } from "./acts.js";
import { OptionField, complaint } from "./option-field.js";
import { wordsByPlace, wordsOf } from "./refusals.js";
import { Lost, Refused } from "./socket.js";
import { word } from "./words.js";

function complaints(command, shown, entries) {
  const found = {};
  for (const option of command.options) {
    const said = shown.has(option.name) || option.required ? complaint(option, entries[option.name]) : null;
    if (said) found[option.name] = said;
  }
  return found;
}

async function send(command, entries) {
  const filled = Object.entries(entries).filter(([, { value }]) => value !== undefined);
  try {
    await slash(command.name, Object.fromEntries(filled.map(([name, { value }]) => [name, value])));
    return null;
  } catch (error) {
    if (!(error instanceof Refused || error instanceof Lost)) throw error;
    const places = error.places ?? [];
    if (places.length === 0) notify(wordsOf(error));
    return wordsByPlace(places);
  }
}

/** The form of one command; `onDone()` when it was sent or left. */
export function CommandForm({ command, onDone }) {
  const required = command.options.filter((option) => option.required).map(({ name }) => name);
  const [shown, show] = useState(new Set(required));
  const [entries, enter] = useState({});
  const [errors, complain] = useState({});
  const [busy, setBusy] = useState(false);
  const [focus, setFocus] = useState({ name: required[0] ?? null, at: 0 });
  const form = useRef(null);
  useLayoutEffect(() => { if (focus.name === null) form.current?.querySelector("button.send")?.focus(); }, [focus]);
  const submit = async (event) => {
    event?.preventDefault();
    if (busy) return undefined;
    const found = complaints(command, shown, entries);
    complain(found);
    const [first] = Object.keys(found);
    if (first) return setFocus({ name: first, at: Date.now() });
    setBusy(true);
    const refused = await send(command, entries);
    setBusy(false);
    if (refused === null) return onDone();
    return complain(refused);
  };
  const keys = (event, isOpen) => {
    if (event.key === "Enter" && !isOpen) submit(event);
    if (event.key === "Backspace" && event.currentTarget.value === "" && Object.keys(entries).length === 0) onDone();
  };
  const add = (name) => {
    show(new Set(shown).add(name));
    setFocus({ name, at: Date.now() });
  };
  const remove = (name) => {
    const { [name]: dropped, ...rest } = entries;
    enter(rest);
    show(new Set([...shown].filter((other) => other !== name)));
  };
  const change = (name, entry) => {
    enter((before) => ({ ...before, [name]: entry }));
    complain((before) => ({ ...before, [name]: undefined }));
  };
  const optional = command.options.filter(({ name }) => !shown.has(name));
  return html`<form class="command-form" ref=${form} onSubmit=${submit} onKeyDown=${(event) => event.key === "Escape" && onDone()} aria-label="/${command.shown}">
    <p class="about"><b>/${command.shown}</b> <small>${command.description}</small></p>
    <div class="fields-line">
      ${command.options.filter(({ name }) => shown.has(name)).map((option) => html`<${OptionField} key=${option.name} command=${command} option=${option} entries=${entries}
        error=${errors[option.name]} focusNow=${focus.name === option.name ? focus.at || 1 : 0} onKey=${keys}
        onChange=${(entry) => change(option.name, entry)} onRemove=${() => remove(option.name)} />`)}
      ${optional.map((option) => html`<button key=${option.name} type="button" class="plain add" title=${option.description} onClick=${() => add(option.name)}>+ ${option.shown}</button>`)}
      <span class="ends"><button type="button" class="button secondary" onClick=${onDone}>${word("cancel")}</button>
        <button type="submit" class="button primary send" disabled=${busy} aria-busy=${busy}>${word("command.send")}</button></span>
    </div>
  </form>`;
}
