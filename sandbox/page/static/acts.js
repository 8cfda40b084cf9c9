// What a person does, and what the server tells: the only module that speaks over the socket.

import { wordsByPlace, wordsOf } from "./refusals.js";
import { Lost, Refused, Socket } from "./socket.js";
import { get, remember, remembered, set } from "./store.js";

const NOTICE_SECONDS = 6;
const MOST_TRAFFIC = 400;
let socket = null;
let noticeTimer = null;

/** Connect; everything else follows from what the server says. */
export function start() {
  socket = new Socket({ onEvent: take, onOpen: opened, onLost: () => set({ connected: false }) });
}

/** Show words for a while; `kind` is "problem" or "news". */
export function notify(text, kind = "problem") {
  clearTimeout(noticeTimer);
  set({ notice: { text, kind } });
  noticeTimer = setTimeout(() => set({ notice: null }), NOTICE_SECONDS * 1000);
}

async function attempt(work) {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Refused || error instanceof Lost)) throw error;
    notify(wordsOf(error));
    return null;
  }
}

/** Ask for something and show a refusal; null then. */
export function ask(op, fields) {
  return attempt(() => socket.ask(op, fields));
}

async function opened() {
  const hello = await ask("hello");
  if (hello === null) return;
  set({ connected: true, people: hello.people, controls: hello.controls, backlog: hello.backlog });
  const wanted = get().personId ?? remembered().personId;
  const person = hello.people.find(({ id }) => id === wanted);
  if (person) await be(person.id, get().channelId ?? remembered().channelId);
  if (get().traffic.on) await watchTraffic(true);
}

/** Become a person, and look at a channel: the given one where they see it, else the first. */
export async function be(personId, channelId = get().channelId) {
  const answer = await ask("be", { user_id: personId });
  if (answer === null) return;
  remember({ personId });
  set({ personId, guild: answer.state, channels: new Map(), commands: new Map(), modal: null, waiting: new Set(), replyTo: null, editing: null });
  const seen = [...answer.state.channels.filter(({ type, can_read: can }) => can && type !== 4), ...answer.state.dms];
  const channel = seen.find(({ id }) => id === channelId) ?? seen[0];
  if (channel) await look(channel.id);
}

/** Open a channel. */
export async function look(channelId) {
  remember({ channelId });
  set({ channelId, replyTo: null, editing: null, drawer: get().drawer === "panel" ? "panel" : null });
  const answer = await ask("open", { channel_id: channelId });
  if (answer !== null) put(channelId, { list: answer.messages, more: answer.more, loaded: true });
}

/** Load what was written before the oldest message in view. */
export async function lookBack() {
  const { channelId, channels } = get();
  const known = channels.get(channelId);
  if (!known?.more || known.list.length === 0) return;
  const answer = await ask("open", { channel_id: channelId, before: known.list[0].id });
  if (answer === null) return;
  const now = get().channels.get(channelId);
  put(channelId, { ...now, list: [...answer.messages, ...now.list], more: answer.more });
}

function put(channelId, content) {
  set({ channels: new Map(get().channels).set(channelId, content) });
}

function byId(one, other) {
  return one.id.length - other.id.length || (one.id < other.id ? -1 : Number(one.id > other.id));
}

function takeMessage(message) {
  const known = get().channels.get(message.channel_id);
  if (!known) return;
  const others = known.list.filter(({ id }) => id !== message.id);
  const list = message.deleted ? others : [...others, message].sort(byId);
  put(message.channel_id, { ...known, list });
  const isNew = others.length === known.list.length && !message.deleted;
  if (isNew && message.channel_id === get().channelId && !document.hidden) {
    socket.ask("read", { channel_id: message.channel_id }).catch(() => {});
  }
}

function takeUnread({ channel_id: channelId, unread, mentions }) {
  const { guild } = get();
  if (guild === null) return;
  const mark = (channel) => (channel.id === channelId ? { ...channel, unread, mentions } : channel);
  set({ guild: { ...guild, channels: guild.channels.map(mark), dms: guild.dms.map(mark) } });
}

function takeState(next) {
  const { channelId, guild } = get();
  if (guild?.me.locale !== next.me.locale) set({ commands: new Map() });
  set({ guild: next });
  const seen = [...next.channels, ...next.dms].some(({ id }) => id === channelId);
  if (!seen && next.channels.length > 0) look(next.channels.find(({ type }) => type !== 4)?.id);
}

