// Where one writes: text with files, or `/` and a command.

import { html, useEffect, useLayoutEffect, useRef, useState } from "./vendor/preact-htm.js";
import { commandsHere, notify, say, upload } from "./acts.js";
import { matching } from "./combobox.js";
import { CommandForm } from "./command-form.js";
import { Prepared } from "./prepared.js";
import { get, set, useStore } from "./store.js";
import { word } from "./words.js";

function fitting(commands, text) {
  if (!text.startsWith("/") || text.includes("\n")) return [];
  const offered = commands.map((command) => ({ value: command, label: `/${command.shown}`, also: command.name, description: command.description }));
  return matching(offered, text.slice(1));
}

function useCommands(text, locale) {
  const [commands, take] = useState([]);
  const isCommand = text.startsWith("/");
  useEffect(() => {
    let current = true;
    if (isCommand) commandsHere().then((found) => current && take(found));
    return () => { current = false; };
  }, [isCommand, locale]);
  return fitting(commands, text);
}

function useUploads() {
  const [uploads, keep] = useState([]);
  const add = async (files) => {
    for (const file of files) {
      const made = await upload(file);
      if (made) keep((before) => [...before, made]);
    }
  };
  return { uploads, add, clear: () => keep([]), remove: (id) => keep(uploads.filter(({ upload_id: other }) => other !== id)) };
}

function Above({ replied, editing, onCancel }) {
  if (!replied && !editing) return null;
  const said = editing ? word("composer.editing") : word("composer.replying", { name: replied.author.display_name });
  return html`<div class="above">${said} <button type="button" class="plain" onClick=${onCancel}>${word("cancel")}</button></div>`;
}

function Commands({ options, active, onPick }) {
  const list = useRef(null);
  useEffect(() => list.current?.children[active]?.scrollIntoView({ block: "nearest" }), [active]);
  return html`<ul class="options" role="listbox" id="commands" aria-label=${word("composer.commands")} ref=${list}>
    ${options.map((option, number) => html`<li role="option" id="command-${number}" aria-selected=${number === active} onPointerDown=${(event) => { event.preventDefault(); onPick(option.value); }}>
      <span class="option-label">${option.label}</span><small>${option.description}</small></li>`)}
  </ul>`;
}

function TextField({ text, write, options, onPick, onSend, placeholder, disabled }) {
  const field = useRef(null);
  const [active, setActive] = useState(0);
  const open = options.length > 0;
  const editing = useStore((state) => state.editing);
  const replyTo = useStore((state) => state.replyTo);
  useLayoutEffect(() => setActive(0), [text]);
  useEffect(() => { if (editing || replyTo) field.current?.focus(); }, [editing, replyTo]);
  // Before the next key can be pressed; on a phone it would bring the keyboard up.
  useLayoutEffect(() => { if (get().modal === null && matchMedia("(min-width: 700px)").matches) field.current?.focus(); }, []);
  useEffect(() => {
    field.current.style.height = "auto";
    field.current.style.height = `${Math.min(field.current.scrollHeight, 240)}px`;
  }, [text]);
  const keys = (event) => {
    const moves = { ArrowDown: 1, ArrowUp: -1 };
    if (open && event.key in moves) {
      event.preventDefault();
      setActive((active + moves[event.key] + options.length) % options.length);
    } else if (open && (event.key === "Enter" || event.key === "Tab")) {
      event.preventDefault();
      onPick(options[active].value);
    } else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      onSend();
    } else if (event.key === "Escape") {
      if (open) write("");
      else set({ replyTo: null, editing: null });
    }
  };
  return html`${open && html`<${Commands} options=${options} active=${active} onPick=${onPick} />`}
    <textarea rows="1" ref=${field} value=${text} placeholder=${placeholder} aria-label=${placeholder} disabled=${disabled} maxlength="4000" data-tour="composer"
      role="combobox" aria-expanded=${open} aria-controls="commands" aria-activedescendant=${open ? `command-${active}` : undefined} aria-autocomplete="list"
      onInput=${(event) => write(event.currentTarget.value)} onKeyDown=${keys} />`;
}

