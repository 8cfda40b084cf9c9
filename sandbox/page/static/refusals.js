// What the server refused, in the viewer's words: by its code, or by the place in a form that it names.

import { Lost } from "./socket.js";
import { known, word } from "./words.js";

const PLACES = {
  required: () => word("option.required"),
  length: ({ min, max }) => (min > 1 ? word("place.length", { min, max }) : word("field.long", { count: max })),
  range: ({ min, max }) => word("place.range", { min, max }),
  count: ({ min, max }) => word(min === max ? "place.count_exact" : "place.count", { min, count: max }),
  choice: () => word("option.not_in_list"),
  type: () => word("place.type"),
  line: () => word("place.line"),
};

function wordsAt(place) {
  const key = `refused.${place.code}`;
  return PLACES[place.code]?.(place) ?? (known(key) ? word(key) : place.text);
}

/** Say what is wrong at each place: {path: words}. */
export function wordsByPlace(places) {
  return Object.fromEntries(places.map((place) => [place.path, wordsAt(place)]));
}

/** Say why something was not done. */
export function wordsOf(error) {
  if (error instanceof Lost) return word("connection.lost");
  const key = `refused.${error.code}`;
  if (known(key)) return word(key, { detail: error.message });
  // A select under a message has no field where it could be said.
  return error.places.length > 0 ? wordsAt(error.places[0]) : word("refused.other", { detail: error.message });
}
