// Everything the page knows, in one object, and what changes it. Components read it by `useStore` and call the functions of `acts.js`.

import { useEffect, useState } from "./vendor/preact-htm.js";

const REMEMBERED = "greenlight-page";

/** What stays over a reload of this window: who one is, where, and how the page looks. */
export function remembered() {
  try {
    return JSON.parse(sessionStorage.getItem(REMEMBERED)) ?? {};
  } catch {
    return {};
  }
}

export function remember(values) {
  sessionStorage.setItem(REMEMBERED, JSON.stringify({ ...remembered(), ...values }));
}

const state = {
  connected: false,
  people: [],
  personId: null,
  // What the person sees of the guild: `State` of the protocol, null before one is chosen.
  guild: null,
  channelId: null,
  // channel id -> {list: [Message], more: bool, loaded: bool}
  channels: new Map(),
  // channel id -> [Command] for the person; emptied when they change.
  commands: new Map(),
  // {modal, errors: {custom_id: text}, busy} while a modal is on the screen.
  modal: null,
  // `${message id}:${custom id}` of buttons and selects that wait for the bot.
  waiting: new Set(),
  replyTo: null,
  editing: null,
  // Words for the person: {text, kind}. Goes away by itself.
  notice: null,
  // Read out by screen readers.
  spoken: "",
  controls: null,
  backlog: null,
  traffic: { on: false, items: [], lost: 0 },
  // Which drawer is open at phone width: "channels", "members", "panel" or null. The panel opens at any width.
  drawer: null,
  theme: remembered().theme ?? "auto",
  tour: null,
};

const listeners = new Set();

export function get() {
  return state;
}

/** Change some fields and draw anew what depends on them. */
export function set(changes) {
  Object.assign(state, changes);
  for (const listener of [...listeners]) listener();
}

/** Return what a function picks from the state; the component is drawn anew when that changes. */
export function useStore(pick) {
  const [, draw] = useState(0);
  const drawn = pick(state);
  useEffect(() => {
    // What was drawn, not what holds now: the state may have changed in between.
    let before = drawn;
    const listener = () => {
      const now = pick(state);
      if (now !== before) {
        before = now;
        draw((count) => count + 1);
      }
    };
    listeners.add(listener);
    listener();
    return () => listeners.delete(listener);
  });
  return drawn;
}

/** The members, roles and channels by id, made once for each new state of the guild. */
const indexes = new WeakMap();

export function index() {
  const { guild } = state;
  if (guild === null) return { members: new Map(), roles: new Map(), channels: new Map() };
  let found = indexes.get(guild);
  if (found === undefined) {
    const byId = (items) => new Map(items.map((item) => [item.id, item]));
    found = { members: byId(guild.members), roles: byId(guild.roles), channels: byId(guild.channels) };
    indexes.set(guild, found);
  }
  return found;
}

/** The locale of the person, else of the browser. */
export function locale() {
  return state.guild?.me.locale ?? navigator.language;
}
