/** The log of a conversation and of a thread: messages, day lines, marks, reactions, files, and what one can do with them. */

import * as api from "./api.js";
import { blocks } from "./blocks.js";
import * as dates from "./dates.js";
import { el, icon, keyed, uid } from "./dom.js";
import { fileUrl, mrkdwn, plain } from "./mrkdwn.js";
import { menuButton } from "./popup.js";
import { addressOf, bot, context, fileOf, guarded, now, person, store, zone } from "./store.js";

const REACTIONS = ["thumbsup", "eyes", "white_check_mark"];

/** Draw `list` into `log`; `options`: `{channel, where, thread, newFrom, more, empty}`. Stays at the newest message when it was there. */
export function draw(log, list, options) {
  const older = options.more ? [{ key: "older", line: "Older messages are not shown" }] : [];
  const nothing = options.empty && !list.length ? [{ key: "empty", empty: options.empty }] : [];
  const rows = [...older, ...nothing, ...withLines(list, options.newFrom)];
  keyed(log, rows, {
    key: (row) => row.key,
    sign: (row) => JSON.stringify([row.empty ?? row.line ?? row.message, store.me, zone(), dates.isoDay(now(), zone())]),
    draw: (row) => (row.empty ? el("p", { class: "empty nothing-said" }, row.empty) : row.line ? line(row) : article(row.message, options)),
  });
  if (log.atEnd) log.scrollTop = log.scrollHeight;
}

/** A log that starts at its end and stays there, pictures loading or not, until somebody scrolls up. */
export function newLog(attributes) {
  const log = el("div", { class: "log", role: "log", tabindex: "0", ...attributes });
  log.atEnd = true;
  log.addEventListener("scroll", () => { log.atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 60; });
  const toEnd = () => { if (log.atEnd) log.scrollTop = log.scrollHeight; };
  log.addEventListener("load", toEnd, true);
  new ResizeObserver(toEnd).observe(log);
  return log;
}

/** Messages that stand in the conversation itself, not in a thread. */
export function topLevel(list) {
  return list.filter((message) => !message.thread_ts || message.thread_ts === message.ts || message.subtype === "thread_broadcast");
}

export function senderOf(message) {
  const known = person(message.user) ?? (message.bot_id ? person(bot().user_id) : null);
  return { name: message.username ?? known?.real_name ?? known?.name ?? "Somebody", id: message.user ?? message.bot_id, isApp: Boolean(message.bot_id) };
}

export function avatar(name, id, isApp = false) {
  const hue = [...String(id)].reduce((sum, letter) => (sum * 137 + letter.charCodeAt(0) * 61) % 360, 7);
  const letters = name.split(/\s+/).map((word) => word[0]).filter(Boolean);
  const initials = (letters.length > 1 ? letters[0] + letters.at(-1) : letters[0] ?? "?").toUpperCase();
  return el("span", { class: isApp ? "avatar app" : "avatar", style: `--hue: ${hue}`, "aria-hidden": "true" }, initials);
}

function withLines(list, newFrom) {
  const rows = [];
  let last = null;
  for (const message of list) {
    const date = dates.ofTs(message.ts);
    const iso = dates.isoDay(date, zone());
    const near = dates.relativeDay(date, now(), zone());
    if (iso !== last) rows.push({ key: `day-${iso}`, line: near === "today" || near === "yesterday" ? `${near[0].toUpperCase()}${near.slice(1)}, ${dates.day(date, zone())}` : dates.day(date, zone()) });
    if (message.ts === newFrom) rows.push({ key: "new", line: "New", fresh: true });
    rows.push({ key: `${message.ts}${message.ephemeral ? "-e" : ""}`, message });
    last = iso;
  }
  return rows;
}

function line(row) {
  return el("div", { class: row.fresh ? "day-line new" : "day-line", role: "separator", "aria-label": row.line }, el("span", {}, row.line));
}