function take(event) {
  const { traffic } = get();
  switch (event.ev) {
    case "message": return takeMessage(event.message);
    case "unread": return takeUnread(event);
    case "state": return takeState(event.state);
    case "people": return set({ people: event.people });
    case "controls": return set({ controls: event.controls, commands: new Map() });
    case "backlog": return set({ backlog: event.backlog });
    case "traffic": return set({ traffic: { ...traffic, items: [...traffic.items, ...event.items].slice(-MOST_TRAFFIC), lost: traffic.lost + event.lost } });
    case "gone": return set({ personId: null, guild: null });
    default: return undefined;
  }
}

/** Write a message; true when it was taken. */
export async function say(content, uploads = []) {
  const { channelId, replyTo, editing } = get();
  const place = { channel_id: channelId };
  const answer = editing
    ? await ask("edit", { ...place, message_id: editing, content })
    : await ask("send", { ...place, content, uploads, ...(replyTo ? { reply_to: replyTo } : {}) });
  if (answer === null) return false;
  set({ replyTo: null, editing: null });
  return true;
}

/** Upload a file; gives {upload_id, filename, ...} or null. */
export function upload(file) {
  return attempt(async () => {
    const answer = await fetch(`/upload?filename=${encodeURIComponent(file.name)}`, { method: "POST", body: file });
    const made = await answer.json();
    if (!answer.ok) throw new Refused(made);
    return made;
  });
}

function follow(answer) {
  if (answer?.kind === "modal") set({ modal: { ...answer.modal, errors: {}, busy: false } });
  return answer;
}

async function waitingFor(key, work) {
  set({ waiting: new Set(get().waiting).add(key) });
  try {
    return follow(await work());
  } finally {
    const waiting = new Set(get().waiting);
    waiting.delete(key);
    set({ waiting });
  }
}

/** Press a button under a message. */
export function press(message, customId) {
  const place = { channel_id: message.channel_id, message_id: message.id, custom_id: customId };
  return waitingFor(`${message.id}:${customId}`, () => ask("press", place));
}

/** Choose in a select menu. */
export function choose(message, customId, values) {
  const place = { channel_id: message.channel_id, message_id: message.id, custom_id: customId };
  return waitingFor(`${message.id}:${customId}`, () => ask("select", { ...place, values }));
}

/** The commands offered here, asked for once per channel and person. */
export async function commandsHere() {
  const { channelId, commands } = get();
  if (!commands.has(channelId)) {
    const answer = await ask("commands", { channel_id: channelId });
    // Not for whom one has become, or after what has changed, in the meantime.
    if (answer !== null && get().commands === commands) commands.set(channelId, answer.commands);
    return answer?.commands ?? [];
  }
  return commands.get(channelId);
}

/** Use a slash command. Raises `Refused` with places where an option is wrong; the caller shows them. */
export async function slash(command, options) {
  return follow(await socket.ask("slash", { channel_id: get().channelId, command, options }));
}

/** Choices for an option while it is typed; [] when the bot does not answer. */
export async function suggestions(command, focused, options) {
  try {
    return (await socket.ask("autocomplete", { channel_id: get().channelId, command, focused, options })).choices;
  } catch (error) {
    if (error instanceof Refused || error instanceof Lost) return [];
    throw error;
  }
}

/** Send the modal on the screen; errors of its fields stay in it. */
export async function submitModal(values) {
  const { modal } = get();
  set({ modal: { ...modal, busy: true, errors: {} } });
  try {
    const answer = await socket.ask("submit", { modal_id: modal.id, values });
    if (answer.kind === "failed") set({ modal: { ...get().modal, busy: false, failed: true } });
    else {
      set({ modal: null });
      follow(answer);
    }
  } catch (error) {
    if (!(error instanceof Refused || error instanceof Lost)) throw error;
    const places = error instanceof Refused ? error.places : [];
    set({ modal: { ...get().modal, busy: false, errors: wordsByPlace(places) } });
    if (places.length === 0) notify(wordsOf(error));
  }
}

/** Take the modal off the screen without sending it. */
export function closeModal() {
  const { modal } = get();
  set({ modal: null });
  if (modal) socket.ask("close", { modal_id: modal.id }).catch(() => {});
}

/** Open the direct messages with somebody. */
export async function direct(userId) {
  const answer = await ask("dm", { user_id: userId });
  if (answer !== null) await look(answer.channel_id);
}

/** Show or hide the traffic of the bot. */
export function watchTraffic(on) {
  set({ traffic: { on, items: [], lost: 0 } });
  return ask("traffic", { on });
}

/** Switch a fault, or do something with the bot's process. */
export async function control(op, fields) {
  const answer = await ask(op, fields);
  if (answer !== null) set({ controls: answer.controls });
}
