/** The list of places: the app, channels, group messages, and channels to join. */

import { changes, el, fill, keepFocus } from "./dom.js";
import { addressOf, appChannel, bot, channelName, store } from "./store.js";

const differs = changes();

export function draw(nav) {
  const { team, installed, channels, bot: app, welcome } = store.state;
  if (!differs(team, installed, channels, app, welcome, store.me, store.place)) return;
  keepFocus(nav, () => fill(nav, store.me ? sections() : []));
}

export function unreadTotal() {
  return store.state.channels.reduce((sum, one) => sum + (one.unread ?? 0), 0);
}

function sections() {
  const { channels } = store.state;
  const app = appChannel();
  const named = (kinds, member) => channels.filter((one) => kinds.includes(one.kind) && Boolean(one.member) === member).sort((one, other) => one.name.localeCompare(other.name));
  const direct = channels.filter((one) => ["im", "mpim"].includes(one.kind) && one !== app);
  const { installed } = store.state;
  return [
    el("ul", { class: "places" }, item("start", installed ? "What to try" : `Install ${bot().name}`, 0, store.place.kind === "start")),
    group(bot().name, [
      installed && item("home", "Home", 0, store.place.kind === "home"),
      (installed || app) && item("app", "Messages", app?.unread ?? 0, store.place.kind === "channel" && store.place.where === "app"),
    ]),
    group("Channels", named(["channel", "private"], true).map(ofChannel)),
    group("Direct messages", direct.map(ofChannel)),
    group("Channels to join", named(["channel"], false).map(ofChannel)),
  ];
}

function group(title, items) {
  if (!items.some(Boolean)) return null;
  const id = `group-${title.toLowerCase().replace(/\W+/g, "-")}`;
  return el("section", { "aria-labelledby": id }, el("h2", { id, class: "group-title" }, title), el("ul", { class: "places" }, items));
}

function ofChannel(one) {
  const current = store.place.kind === "channel" && store.place.where === one.id;
  return item(one.id, channelName(one), one.unread ?? 0, current);
}

function item(where, label, unread, current) {
  const mark = unread ? el("span", { class: "unread" }, String(unread), el("span", { class: "hidden" }, " unread")) : null;
  const attributes = { href: addressOf(where), class: unread ? "place has-unread" : "place", "aria-current": current ? "page" : null, "data-focus": `place/${where}` };
  return el("li", {}, el("a", attributes, el("span", { class: "place-name" }, label), mark ? [" ", mark] : null));
}
