/** Where one types: completes the app's commands, people and channels, sends on Enter. */

import * as api from "./api.js";
import { announce, el, fill, icon, uid } from "./dom.js";
import { float } from "./popup.js";
import { about, bot, store } from "./store.js";

const SHOWN = 8;

/**
 * A composer for one place; `options`: `{label, channel(), thread, draftKey}`. What was typed and not sent is kept
 * under `draftKey`; when sending fails the words stay.
 */
export function composer(options) {
  const id = uid("composer");
  const box = { options, shown: [], active: 0, from: 0, waiting: 0 };
  box.input = el("textarea", {
    id, rows: 1, class: "composer-field", "aria-label": options.label, placeholder: options.label, "aria-autocomplete": "list", "aria-haspopup": "listbox",
    autocomplete: "off", "data-focus": `composer/${options.draftKey}`, value: store.drafts.get(options.draftKey) ?? "",
  });
  box.list = el("div", { class: "listbox", role: "listbox", id: `${id}-list`, "aria-label": "Completions" });
  box.problem = el("p", { class: "composer-problem", role: "alert", hidden: true });
  box.input.addEventListener("input", () => typed(box));
  box.input.addEventListener("keydown", (event) => key(box, event));
  box.input.addEventListener("blur", () => close(box));
  box.list.addEventListener("pointerdown", (event) => event.preventDefault());
  const send = el("button", { type: "submit", class: "button primary send", "aria-label": "Send" }, icon("send"));
  box.row = el("div", { class: "composer-row" }, box.input, send);
  box.node = el("form", { class: "composer", onsubmit: (event) => { event.preventDefault(); submit(box); } }, box.problem, box.row);
  requestAnimationFrame(() => grow(box));
  return box.node;
}

/** Put words into the composer of the page, ready to be sent. */
export function suggest(text) {
  const input = document.querySelector("main .composer-field");
  if (!input) return;
  input.value = text;
  input.dispatchEvent(new Event("input"));
  input.focus();
}

function typed(box) {
  store.drafts.set(box.options.draftKey, box.input.value);
  grow(box);
  const before = box.input.value.slice(0, box.input.selectionStart);
  const command = /^\/\S*$/.exec(before);
  const word = /(^|\s)([@#][^\s@#]*(?: [^\s@#]*)?)$/.exec(before);
  if (command) open(box, 0, commands(before));
  else if (word) open(box, before.length - word[2].length, names(word[2]));
  else close(box);
}

function commands(start) {
  return store.state.commands.filter(({ command }) => command.startsWith(start.toLowerCase()))
    .map((one) => ({ text: `${one.command} `, label: one.command, hint: one.usage_hint, detail: one.description }));
}

function names(word) {
  const start = word.slice(1).toLowerCase();
  const fits = (name) => name.toLowerCase().startsWith(start) || name.toLowerCase().split(/\s+/).some((part) => start && part.startsWith(start));
  if (word[0] === "#") return store.state.channels.filter(({ kind, name }) => ["channel", "private"].includes(kind) && fits(name)).map(({ name }) => ({ text: `#${name} `, label: `#${name}` }));
  const everybody = [{ real_name: bot().name, title: "App" }, ...store.state.people.filter((one) => !one.deleted && one.id !== bot().user_id)];
  return everybody.filter((one) => fits(one.real_name)).map((one) => ({ text: `@${one.real_name} `, label: `@${one.real_name}`, detail: about(one) }));
}

function open(box, from, items) {
  if (!items.length) return close(box);
  Object.assign(box, { from, shown: items.slice(0, SHOWN), active: 0 });
  fill(box.list, box.shown.map((item, index) => el("div", { role: "option", id: `${box.list.id}-${index}`, class: "option", onclick: () => take(box, item) },
    el("span", {}, el("span", { class: "option-command" }, item.label), item.hint && ` ${item.hint}`), item.detail && el("span", { class: "option-detail" }, item.detail))));
  if (!box.list.isConnected) announce(`${items.length} ${items.length === 1 ? "completion" : "completions"}. Up and down to choose, Tab to take.`);
  float(box.list, box.row);
  box.input.setAttribute("aria-controls", box.list.id);
  mark(box);
  return undefined;
}

function close(box) {
  box.shown = [];
  box.list.remove();
  box.input.removeAttribute("aria-activedescendant");
}

function mark(box) {
  [...box.list.children].forEach((node, index) => {
    node.classList.toggle("active", index === box.active);
    node.setAttribute("aria-selected", String(index === box.active));
  });
  box.input.setAttribute("aria-activedescendant", `${box.list.id}-${box.active}`);
}

function take(box, item) {
  const end = box.input.selectionStart;
  box.input.setRangeText(item.text, box.from, end, "end");
  store.drafts.set(box.options.draftKey, box.input.value);
  close(box);
  box.input.focus();
}

function key(box, event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (box.shown.length && step) box.active = (box.active + step + box.shown.length) % box.shown.length;
  else if (box.shown.length && event.key === "Escape") close(box);
  else if (box.shown.length && event.key === "Tab" && !event.shiftKey) take(box, box.shown[box.active]);
  else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) enter(box);
  else return;
  event.preventDefault();
  if (step) mark(box);
}

/** Enter takes a completion that says more than what stands there; else it sends. */
function enter(box) {
  const item = box.shown[box.active];
  if (item && box.input.value.slice(box.from).trim() !== item.text.trim()) take(box, item);
  else submit(box);
}

async function submit(box) {
  const text = box.input.value.trim();
  if (!text) return;
  close(box);
  waiting(box, 1);
  box.input.value = "";
  const { channel, thread, draftKey } = box.options;
  store.drafts.delete(draftKey);
  const target = { ...(channel() ? { channel: channel() } : {}), ...(thread ? { thread_ts: thread } : {}) };
  let problem = null;
  try {
    const answer = await api.types(store.me, { text: outgoing(text), ...target });
    problem = answer.error ?? null;
  } catch (error) {
    if (!(error instanceof api.Refusal)) throw error;
    problem = error.message;
  }
  waiting(box, -1);
  report(box, problem, text);
  store.refresh();
}

function waiting(box, change) {
  box.waiting += change;
  box.row.setAttribute("aria-busy", String(box.waiting > 0));
}

function report(box, problem, text) {
  box.problem.hidden = !problem;
  box.problem.textContent = problem ?? "";
  if (problem && !box.input.value) {
    box.input.value = text;
    store.drafts.set(box.options.draftKey, text);
  }
  grow(box);
}

/** Chosen names become handles and mentions; all other escaping is done by whoever receives the words. */
function outgoing(text) {
  const everybody = [...store.state.people].sort((one, other) => other.real_name.length - one.real_name.length);
  const app = text.replaceAll(`@${bot().name}`, `<@${bot().user_id}>`);
  const named = everybody.reduce((words, one) => words.replaceAll(`@${one.real_name}`, text.startsWith("/") ? `@${one.name}` : `<@${one.id}>`), app);
  return text.startsWith("/") ? named : named.replace(/(^|\s)#([\p{L}\p{N}_-]+)/gu, channelLink);
}

function channelLink(whole, space, name) {
  const found = store.state.channels.find((one) => one.name === name);
  return found ? `${space}<#${found.id}>` : whole;
}

function grow(box) {
  box.input.style.height = "auto";
  box.input.style.height = `${Math.min(box.input.scrollHeight, 180)}px`;
}
