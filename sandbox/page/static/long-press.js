// A menu by right click, by the menu key, or by a finger that stays where it is.

const PRESS_MS = 500;
const MOST_MOVED = 10;
let pressed = null;

function forget() {
  if (pressed !== null) clearTimeout(pressed.timer);
  pressed = null;
}

function begin(event, open) {
  forget();
  // What is pressed anyway does its own thing; browsers that know long presses tell of them by "contextmenu".
  const own = event.target.closest("a, button, input, textarea, select, summary");
  if (event.pointerType !== "touch" || (own !== null && own !== event.currentTarget)) return;
  const { clientX: x, clientY: y } = event;
  pressed = { x, y, timer: setTimeout(() => { forget(); open(event); }, PRESS_MS) };
}

function moved(event) {
  if (pressed !== null && Math.hypot(event.clientX - pressed.x, event.clientY - pressed.y) > MOST_MOVED) forget();
}

/** The listeners of an element that has a menu; `open(event)` shows it at the event's place. */
export function opensMenu(open) {
  return {
    onContextMenu: (event) => { forget(); open(event); },
    onPointerDown: (event) => begin(event, open),
    onPointerMove: moved,
    onPointerUp: forget,
    onPointerCancel: forget,
  };
}