function Files({ uploads, remove }) {
  if (uploads.length === 0) return null;
  return html`<ul class="uploads">${uploads.map((file) => html`<li><${Prepared} file=${file} />
    <button type="button" class="plain" aria-label=${word("composer.remove_file", { name: file.filename })} onClick=${() => remove(file.upload_id)}>✕</button></li>`)}</ul>`;
}

/** Enter on `/…` before the list is there, or with nothing in it that fits: the command as soon as it is known; never a message. */
async function found(text, pick) {
  const [first] = fitting(await commandsHere(), text);
  if (first) pick(first.value, text);
  else notify(word("refused.no_command"));
}

/** The composer of the channel in view. */
export function Composer() {
  const channelId = useStore((state) => state.channelId);
  const personId = useStore(({ guild }) => guild.me.id);
  // Nothing typed in one place, or as one person, may turn up in another.
  return html`<${Writing} key="${personId}:${channelId}" channelId=${channelId} />`;
}

function Writing({ channelId }) {
  const [text, write] = useState("");
  const [command, use] = useState(null);
  const { uploads, add, clear, remove } = useUploads();
  const now = useRef(text);
  now.current = text;
  const sending = useRef(false);
  const guild = useStore((state) => state.guild);
  const typed = useStore((state) => state.typed);
  const editing = useStore((state) => state.editing);
  const replyTo = useStore((state) => state.replyTo);
  const options = useCommands(text, guild.me.locale);
  const channel = guild.channels.find(({ id }) => id === channelId);
  const dm = guild.dms.find(({ id }) => id === channelId);
  const list = get().channels.get(channelId)?.list ?? [];
  useEffect(() => { if (editing) write(list.find(({ id }) => id === editing)?.content ?? ""); }, [editing]);
  useEffect(() => {
    if (!typed) return;
    set({ typed: null });
    commandsHere().then((all) => pick(all.find(({ name }) => name === typed.command)));
  }, [typed]);
  const pick = (chosen, meant = now.current) => {
    // Who has typed on in the meantime means something else.
    if (!chosen || meant !== now.current) return;
    use(chosen);
    write("");
  };
  const send = async () => {
    if (sending.current || (!text.trim() && uploads.length === 0)) return;
    sending.current = true;
    if (text.startsWith("/") && !editing) {
      await found(text, pick);
    } else if (await say(text, uploads.map(({ upload_id: id }) => id))) {
      write("");
      clear();
    }
    sending.current = false;
  };
  if (command) return html`<div class="composer"><${CommandForm} key=${command.name} command=${command} onDone=${() => use(null)} /></div>`;
  const name = channel ? `#${channel.name}` : `@${dm?.user.display_name ?? ""}`;
  const canSend = dm !== undefined || channel?.can_send;
  // A bot's commands are a server's.
  const open = dm ? word("composer.placeholder_direct", { name }) : word("composer.placeholder", { name });
  const placeholder = canSend ? open : word("composer.closed");
  return html`<div class="composer" onDragOver=${(event) => event.preventDefault()} onDrop=${(event) => { event.preventDefault(); add(event.dataTransfer.files); }}>
    <${Above} replied=${list.find(({ id }) => id === replyTo)} editing=${editing} onCancel=${() => { set({ replyTo: null, editing: null }); write(""); }} />
    <${Files} uploads=${uploads} remove=${remove} />
    <div class="line">
      <label class="attach" title=${word("composer.attach")}><span aria-hidden="true">＋</span><input type="file" multiple disabled=${!canSend} aria-label=${word("composer.attach")} onChange=${(event) => { add(event.currentTarget.files); event.currentTarget.value = ""; }} /></label>
      <${TextField} text=${text} write=${write} options=${options} onPick=${pick} onSend=${send} placeholder=${placeholder} disabled=${!canSend && !editing} />
      <button type="button" class="button primary" aria-label=${word("composer.send")} disabled=${!canSend || (!text.trim() && uploads.length === 0) || text.startsWith("/")} onClick=${send}>
        <span class="wide">${word("composer.send")}</span><span class="narrow" aria-hidden="true">➤</span></button>
    </div>
  </div>`;
}
