/** Slack's message text (mrkdwn) as nodes: styles, code, quotes, lists, links, mentions and dates. */

import { el } from "./dom.js";
import * as dates from "./dates.js";

const FENCE = /```\n?([\s\S]*?)```/;
const BULLET = /^(\s*)(•|◦|▪|-|\*|\d+\.)\s+/;
const INLINE = /`([^`\n]+)`|<([^<>\n]+)>|(https?:\/\/[^\s<>|]+[^\s<>|.,;:!?)\]'"])/;
const STYLES = [[mark("\\*"), "strong"], [mark("_"), "em"], [mark("~"), "s"]];

/** Nodes for mrkdwn text; `ctx` names people and channels and has the reader's zone and now. */
export function mrkdwn(text, ctx) {
  return splitFences(String(text ?? "")).flatMap(({ code, body }) =>
    code ? [el("pre", { class: "code-block", tabindex: "0" }, el("code", {}, plain(codeText(body))))] : lines(body, ctx));
}

/** Slack escapes three characters wherever text stands. */
export function plain(text) {
  return String(text ?? "").replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");
}

/** The nodes of a text object, plain_text or mrkdwn. */
export function textObject(object, ctx) {
  if (!object) return [];
  return object.type === "mrkdwn" ? mrkdwn(object.text, ctx) : [plain(object.text)];
}

/** Only addresses that cannot run anything. */
export function safeUrl(url) {
  const address = plain(url).trim();
  return /^(https?:|mailto:|tel:|\/)/i.test(address) ? address : null;
}

/** A file of the workspace, asked for from where the page itself comes from. */
export function fileUrl(url) {
  const address = safeUrl(url ?? "");
  const path = address && new URL(address, location.href).pathname;
  return path?.startsWith("/files/") ? path : address;
}

export function link(url, children) {
  const href = safeUrl(url);
  return href ? el("a", { href, target: "_blank", rel: "noopener noreferrer" }, children) : el("span", {}, children);
}

export function mention(id, ctx, label) {
  const person = ctx.people.get(id);
  const name = person ? person.real_name || person.name : label || id;
  return el("span", { class: id === ctx.me?.id ? "mention mention-me" : "mention" }, `@${plain(name)}`);
}

export function channelMention(id, ctx, label) {
  const channel = ctx.channels.get(id);
  const name = channel && !channel.name ? "a direct message" : `#${channel?.name ?? plain(label || id)}`;
  return channel && ctx.linkTo ? el("a", { class: "mention", href: ctx.linkTo(id) }, name) : el("span", { class: "mention" }, name);
}

function splitFences(text) {
  const parts = [];
  let rest = text;
  for (let found = FENCE.exec(rest); found; found = FENCE.exec(rest)) {
    parts.push({ code: false, body: rest.slice(0, found.index).replace(/\n$/, "") }, { code: true, body: found[1].replace(/\n$/, "") });
    rest = rest.slice(found.index + found[0].length).replace(/^\n/, "");
  }
  parts.push({ code: false, body: rest });
  return parts.filter(({ code, body }) => code || body !== "");
}

function lines(text, ctx) {
  const nodes = [];
  let quoted = [];
  const endQuote = () => {
    if (quoted.length) nodes.push(el("blockquote", {}, quoted.map((line) => lineNode(line, ctx))));
    quoted = [];
  };
  for (const line of text.split("\n")) {
    const quote = /^(?:&gt;|>)(?:&gt;&gt;|>>)?\s?(.*)$/.exec(line);
    if (quote) quoted.push(quote[1]);
    else {
      endQuote();
      nodes.push(lineNode(line, ctx));
    }
  }
  endQuote();
  return nodes;
}

function lineNode(line, ctx) {
  if (!line.trim()) return el("span", { class: "line empty" });
  const bullet = BULLET.exec(line);
  if (!bullet) return el("span", { class: "line" }, inline(line, ctx));
  const style = `--depth: ${Math.floor(bullet[1].length / 2)}`;
  return el("span", { class: "line item", style }, el("span", { class: "bullet" }, bullet[2]), el("span", {}, inline(line.slice(bullet[0].length), ctx)));
}

function inline(text, ctx) {
  const { words, tokens } = takeTokens(text, ctx);
  return styled(words, tokens);
}

/** Code, links and mentions are lifted out first, so that `*`, `_` and `~` inside them are left alone. */
function takeTokens(text, ctx) {
  const tokens = [];
  let words = "";
  let rest = text;
  for (let found = INLINE.exec(rest); found; found = INLINE.exec(rest)) {
    words += rest.slice(0, found.index) + String.fromCharCode(0xe000 + tokens.length);
    tokens.push(token(found, ctx));
    rest = rest.slice(found.index + found[0].length);
  }
  return { words: words + rest, tokens };
}

function token([, code, angle, url], ctx) {
  if (code !== undefined) return el("code", {}, plain(codeText(code)));
  if (url !== undefined) return link(url, plain(url));
  const [target, label] = splitOnce(angle, "|");
  if (target.startsWith("@")) return mention(target.slice(1), ctx, label?.replace(/^@/, ""));
  if (target.startsWith("#")) return channelMention(target.slice(1), ctx, label);
  if (target.startsWith("!date^")) return dateNode(target, label, ctx);
  if (target.startsWith("!")) return el("span", { class: "mention" }, specialMention(target, label));
  if (!safeUrl(target)) return el("span", {}, plain(`<${angle}>`));
  return link(target, label ? inline(label, ctx) : plain(target.replace(/^(mailto|tel):/, "")));
}

function dateNode(target, fallback, ctx) {
  const [, seconds, pattern, url] = target.split("^");
  const words = Number.isFinite(Number(seconds)) && pattern ? dates.fromMarkup(seconds, pattern, ctx.zone, ctx.now()) : plain(fallback ?? "");
  const node = el("time", { datetime: new Date(Number(seconds) * 1000 || 0).toISOString(), title: plain(fallback ?? "") }, words);
  return url ? link(url, node) : node;
}

function specialMention(target, label) {
  if (label) return plain(label);
  return target.startsWith("!subteam^") ? `@${target.slice(9)}` : `@${target.slice(1)}`;
}

/** Bold, italic and strike when the marks hug words and stand at a word's edge; the outermost pair first. */
function styled(words, tokens) {
  const found = STYLES.map(([pair, tag]) => ({ tag, match: pair.exec(words) })).filter(({ match }) => match);
  if (!found.length) return restore(words, tokens);
  const start = ({ match }) => match.index + match[1].length;
  const first = found.reduce((one, other) => (start(other) < start(one) ? other : one));
  const end = first.match.index + first.match[0].length;
  const before = styled(words.slice(0, start(first)), tokens);
  return [...before, el(first.tag, {}, styled(first.match[2], tokens)), ...styled(words.slice(end), tokens)];
}

function mark(sign) {
  return new RegExp(`(^|[^\\p{L}\\p{N}${sign}])${sign}(?!\\s)([^${sign}\\n]*[^\\s${sign}])${sign}(?![\\p{L}\\p{N}${sign}])`, "u");
}

function restore(words, tokens) {
  return words.split(/([\ue000-\uf8ff])/).filter(Boolean).map((part) => {
    const index = part.charCodeAt(0) - 0xe000;
    return part.length === 1 && index >= 0 && tokens[index] ? tokens[index] : plain(part);
  });
}

/** Inside code Slack still shows a link as its address. */
function codeText(text) {
  return text.replace(/<([^<>|\n]+)(?:\|([^<>\n]*))?>/g, (_, target, label) => label || target);
}

function splitOnce(text, mark) {
  const at = text.indexOf(mark);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}
