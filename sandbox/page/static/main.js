// The page: what stands where, and the keys that work everywhere.

import { html, render, useEffect } from "./vendor/preact-htm.js";
import { closeModal, start } from "./acts.js";
import { Composer } from "./composer.js";
import { Members } from "./members.js";
import { Messages } from "./messages.js";
import { Modal } from "./modal.js";
import { Panel } from "./panel.js";
import { PeopleList, applyTheme } from "./people.js";
import { Sidebar } from "./sidebar.js";
import { get, set, useStore } from "./store.js";
import { Tour, offerTour, startTour } from "./tour.js";
import { word } from "./words.js";

function toggle(name) {
  set({ drawer: get().drawer === name ? null : name });
}

function Bar() {
  const guild = useStore((state) => state.guild);
  const channelId = useStore((state) => state.channelId);
  const drawer = useStore((state) => state.drawer);
  const channel = guild.channels.find(({ id }) => id === channelId);
  const dm = guild.dms.find(({ id }) => id === channelId);
  const name = channel ? `${channel.thread ? "🧵" : "#"} ${channel.name}` : `@ ${dm?.user.display_name ?? ""}`;
  return html`<header class="top">
    <button type="button" class="plain narrow" data-tour="channels" aria-label=${word("channels.label")} aria-expanded=${drawer === "channels"} onClick=${() => toggle("channels")}>☰</button>
    <h2>${name}</h2>${channel?.topic && html`<p class="topic">${channel.topic}</p>`}
    <span class="grow" />
    <button type="button" class="plain" aria-label=${word("tour.start")} onClick=${startTour}><span class="wide">${word("tour.start")}</span><span class="narrow">?</span></button>
    <button type="button" class="plain" data-tour="panel" aria-expanded=${drawer === "panel"} aria-label=${word("panel.open")} onClick=${() => toggle("panel")}><span class="wide">${word("panel.open")}</span><span class="narrow">⚙</span></button>
    <button type="button" class="plain narrow" aria-label=${word("members.label")} aria-expanded=${drawer === "members"} onClick=${() => toggle("members")}>👥</button>
  </header>`;
}

function Notice() {
  const notice = useStore((state) => state.notice);
  const connected = useStore((state) => state.connected);
  const known = useStore(({ people }) => people.length > 0);
  return html`<div class="notices" aria-live="assertive">
    ${known && !connected && html`<p class="notice problem">${word("connection.lost")}</p>`}
    ${notice && html`<p class="notice ${notice.kind}">${notice.text}</p>`}
  </div>`;
}

function Welcome() {
  const known = useStore(({ people }) => people.length > 0);
  return html`<main class="welcome"><h1>Greenlight</h1><p>${word("welcome.about")}</p>
    ${known ? html`<h2>${word("people.be")}</h2><${PeopleList} onDone=${offerTour} />` : html`<p class="thinking"><span class="dots" aria-hidden="true" /> ${word("connection.opening")}</p>`}</main>`;
}

/** `/` goes to the composer from anywhere, Escape closes what is open. */
function useKeys() {
  useEffect(() => {
    const keys = (event) => {
      const typing = event.target.closest("input, textarea, select");
      if (event.key === "/" && !typing && get().modal === null) document.querySelector(".composer textarea")?.focus();
      if (event.key === "Escape" && get().modal !== null) closeModal();
      else if (event.key === "Escape" && get().drawer !== null && !typing) set({ drawer: null });
    };
    document.addEventListener("keydown", keys);
    return () => document.removeEventListener("keydown", keys);
  }, []);
}

function App() {
  const person = useStore(({ guild }) => guild !== null);
  const language = useStore(({ guild }) => (guild?.me.locale ?? navigator.language).slice(0, 2));
  const drawer = useStore((state) => state.drawer);
  const asked = useStore((state) => state.modal !== null);
  useKeys();
  useEffect(() => { document.documentElement.lang = language; }, [language]);
  if (!person) return html`<${Welcome} /><${Notice} />`;
  return html`<div class="page ${drawer === "panel" ? "with-panel" : ""}">
    <${Sidebar} />
    <main><${Bar} />${!asked && html`<${Tour} />`}<${Messages} /><${Composer} /></main>
    <${Members} /><${Panel} />
    ${(drawer === "channels" || drawer === "members") && html`<button type="button" class="shade" aria-label=${word("close")} onClick=${() => set({ drawer: null })} />`}
  </div><${Modal} /><${Notice} />`;
}

applyTheme(get().theme);
render(html`<${App} />`, document.getElementById("app"));
start();
