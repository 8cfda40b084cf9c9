// The page's one web socket: requests with answers, events, and coming back after the connection was lost.

const FIRST_PAUSE = 300;
const LONGEST_PAUSE = 5000;

/** What the server refused: `message` is for people, `code` and `places` (see the protocol) for forms. */
export class Refused extends Error {
  constructor(answer) {
    super(answer.error);
    this.code = answer.code;
    this.places = answer.places ?? [];
  }
}

/** The connection was lost before an answer came. */
export class Lost extends Error {}

/** A connection that renews itself. `onEvent(event)`, `onOpen()` (also after each return) and `onLost()` are called. */
export class Socket {
  constructor({ onEvent, onOpen, onLost }) {
    this.listeners = { onEvent, onOpen, onLost };
    this.waiting = new Map();
    this.number = 0;
    this.pause = FIRST_PAUSE;
    this.connect();
  }

  connect() {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    this.link = new WebSocket(`${scheme}://${location.host}/ws`);
    this.link.addEventListener("open", () => {
      this.pause = FIRST_PAUSE;
      this.listeners.onOpen();
    });
    this.link.addEventListener("message", ({ data }) => this.take(JSON.parse(data)));
    this.link.addEventListener("close", () => this.lost());
  }

  take(message) {
    if (!("re" in message)) return this.listeners.onEvent(message);
    const waiting = this.waiting.get(message.re);
    if (waiting === undefined) return undefined;
    this.waiting.delete(message.re);
    if (message.ok) return waiting.resolve(message);
    return waiting.reject(new Refused(message));
  }

  lost() {
    for (const waiting of this.waiting.values()) waiting.reject(new Lost());
    this.waiting.clear();
    this.listeners.onLost();
    setTimeout(() => this.connect(), this.pause);
    this.pause = Math.min(LONGEST_PAUSE, this.pause * 2);
  }

  /** Ask for something; the promise gives the answer, or fails with `Refused` or `Lost`. */
  ask(op, fields = {}) {
    if (this.link.readyState !== WebSocket.OPEN) return Promise.reject(new Lost());
    this.number += 1;
    const id = this.number;
    this.link.send(JSON.stringify({ id, op, ...fields }));
    return new Promise((resolve, reject) => this.waiting.set(id, { resolve, reject }));
  }
}
