// What happens underneath: the bot's process, what it owes, faults to switch on, and the traffic between it and the sandbox.

import { html, useEffect, useRef, useState } from "./vendor/preact-htm.js";
import { control, watchTraffic } from "./acts.js";
import { locale, set, useStore } from "./store.js";
import { word } from "./words.js";

const FAULTS = ["game_slow", "game_down", "discord_429", "discord_5xx"];

function Bot({ bot }) {
  if (!bot) return null;
  const said = bot.ready ? "panel.bot_ready" : bot.running ? "panel.bot_starting" : "panel.bot_dead";
  const act = (what) => control("bot", { do: what });
  return html`<section><h3>${word("panel.bot")}</h3>
    <p class="status ${bot.ready ? "good" : "bad"}" role="status">${word(said)} ${bot.restarts > 0 && word("panel.restarts", { count: bot.restarts })}</p>
    ${bot.can_control && html`<div class="row">
      <button type="button" class="button danger" disabled=${!bot.running} onClick=${() => act("kill")}>${word("panel.kill")}</button>
      <button type="button" class="button success" disabled=${bot.running} onClick=${() => act("start")}>${word("panel.start")}</button>
      <button type="button" class="button secondary" disabled=${!bot.running} onClick=${() => act("restart")}>${word("panel.restart")}</button>
    </div>`}
  </section>`;
}

function Owed() {
  const backlog = useStore((state) => state.backlog);
  if (backlog === null) return html`<section><h3>${word("panel.owed")}</h3><p>${word("panel.owed_unknown")}</p></section>`;
  const age = Math.round(backlog.oldest_seconds ?? 0);
  return html`<section><h3>${word("panel.owed")}</h3><p role="status">${backlog.count === 0 ? word("panel.owed_nothing") : word("panel.owed_count", { count: backlog.count, age })}
    ${backlog.failed > 0 && ` ${word("panel.owed_failed", { count: backlog.failed })}`}</p></section>`;
}

function Faults({ faults }) {
  return html`<section><h3>${word("panel.faults")}</h3>
    ${FAULTS.map((name) => html`<label class="toggle"><input type="checkbox" role="switch" checked=${faults[name]} onChange=${(event) => control("fault", { name, on: event.currentTarget.checked })} />
      <span><b>${word(`fault.${name}`)}</b><small>${word(`fault.${name}.about`)}</small></span></label>`)}
    <button type="button" class="button secondary" onClick=${() => control("fault", { name: "drop_gateway", on: true })}>${word("fault.drop_gateway")}</button>
  </section>`;
}

function Item({ item }) {
  const time = new Intl.DateTimeFormat(locale(), { timeStyle: "medium" }).format(new Date(item.at * 1000));
  const failed = item.kind === "rest" && (item.status === null || item.status >= 400);
  return html`<li class="${item.kind} ${failed ? "wrong" : ""}"><details>
    <summary><time>${time}</time> <span aria-label=${word(`traffic.${item.direction}`)}>${item.direction === "in" ? "→" : "←"}</span>
      <b>${item.method ?? item.name}</b> <span class="path">${item.path ?? item.user ?? ""}</span>
      ${item.status !== undefined && html`<span class="code">${item.status ?? "✕"}</span>`} ${item.ms !== undefined && item.ms !== null && html`<small>${Math.round(item.ms)} ms</small>`}</summary>
    ${item.body ? html`<pre tabindex="0">${item.body}</pre>` : html`<p>${word("traffic.no_body")}</p>`}
  </details></li>`;
}

function Traffic() {
  const { on, items, lost } = useStore((state) => state.traffic);
  const [kind, filter] = useState("all");
  const list = useRef(null);
  const shown = kind === "all" ? items : items.filter((item) => item.kind === kind);
  useEffect(() => { if (list.current) list.current.scrollTop = list.current.scrollHeight; }, [shown.length]);
  useEffect(() => list.current?.scrollIntoView({ block: "nearest" }), [on]);
  return html`<section class="traffic"><h3>${word("panel.traffic")}</h3>
    <div class="row"><label class="toggle"><input type="checkbox" role="switch" checked=${on} onChange=${() => watchTraffic(!on)} /> <span>${word("panel.watch")}</span></label>
      <select aria-label=${word("panel.kind")} onChange=${(event) => filter(event.currentTarget.value)}>
        ${["all", "rest", "gateway", "interaction"].map((value) => html`<option value=${value} selected=${value === kind}>${word(`traffic.${value}`)}</option>`)}
      </select></div>
    ${lost > 0 && html`<p>${word("traffic.lost", { count: lost })}</p>`}
    ${on && html`<ol ref=${list} tabindex="0" aria-label=${word("panel.traffic")}>${shown.map((item) => html`<${Item} key=${item.n} item=${item} />`)}</ol>`}
  </section>`;
}

/** The side panel; folded until it is opened. */
export function Panel() {
  const open = useStore(({ drawer }) => drawer === "panel");
  const controls = useStore((state) => state.controls);
  if (!open || controls === null) return null;
  return html`<aside class="panel" aria-label=${word("panel.label")}>
    <header><h2>${word("panel.label")}</h2><button type="button" class="plain" aria-label=${word("close")} onClick=${() => set({ drawer: null })}>✕</button></header>
    <p class="description">${word("panel.about")}</p>
    <${Bot} bot=${controls.bot} /><${Owed} /><${Faults} faults=${controls.faults} /><${Traffic} />
  </aside>`;
}
