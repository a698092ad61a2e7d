/** The middle of the page: first screen, App Home, conversations and the thread beside them. */

import * as api from "./api.js";
import { blocks } from "./blocks.js";
import { composer, suggest } from "./composer.js";
import * as dates from "./dates.js";
import { el, fill, icon, keepFocus } from "./dom.js";
import * as install from "./install.js";
import * as messages from "./messages.js";
import { mrkdwn } from "./mrkdwn.js";
import { menuButton } from "./popup.js";
import { addressOf, appChannel, bot, channel, channelName, context, guarded, now, store, zone } from "./store.js";

const built = { place: "", thread: "", home: "" };
const at = (id) => document.getElementById(id);

/** The conversation one is in, or null. */
export function here() {
  if (store.place.kind !== "channel") return null;
  return store.place.where === "app" ? appChannel() : channel(store.place.where);
}

export function title() {
  if (store.place.kind === "home") return `${bot().name} Home`;
  if (store.place.kind !== "channel") return store.state.installed ? "What to try" : store.state.team.name;
  return store.place.where === "app" ? bot().name : channelName(here());
}

/** Fetch what the place shows, and mark it read when somebody looks at it. */
export async function load() {
  const one = here();
  if (!store.me || !one) {
    Object.assign(store, { messages: [], thread: [] });
    return;
  }
  const { me, team } = store;
  const read = Boolean(one.unread) && document.visibilityState === "visible";
  const answer = await api.messages(me, one.id, { read });
  store.messages = messages.topLevel(answer.messages);
  store.more = Boolean(answer.more);
  if (read) {
    markNew(one.unread);
    one.unread = 0;
  }
  const { thread } = store.place;
  if (store.me !== me || store.team !== team) return;
  store.thread = thread ? (await api.messages(me, one.id, { thread })).messages : [];
}

export function draw() {
  const name = [store.state.team.id, store.me, store.place.where, store.state.installed, withoutApp(), store.place.kind === "start" ? Boolean(store.state.welcome) : mustJoin()].join("/");
  if (built.place !== name) keepFocus(at("place"), buildPlace);
  built.place = name;
  at("place-title").textContent = title();
  if (store.place.kind === "home" && !withoutApp()) drawHome();
  const one = here();
  if (withoutApp() && !one) return drawThread(null);
  if (one || store.place.kind === "channel") messages.draw(at("log"), store.messages, options(one, false));
  drawThread(one);
}

export function focusPlace() {
  (at("place").querySelector(".composer-field") ?? at("place-title")).focus();
}

export function focusThread() {
  at("thread").querySelector(".composer-field")?.focus();
}

export function focusThreadLink(ts) {
  const article = [...at("log").querySelectorAll("article")].find((node) => node.dataset.ts === ts);
  (article?.querySelector(".thread-link") ?? article?.querySelector(".message-tools a") ?? at("place-title")).focus();
}

/** The line above what came since one was last here stays until one leaves. */
function markNew(unread) {
  if (store.newFrom) return;
  const others = store.messages.filter((message) => message.user !== store.me && !message.ephemeral);
  store.newFrom = others.at(-unread)?.ts ?? null;
}

function options(one, thread) {
  return { channel: one?.id ?? null, where: store.place.where, newFrom: thread ? null : store.newFrom, thread, more: !thread && store.more, empty: thread ? "" : nothingSaid(one) };
}

function nothingSaid(one) {
  if (one && one !== appChannel()) return `Nothing was said in ${channelName(one)} yet.`;
  return `Nothing was said here yet. Type / to see what ${bot().name} understands, or ask it something.`;
}

/** Whether this is a place of the app, in a workspace where it is not installed and never said anything. */
function withoutApp() {
  return !store.state.installed && (store.place.kind !== "channel" || (store.place.where === "app" && !here()));
}

function buildPlace() {
  const { kind, where } = store.place;
  built.home = "";
  fill(at("place-tools"), store.me && store.state.installed && shortcutMenu());
  if (withoutApp()) return fill(at("place-body"), install.card());
  if (kind === "start") return fill(at("place-body"), welcome());
  if (kind === "home") return fill(at("place-body"), el("div", { class: "home", id: "home" }));
  const name = title();
  const log = messages.newLog({ id: "log", "aria-label": `Messages in ${name}` });
  const closed = where === "app" && !store.state.installed;
  const foot = closed ? el("div", { class: "join-bar" }, el("span", {}, `${name} is not installed here any more.`)) : mustJoin() ? joinBar(here(), name) : composer({ label: `Message ${name}`, channel: () => here()?.id ?? null, thread: null, draftKey: `${store.me}/${where}` });
  return fill(at("place-body"), log, foot);
}

