// A text field with a list under it, after the combobox pattern of the ARIA Authoring Practices: arrows, Enter, Tab, Escape.

import { html, useEffect, useLayoutEffect, useRef, useState } from "./vendor/preact-htm.js";

const SHOWN = 25;
let counter = 0;

/** Those whose words all occur in the label or description, those that begin with the text first. */
export function matching(options, text) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = ({ label, description = "", also = "" }) => {
    const all = `${label} ${also} ${description}`.toLowerCase();
    return words.every((one) => all.includes(one));
  };
  const rank = ({ label }) => (label.toLowerCase().replace(/^[@#/]/, "").startsWith(text.toLowerCase().replace(/^[@#/]/, "")) ? 0 : 1);
  return options.filter(fits).sort((one, other) => rank(one) - rank(other)).slice(0, SHOWN);
}

function List({ id, options, active, onPick, label }) {
  const list = useRef(null);
  useEffect(() => list.current?.children[active]?.scrollIntoView({ block: "nearest" }), [active]);
  return html`<ul class="options" role="listbox" id=${id} aria-label=${label} ref=${list}>
    ${options.map((option, number) => html`<li role="option" id="${id}-${number}" aria-selected=${number === active}
      onPointerDown=${(event) => { event.preventDefault(); onPick(option); }}>
      <span class="option-label">${option.label}</span>${option.description && html`<small>${option.description}</small>`}</li>`)}
  </ul>`;
}

/** Enter while suggestions are on their way: it is kept, and done when they are there. Gives the keeper of the key. */
function useEarlyEnter(pending, done) {
  const kept = useRef(null);
  useLayoutEffect(() => {
    if (pending || kept.current === null) return;
    const event = kept.current;
    kept.current = null;
    done(event);
  });
  return (event) => { kept.current = event; };
}

/**
 * The field. `options`: [{value, label, description?}] as they should be shown now; `pending`: others are on their way.
 * `onPick(option)`, `onText(text)`. `onKey(event, isOpen)` gets keys that the list does not use.
 */
export function Combobox({ text, options, pending = false, onText, onPick, onKey = () => {}, onFocus = () => {}, onBlur = () => {}, label, field = {}, focusNow }) {
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(0);
  const [moved, move] = useState(false);
  const id = useRef(null);
  const input = useRef(null);
  if (id.current === null) id.current = `list-${(counter += 1)}`;
  // Before the next key can be pressed.
  useLayoutEffect(() => { if (focusNow) input.current?.focus(); }, [focusNow]);
  useLayoutEffect(() => { setActive(0); move(false); }, [text, options.length]);
  const isOpen = open && options.length > 0;
  const pick = (option) => {
    setOpen(false);
    onPick(option);
  };
  const keep = useEarlyEnter(pending, (event) => (isOpen ? pick(options[0]) : onKey(event, false)));
  const keys = (event) => {
    const moves = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in moves && options.length > 0) {
      event.preventDefault();
      move(true);
      if (isOpen) setActive((active + moves[event.key] + options.length) % options.length);
      else setOpen(true);
    } else if (event.key === "Enter" && open && pending && !moved) {
      event.preventDefault();
      keep(event);
    } else if ((event.key === "Enter" || event.key === "Tab") && isOpen && !event.shiftKey) {
      event.preventDefault();
      pick(options[active]);
    } else if (event.key === "Escape" && isOpen) {
      event.stopPropagation();
      setOpen(false);
    } else onKey(event, isOpen);
  };
  const typed = (event) => {
    keep(null);
    setOpen(true);
    onText(event.currentTarget.value);
  };
  return html`<div class="combobox">
    ${isOpen && html`<${List} id=${id.current} options=${options} active=${active} onPick=${pick} label=${label} />`}
    <input type="text" role="combobox" autocomplete="off" spellcheck="false" aria-label=${label} aria-autocomplete="list" aria-expanded=${isOpen}
      aria-controls=${id.current} aria-activedescendant=${isOpen ? `${id.current}-${active}` : undefined} ref=${input} value=${text} ...${field}
      onInput=${typed} onKeyDown=${keys} onFocus=${() => { setOpen(true); onFocus(); }} onBlur=${() => { setOpen(false); onBlur(); }} />
  </div>`;
}