function article(message, options) {
  const sender = senderOf(message);
  const headId = uid("message");
  const quiet = ["channel_join", "channel_leave", "channel_topic"].includes(message.subtype);
  const edited = message.edited && el("span", { class: "edited" }, "(edited)");
  const date = dates.ofTs(message.ts);
  return el("article", { class: `message${message.ephemeral ? " ephemeral" : ""}${quiet ? " quiet" : ""}`, "aria-labelledby": headId, "data-ts": message.ts },
    avatar(sender.name, sender.id, sender.isApp),
    el("div", { class: "message-main" },
      el("div", { class: "message-head", id: headId },
        el("strong", {}, plain(sender.name)), sender.isApp && el("span", { class: "badge" }, "App"), " ",
        el("time", { datetime: date.toISOString(), title: dates.full(date, zone()) }, dates.time(date, zone())), " ", edited),
      message.ephemeral && el("div", { class: "only-you" }, "Only visible to you"),
      el("div", { class: "message-body" }, body(message, options.channel)),
      reactions(message),
      threadButton(message, options)),
    message.ephemeral || quiet ? null : tools(message, options, sender));
}

function body(message, channel) {
  const scope = `${channel}/${message.ts}`;
  const ctx = context(scope, ({ blockId, element, selected }) =>
    api.clicks(store.me, { channel, ts: message.ts }, blockId, element.action_id, selected));
  const words = message.mrkdwn === false ? [plain(message.text)] : mrkdwn(message.text ?? "", ctx);
  return [
    message.blocks?.length ? blocks(message.blocks, ctx) : el("div", { class: "section-text" }, words),
    (message.attachments ?? []).map((part) => attachment(part, ctx)),
    (message.files ?? []).map(file),
  ];
}

function attachment(part, ctx) {
  const color = /^#[0-9a-f]{3,8}$/i.test(part.color ?? "") ? part.color : null;
  return el("div", { class: "attachment", style: color && `--mark: ${color}` },
    part.title && el("strong", { class: "line" }, plain(part.title)),
    part.blocks ? blocks(part.blocks, ctx) : el("div", { class: "section-text" }, mrkdwn(part.text ?? part.fallback ?? "", ctx)));
}

function file(one) {
  const href = fileUrl(one.url_private ?? fileOf(one.id, one.name));
  const size = one.size ? `, ${one.size < 2048 ? `${one.size} bytes` : `${Math.round(one.size / 1024)} kB`}` : "";
  const name = plain(one.title || one.name || "file");
  if (/^image\//.test(one.mimetype ?? "")) return el("img", { class: "image", src: href, alt: plain(one.alt_txt || name) });
  return el("a", { class: "file", href, target: "_blank", rel: "noopener", download: one.name }, `${name}${size}`);
}

function reactions(message) {
  if (!message.reactions?.length) return null;
  return el("ul", { class: "reactions", "aria-label": "Reactions" }, message.reactions.map(({ name, count, users }) =>
    el("li", { title: (users ?? []).map((id) => person(id)?.real_name ?? id).join(", ") }, `:${name}: ${count ?? users?.length ?? 1}`)));
}

function threadButton(message, options) {
  if (!message.reply_count || options.thread) return null;
  const words = message.reply_count === 1 ? "1 reply" : `${message.reply_count} replies`;
  return el("a", { class: "thread-link", href: addressOf(options.where, message.ts), "data-focus": `thread/${message.ts}` }, words);
}

function tools(message, options, sender) {
  const about = `message from ${sender.name} at ${dates.time(dates.ofTs(message.ts), zone())}`;
  const reply = options.thread ? null
    : el("a", { class: "icon-button", href: addressOf(options.where, message.ts), "aria-label": `Reply in thread to ${about}`, title: "Reply in thread" }, icon("reply"));
  const items = () => [
    ...store.state.shortcuts.filter(({ type }) => type === "message").map((shortcut) => ({
      label: shortcut.name, detail: shortcut.description,
      onchoose: () => guarded(() => api.opens(store.me, shortcut.callback_id, { channel: options.channel, ts: message.ts })),
    })),
    ...REACTIONS.map((name) => ({ label: `React with :${name}:`, onchoose: () => guarded(() => api.reacts(store.me, options.channel, message.ts, name)) })),
  ];
  const more = menuButton({ class: "icon-button", "aria-label": `More actions for ${about}`, title: "More actions", "data-focus": `more/${message.ts}` }, icon("more"), items);
  return el("div", { class: "message-tools" }, reply, more);
}
