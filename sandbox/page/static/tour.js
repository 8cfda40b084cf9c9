// A short guided tour: request a level, review it as somebody else, decide as a moderator, look at a report. It can be left at any point.

import { html, useEffect } from "./vendor/preact-htm.js";
import { get, set, useStore } from "./store.js";
import { word } from "./words.js";

const SEEN = "greenlight-tour-seen";

// What the bot has said since a step began.
const news = (state, began) => [...state.channels.values()].flatMap(({ list }) => list)
  .filter((message) => message.author.bot && !message.loading && !message.failed && Date.parse(message.timestamp) >= began.at);
const isTold = (state, began) => state.modal === null && news(state, began).some(({ ephemeral }) => ephemeral);
const isReport = ({ interaction, attachments }) => interaction?.name.startsWith("report ") && attachments?.length > 0;

/** Each step: the words' key, what it points at, and when it is done by itself (null: "Next" does it). */
const STEPS = [
  { key: "welcome", at: null, done: null },
  { key: "people", at: "[data-tour=people]", done: null },
  { key: "request", at: "[data-tour=composer]", done: (state) => state.modal !== null },
  { key: "form", at: ".modal", done: isTold },
  { key: "review", at: "[data-tour=people]", done: (state, began) => state.personId !== began.personId },
  { key: "opinion", at: ".messages", done: isTold },
  { key: "decide", at: "[data-tour=people]", done: (state, began) => state.personId !== began.personId && state.modal === null },
  { key: "resolve", at: ".messages", done: null },
  { key: "report", at: "[data-tour=composer]", done: (state, began) => news(state, began).some(isReport) },
  { key: "underneath", at: "[data-tour=panel]", done: null },
];

let began = null;

function remember() {
  localStorage.setItem(SEEN, "yes");
}

/** Begin, unless this browser has seen the tour. */
export function offerTour() {
  if (localStorage.getItem(SEEN) === null) startTour();
}

export function startTour() {
  begin(0);
}

function begin(step) {
  began = { at: Date.now(), personId: get().personId };
  set({ tour: step < STEPS.length ? step : null });
  if (step >= STEPS.length) remember();
}

function leave() {
  remember();
  set({ tour: null });
}

function usePointing(step) {
  useEffect(() => {
    const found = step.at && document.querySelector(step.at);
    // What lies in a drawer at phone width is found behind its button.
    const target = found?.checkVisibility({ visibilityProperty: true }) === false ? document.querySelector("[data-tour=channels]") : found;
    target?.classList.add("pointed-at");
    return () => target?.classList.remove("pointed-at");
  });
}

/** The card with the present step: in the page, or, while a form is open, beside it. */
export function Tour() {
  const number = useStore((state) => state.tour);
  const isDone = useStore((state) => state.tour !== null && Boolean(STEPS[state.tour].done?.(state, began)));
  useEffect(() => {
    if (isDone) begin(number + 1);
  }, [isDone, number]);
  return number === null ? null : html`<${Step} number=${number} />`;
}

function Step({ number }) {
  const step = STEPS[number];
  usePointing(step);
  return html`<aside class="tour" role="dialog" aria-live="polite" aria-label=${word("tour.label")}>
    <header><h2>${word(`tour.${step.key}.title`)}</h2><small>${number + 1}/${STEPS.length}</small></header>
    <p>${word(`tour.${step.key}`)}</p>
    <footer><button type="button" class="plain" onClick=${leave}>${word("tour.leave")}</button><span class="grow" />
      ${number > 0 && html`<button type="button" class="button secondary" onClick=${() => begin(number - 1)}>${word("tour.back")}</button>`}
      <button type="button" class="button primary" onClick=${() => begin(number + 1)}>${word(number === STEPS.length - 1 ? "tour.end" : "tour.next")}</button></footer>
  </aside>`;
}
