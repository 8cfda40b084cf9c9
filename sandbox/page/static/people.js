// Who one is: the switch between members, their language, and how the page looks.

import { html, useState } from "./vendor/preact-htm.js";
import { ask, be } from "./acts.js";
import { Avatar } from "./message.js";
import { get, remember, set, useStore } from "./store.js";
import { LANGUAGES, word } from "./words.js";

// The demo's cast (`sandbox/demo/cast.py`) in the viewer's language.
const PARTS = {
  "admin, the server's owner": "part.owner",
  "member, speaks English": "part.english",
  "member, speaks Russian": "part.russian",
  "reviewer, trains Theo": "part.curator",
  "trainee reviewer": "part.trainee",
  "moderator": "part.moderator",
  "member": "part.member",
};
const THEMES = ["auto", "dark", "light"];

/** Show the page dark, light, or as the system says. */
export function applyTheme(theme) {
  document.documentElement.dataset.theme = theme;
  remember({ theme });
  set({ theme });
}

function Person({ person, mine, onDone }) {
  const choose = async () => {
    await be(person.id);
    onDone();
  };
  return html`<li><button type="button" aria-pressed=${mine} onClick=${choose}>
    <${Avatar} name=${person.name} />
    <span><b>${person.name}</b><small>${[person.what in PARTS ? word(PARTS[person.what]) : person.what, ...person.roles.filter((role) => role !== person.what)].filter(Boolean).join(" · ")}</small></span>
  </button></li>`;
}

function Language() {
  const chosen = useStore(({ guild }) => guild?.me.locale);
  return html`<label>${word("people.language")}
    <select value=${chosen} onChange=${(event) => ask("locale", { value: event.currentTarget.value })}>
      ${Object.entries(LANGUAGES).map(([value, name]) => html`<option value=${value} selected=${value === chosen}>${name}</option>`)}
    </select></label>`;
}

function Theme() {
  const theme = useStore((state) => state.theme);
  return html`<label>${word("people.theme")}
    <select value=${theme} onChange=${(event) => applyTheme(event.currentTarget.value)}>
      ${THEMES.map((value) => html`<option value=${value} selected=${value === theme}>${word(`theme.${value}`)}</option>`)}
    </select></label>`;
}

/** The choice of a person, on the first screen and in the switch. */
export function PeopleList({ onDone = () => {} }) {
  const people = useStore((state) => state.people);
  const mine = useStore(({ personId }) => personId);
  return html`<ul class="people">${people.map((person) => html`<${Person} key=${person.id} person=${person} mine=${person.id === mine} onDone=${onDone} />`)}</ul>`;
}

/** The corner that says who one is and lets one be somebody else. */
export function People() {
  const me = useStore(({ guild }) => guild?.me);
  const [open, toggle] = useState(false);
  if (!me) return null;
  const keys = (event) => {
    if (event.key === "Escape" && open) {
      event.stopPropagation();
      toggle(false);
    }
  };
  return html`<div class="me" onKeyDown=${keys}>
    ${open && html`<div class="switch" role="dialog" aria-label=${word("people.label")}>
      <h2>${word("people.be")}</h2>
      <${PeopleList} onDone=${() => toggle(false)} />
      <p><a href="/" target="_blank" rel="noopener" onClick=${() => remember({ personId: get().personId })}>${word("people.window")}</a></p>
      <${Language} /><${Theme} />
    </div>`}
    <button type="button" class="who" aria-expanded=${open} onClick=${() => toggle(!open)} data-tour="people">
      <${Avatar} name=${me.display_name} /><span><b>${me.display_name}</b><small>${word("people.switch")}</small></span><span aria-hidden="true">${open ? "▾" : "▴"}</span>
    </button>
  </div>`;
}
