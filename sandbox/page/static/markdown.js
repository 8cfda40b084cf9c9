// Discord's markdown as a tree of plain objects: {type, ...}. Nothing here makes HTML; `markdown-view.js` draws the tree.

const BLOCKS = [
  ["fence", /^```(?:([a-z0-9_+\-.#]+)\n)?\n*([^]*?)\n*```/i, ([, language, text]) => ({ type: "fence", language, text })],
  ["heading", /^(#{1,3}) +([^\n]+)(?:\n|$)/, ([, marks, text], inside) => ({ type: "heading", level: marks.length, inside: inside(text) })],
  ["subtext", /^-# +([^\n]+)(?:\n|$)/, ([, text], inside) => ({ type: "subtext", inside: inside(text) })],
  ["quote", /^>>> ([^]*)$/, ([, text], inside, blocks) => ({ type: "quote", inside: blocks(text) })],
  ["quote", /^(?:> ?[^\n]*(?:\n|$))+/, ([all], inside, blocks) => ({ type: "quote", inside: blocks(all.replace(/^> ?/gm, "").replace(/\n$/, "")) })],
  ["list", /^(?: *(?:[-*]|\d+\.) +[^\n]+(?:\n|$))+/, ([all], inside) => listOf(all, inside)],
];

const INLINE = [
  [/^\\([^0-9A-Za-z\s])/, ([, mark]) => mark],
  [/^(`+)([^]*?[^`])\1(?!`)/, ([, , text]) => ({ type: "code", text: text.replace(/^ (.*) $/, "$1") })],
  [/^\*\*\*((?:\\[^]|[^\\])+?)\*\*\*(?!\*)/, ([, text], inside) => ({ type: "strong", inside: [{ type: "em", inside: inside(text) }] })],
  [/^\*\*((?:\\[^]|[^\\])+?)\*\*(?!\*)/, ([, text], inside) => ({ type: "strong", inside: inside(text) })],
  [/^__((?:\\[^]|[^\\])+?)__(?!_)/, ([, text], inside) => ({ type: "underline", inside: inside(text) })],
  [/^\*(?=\S)((?:\\[^]|[^\\*]|\*\*[^]*?\*\*)+?)\*(?!\*)/, ([, text], inside) => ({ type: "em", inside: inside(text) })],
  [/^_((?:\\[^]|[^\\_]|__[^]*?__)+?)_(?![\p{L}\p{N}_])/u, ([, text], inside) => ({ type: "em", inside: inside(text) })],
  [/^~~((?:\\[^]|[^\\])+?)~~(?!~)/, ([, text], inside) => ({ type: "strike", inside: inside(text) })],
  [/^\|\|([^]+?)\|\|/, ([, text], inside) => ({ type: "spoiler", inside: inside(text) })],
  [/^<@!?(\d+)>/, ([, id]) => ({ type: "member", id })],
  [/^<@&(\d+)>/, ([, id]) => ({ type: "role", id })],
  [/^<#(\d+)>/, ([, id]) => ({ type: "channel", id })],
  [/^<\/([^:>]+):(\d+)>/, ([, name, id]) => ({ type: "command", name, id })],
  [/^<t:(-?\d{1,13})(?::([tTdDfFR]))?>/, ([, seconds, style]) => ({ type: "moment", seconds: Number(seconds), style: style ?? "f" })],
  [/^<(a?):(\w{2,32}):(\d+)>/, ([, animated, name, id]) => ({ type: "emoji", name, id, animated: animated === "a" })],
  [/^@(everyone|here)/, ([, name]) => ({ type: "everyone", name })],
  [/^\[((?:\\[^]|[^\\\]])+)\]\(<?(https?:\/\/[^\s<>)]+(?:\([^\s<>)]*\)[^\s<>)]*)*)>?(?: "[^"]*")?\)/, ([, text, url], inside) => ({ type: "link", url, inside: inside(text) })],
  [/^<(https?:\/\/[^\s<>]+)>/, ([, url]) => ({ type: "link", url, inside: [url] })],
  [/^https?:\/\/[^\s<]*[^\s<.,:;"'\])*_~|!?]/, ([url]) => ({ type: "link", url, inside: [url] })],
];

// What may begin something special: everything up to the next of these is plain text.
const PLAIN = /^(?:h(?!ttps?:\/\/)|[^\\`*_~|<@[h])+|^[^]/;

function listOf(all, inside) {
  const lines = all.replace(/\n$/, "").split("\n");
  const items = lines.map((line) => {
    const [, indent, mark, text] = /^( *)([-*]|\d+\.) +(.*)$/.exec(line);
    return { depth: Math.floor(indent.length / 2), ordered: mark.length > 1 && mark !== "*", number: Number.parseInt(mark, 10), inside: inside(text) };
  });
  return { type: "list", ordered: items[0].ordered, start: items[0].ordered ? items[0].number : 1, items };
}

function parseInline(text, depth = 0) {
  const found = [];
  let rest = text;
  let before = "";
  const add = (node) => {
    if (typeof node === "string" && typeof found.at(-1) === "string") found[found.length - 1] += node;
    else found.push(node);
  };
  while (rest) {
    const [length, node] = nextInline(rest, before, depth);
    add(node);
    before = rest[length - 1];
    rest = rest.slice(length);
  }
  return found;
}

function nextInline(rest, before, depth) {
  // An underscore inside a word is a letter like any other.
  const insideWord = rest[0] === "_" && rest[1] !== "_" && /[\p{L}\p{N}]/u.test(before);
  if (depth < 8 && !insideWord) {
    for (const [form, make] of INLINE) {
      const match = form.exec(rest);
      if (match) return [match[0].length, make(match, (text) => parseInline(text, depth + 1))];
    }
  }
  const [plain] = PLAIN.exec(rest);
  return [plain.length, plain];
}

function nextBlock(rest, depth) {
  const inQuote = depth > 0;
  for (const [name, form, make] of BLOCKS) {
    if (name === "quote" && inQuote) continue;
    const match = form.exec(rest);
    if (match) return [match[0].length, make(match, (text) => parseInline(text), (text) => parse(text, depth + 1))];
  }
  return null;
}

/** Return the tree of a message's text: a list of blocks; running text is a block {type: "text", inside}. */
export function parse(text, depth = 0) {
  const blocks = [];
  let plain = "";
  const flush = () => {
    if (plain) blocks.push({ type: "text", inside: parseInline(plain) });
    plain = "";
  };
  let rest = text;
  let atLineStart = true;
  while (rest) {
    const block = atLineStart || rest.startsWith("```") ? nextBlock(rest, depth) : null;
    if (block !== null) {
      // The line break before a block belongs to it.
      plain = plain.replace(/\n$/, "");
      flush();
      blocks.push(block[1]);
      rest = rest.slice(block[0]);
      if (block[1].type === "fence") rest = rest.replace(/^\n/, "");
      atLineStart = true;
      continue;
    }
    const fence = rest.indexOf("```", 1);
    const line = rest.indexOf("\n") + 1;
    const end = Math.min(line || rest.length, fence > 0 ? fence : rest.length);
    plain += rest.slice(0, end);
    rest = rest.slice(end);
    atLineStart = plain.endsWith("\n");
  }
  flush();
  return blocks;
}

/** Return a text without markdown, for previews and screen readers. */
export function plainText(text, names) {
  const words = (node) => {
    if (typeof node === "string") return node;
    if (node.type === "member" || node.type === "role") return `@${names(node)}`;
    if (node.type === "channel") return `#${names(node)}`;
    if (node.type === "list") return node.items.map((item) => item.inside.map(words).join("")).join(" ");
    return node.text ?? (node.inside ?? []).map(words).join("");
  };
  return parse(text).map(words).join(" ").replace(/\s+/g, " ").trim();
}
