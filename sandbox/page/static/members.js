// The right side: who is there, by their highest role; what one can do with somebody.

import { html, useState } from "./vendor/preact-htm.js";
import { ask, direct } from "./acts.js";
import { opensMenu } from "./long-press.js";
import { colour } from "./markdown-view.js";
import { ContextMenu } from "./menu.js";
import { Avatar } from "./message.js";
import { index, useStore } from "./store.js";
import { word } from "./words.js";

function grouped(guild) {
  const groups = new Map();
  for (const member of guild.members) {
    const role = guild.roles.find(({ id }) => member.roles.includes(id) && id !== guild.guild.id) ?? null;
    const key = role?.id ?? "";
    if (!groups.has(key)) groups.set(key, { role, members: [] });
    groups.get(key).members.push(member);
  }
  const order = [...guild.roles.map(({ id }) => id), ""];
  return order.filter((id) => groups.has(id)).map((id) => groups.get(id));
}

function Roles({ member, onClose }) {
  const { guild } = useStore((state) => state);
  const has = index().members.get(member.id)?.roles ?? [];
  const flip = (role) => ask("roles", { user_id: member.id, add: has.includes(role.id) ? [] : [role.id], remove: has.includes(role.id) ? [role.id] : [] });
  const offered = guild.roles.filter((role) => role.id !== guild.guild.id && !role.managed);
  return html`<div class="dialog-shade"><div class="dialog" role="dialog" aria-modal="true" aria-label=${word("roles.label", { name: member.display_name })} onKeyDown=${(event) => event.key === "Escape" && onClose()}>
    <h2>${word("roles.label", { name: member.display_name })}</h2>
    <fieldset><legend class="hidden">${word("roles.roles")}</legend>
      ${offered.map((role) => html`<label><input type="checkbox" checked=${has.includes(role.id)} onChange=${() => flip(role)} /> ${role.name}</label>`)}
      ${offered.length === 0 && html`<p>${word("roles.none")}</p>`}
    </fieldset>
    <button type="button" class="button primary" onClick=${onClose} ref=${(button) => button?.focus()}>${word("close")}</button>
  </div></div>`;
}

function Member({ member, owner, open }) {
  return html`<li><button type="button" class=${member.online ? "" : "offline"} onClick=${(event) => open(event, member)} ...${opensMenu((event) => open(event, member))}>
    <${Avatar} name=${member.display_name} />
    <span style=${member.color ? { color: colour(member.color) } : {}}>${member.display_name}</span>
    ${member.bot && html`<span class="badge">${word("message.app")}</span>`}
    ${member.id === owner && html`<span title=${word("members.owner")} role="img" aria-label=${word("members.owner")}>👑</span>`}
    ${member.bot && !member.online && html`<small>${word("members.offline")}</small>`}
  </button></li>`;
}

/** The right side. */
export function Members() {
  const guild = useStore((state) => state.guild);
  const shown = useStore(({ drawer }) => drawer === "members");
  const me = useStore(({ personId }) => personId);
  const [menu, setMenu] = useState(null);
  const [editing, edit] = useState(null);
  if (guild === null) return null;
  const open = (event, member) => {
    event.preventDefault();
    const box = event.target.getBoundingClientRect();
    const actions = [{ name: word("members.roles"), run: () => edit(member) }];
    if (member.id !== me) actions.unshift({ name: word("members.direct"), run: () => direct(member.id) });
    setMenu({ x: event.clientX || box.left, y: event.clientY || box.bottom, target: { kind: "user", id: member.id }, actions });
  };
  return html`<aside class="members ${shown ? "open" : ""}" aria-label=${word("members.label")}>
    ${grouped(guild).map(({ role, members }) => html`<section><h2>${role?.name ?? word("members.others")} — ${members.length}</h2>
      <ul>${members.map((member) => html`<${Member} key=${member.id} member=${member} owner=${guild.guild.owner_id} open=${open} />`)}</ul></section>`)}
    ${menu && html`<${ContextMenu} menu=${menu} onClose=${() => setMenu(null)} />`}
    ${editing && html`<${Roles} member=${editing} onClose=${() => edit(null)} />`}
  </aside>`;
}
