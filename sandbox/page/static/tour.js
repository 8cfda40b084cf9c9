// A short guided tour: request a level, review it as somebody else, decide as a moderator, look at a report. It can be left at any point.

import { html, useEffect } from "./vendor/preact-htm.js";
import { get, set, useStore } from "./store.js";
import { word } from "./words.js";

const SEEN = "greenlight-tour-seen";

const bot = (message) => message.author.bot;
const isMine = (test) => (state) => test(state.guild?.me.name ?? "", state);
const messagesNow = (state) => [...state.channels.values()].flatMap(({ list }) => list);
const answered = (name) => (state) => messagesNow(state).some((message) => bot(message) && message.interaction?.name === name && !message.loading && message.attachments?.length > 0);

/** Each step: the words' key, what it points at, and when it is done by itself (null: "Next" does it). */
const STEPS = [
  { key: "welcome", at: null, done: null },
  { key: "people", at: "[data-tour=people]", done: null },
  { key: "request", at: "[data-tour=composer]", done: (state) => state.modal !== null },
  { key: "form", at: ".modal", done: (state, began) => began.modal !== null && state.modal === null },
  { key: "review", at: "[data-tour=people]", done: (state, began) => state.personId !== began.personId },
  { key: "opinion", at: ".messages", done: (state, began) => began.modal === null && state.modal !== null },
  { key: "decide", at: "[data-tour=people]", done: (state, began) => state.personId !== began.personId && state.modal === null },
  { key: "resolve", at: ".messages", done: null },
  { key: "report", at: "[data-tour=composer]", done: isMine((_, state) => ["report new_requests", "report pending_requests", "report review_activity", "report reviewer_opinions"].some((name) => answered(name)(state))) },
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
  const { modal, personId } = get();
  began = { modal, personId };
  set({ tour: step < STEPS.length ? step : null });
  if (step >= STEPS.length) remember();
}

function leave() {
  remember();
  set({ tour: null });
}

function usePointing(step) {
  useEffect(() => {
    const target = step.at && document.querySelector(step.at);
    target?.classList.add("pointed-at");
    return () => target?.classList.remove("pointed-at");
  });
}

/** The card with the present step. */
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
  return html`<aside class="tour" role="dialog" aria-label=${word("tour.label")}>
    <h2>${word(`tour.${step.key}.title`)}</h2>
    <p>${word(`tour.${step.key}`)}</p>
    <footer><small>${number + 1}/${STEPS.length}</small><span class="grow" />
      <button type="button" class="plain" onClick=${leave}>${word("tour.leave")}</button>
      ${number > 0 && html`<button type="button" class="button secondary" onClick=${() => begin(number - 1)}>${word("tour.back")}</button>`}
      <button type="button" class="button primary" onClick=${() => begin(number + 1)}>${word(number === STEPS.length - 1 ? "tour.end" : "tour.next")}</button></footer>
  </aside>`;
}
