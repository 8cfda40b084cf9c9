// The page's own words in English and Russian. What the bot says comes from the bot.

import { en } from "./words-en.js";
import { ru } from "./words-ru.js";
import { locale } from "./store.js";

const WORDS = { en, ru };

/** The languages a person's Discord can be set to here. */
export const LANGUAGES = { "en-US": "English (US)", "en-GB": "English (UK)", ru: "Русский", de: "Deutsch", fr: "Français", "es-ES": "Español", uk: "Українська" };

/** Whether the page has words for a key. */
export function known(key) {
  return key in en;
}

/** Say something in the person's language; `{name}` is put in, and `count` chooses the plural form. */
export function word(key, values = {}) {
  const language = locale().slice(0, 2);
  const said = WORDS[language]?.[key] ?? en[key] ?? key;
  const form = typeof said === "string" ? said : said[new Intl.PluralRules(language in WORDS ? language : "en").select(values.count)] ?? said.other;
  return form.replace(/\{(\w+)\}/g, (all, name) => String(values[name] ?? all));
}