function mustJoin() {
  const one = here();
  return one?.kind === "channel" && !one.member;
}

function shortcutMenu() {
  const items = () => store.state.shortcuts.filter(({ type }) => type === "global").map((shortcut) => ({
    label: shortcut.name, detail: shortcut.description, onchoose: () => guarded(() => api.opens(store.me, shortcut.callback_id)),
  }));
  return menuButton({ class: "button small", id: "shortcuts", "data-focus": "shortcuts" }, [icon("bolt"), "Shortcuts"], items);
}

function joinBar(one, name) {
  return el("div", { class: "join-bar" }, el("span", {}, `You are not in ${name}.`),
    el("button", { type: "button", class: "button primary", onclick: () => guarded(() => api.joins(store.me, one.id)) }, `Join ${name}`));
}

/** What to try: the lines of the sandbox, each command in them a button that writes it. */
function welcome() {
  const lines = store.state.welcome ?? [
    "You are looking at a Slack workspace that runs on this machine alone.",
    "Choose who to be, top left. You can be anybody, one after the other.",
    "Open *Messages* under the app's name, or type `/` in any conversation to see what it understands.",
    "Turn the clock forward, at the top, to see what happens by itself.",
    "Open *Calls* to read every word between the app and Slack.",
    "Open *Faults* to see what the app does when Slack refuses, answers late or says a thing twice.",
  ];
  const ctx = context("welcome", () => null);
  const list = el("ol", { class: "welcome-list" }, lines.map((line) => el("li", {}, mrkdwn(line, ctx))));
  for (const code of list.querySelectorAll("code")) if (store.me && code.textContent.startsWith("/")) code.replaceWith(tryButton(code.textContent));
  for (const name of list.querySelectorAll("strong")) {
    const one = store.state.people.find((person) => person.real_name === name.textContent);
    if (one) name.replaceWith(el("button", { type: "button", class: "name-button", title: `Be ${one.real_name}`, onclick: () => { location.hash = `#/${one.id}/start`; } }, one.real_name));
  }
  const hint = store.me ? null : el("p", { class: "welcome-hint" }, el("button", { type: "button", class: "button primary", onclick: () => at("who").click() }, "Choose who to be"));
  return el("div", { class: "welcome" }, el("p", { class: "welcome-lead" }, `A workspace with ${bot().name} in it, on this machine.`), list, hint);
}

function tryButton(command) {
  const write = () => {
    location.hash = addressOf("app");
    const wait = () => (here() || store.place.where === "app" ? document.querySelector("main .composer-field") : null);
    const again = (left) => (wait() ? suggest(command) : left && setTimeout(() => again(left - 1), 50));
    again(40);
  };
  return el("button", { type: "button", class: "code-button", title: "Write this in a message to the app", onclick: write }, command);
}

function drawHome() {
  const { home } = store.state;
  const signature = JSON.stringify([home?.id, home?.hash, store.state.team.id, store.me, dates.isoDay(now(), zone())]);
  if (signature === built.home) return;
  built.home = signature;
  const scope = `home/${store.me}`;
  const ctx = context(scope, ({ blockId, element, selected }) => api.clicks(store.me, { view_id: home.id }, blockId, element.action_id, selected, ctx.values()));
  const empty = el("p", { class: "empty" }, `${bot().name} has not published a Home for you yet.`);
  keepFocus(at("home"), () => fill(at("home"), home ? blocks(home.blocks, ctx) : empty));
}

function drawThread(one) {
  const side = at("thread");
  const { thread } = store.place;
  const name = thread && one ? `${store.state.team.id}/${store.me}/${one.id}/${thread}` : "";
  side.hidden = !name;
  document.body.dataset.thread = name ? "open" : "";
  if (built.thread !== name) fill(side, name ? threadFrame(thread) : null);
  built.thread = name;
  if (name) messages.draw(at("thread-log"), store.thread, options(one, true));
}

function threadFrame(thread) {
  const close = el("a", { class: "icon-button", href: addressOf(store.place.where), "aria-label": "Close thread" }, icon("close"));
  return [
    el("header", { class: "side-head" }, el("h2", { id: "thread-title" }, "Thread"), close),
    messages.newLog({ id: "thread-log", "aria-label": "Messages in the thread" }),
    composer({ label: "Reply in the thread", channel: () => here()?.id ?? null, thread, draftKey: `${store.me}/${store.place.where}/${thread}` }),
  ];
}
