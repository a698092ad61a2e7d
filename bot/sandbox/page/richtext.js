/** rich_text blocks, tables and markdown blocks as nodes. */

import { el } from "./dom.js";
import * as dates from "./dates.js";
import { channelMention, link, mention, mrkdwn, plain } from "./mrkdwn.js";

export function richText(block, ctx) {
  return el("div", { class: "rich-text" }, (block.elements ?? []).map((element) => part(element, ctx)));
}

export function table(block, ctx) {
  const [head, ...rows] = block.rows ?? [];
  const cells = (row, tag) => el("tr", {}, row.map((cell) => el(tag, tag === "th" ? { scope: "col" } : {}, tableCell(cell, ctx))));
  return el("div", { class: "table-wrap", tabindex: "0", role: "region", "aria-label": "Table" },
    el("table", {}, head && el("thead", {}, cells(head, "th")), el("tbody", {}, rows.map((row) => cells(row, "td")))));
}

/** The everyday part of Markdown: headings, lists, quotes, fences, bold, italic, code, links. */
export function markdown(text, ctx) {
  const nodes = [];
  let rest = text.split("\n");
  while (rest.length) {
    const [node, left] = markdownBlock(rest, ctx);
    nodes.push(node);
    rest = left;
  }
  return el("div", { class: "markdown" }, nodes);
}

function part(element, ctx) {
  const children = (element.elements ?? []).map((child) => leaf(child, ctx));
  if (element.type === "rich_text_quote") return el("blockquote", {}, el("span", { class: "line" }, children));
  if (element.type === "rich_text_preformatted") return el("pre", { class: "code-block", tabindex: "0" }, el("code", {}, children));
  if (element.type === "rich_text_list") return list(element, ctx);
  return el("div", { class: "line" }, children);
}

function list(element, ctx) {
  const tag = element.style === "ordered" ? "ol" : "ul";
  const attributes = { style: `--depth: ${element.indent ?? 0}`, start: element.offset ? element.offset + 1 : null };
  return el(tag, attributes, (element.elements ?? []).map((item) => el("li", {}, (item.elements ?? []).map((child) => leaf(child, ctx)))));
}

function leaf(element, ctx) {
  return withStyle(leafNode(element, ctx), element.style ?? {});
}

function leafNode(element, ctx) {
  switch (element.type) {
    case "text": return element.text;
    case "link": return link(element.url, element.text || element.url);
    case "emoji": return `:${element.name}:`;
    case "user": return mention(element.user_id, ctx);
    case "channel": return channelMention(element.channel_id, ctx);
    case "usergroup": return el("span", { class: "mention" }, `@${element.usergroup_id}`);
    case "broadcast": return el("span", { class: "mention" }, `@${element.range}`);
    case "date": return el("time", {}, dates.fromMarkup(element.timestamp, element.format, ctx.zone, ctx.now()));
    case "color": return element.value;
    default: return element.text ?? "";
  }
}

function withStyle(node, style) {
  const tags = { code: "code", bold: "strong", italic: "em", strike: "s" };
  return Object.entries(tags).reduce((inside, [name, tag]) => (style[name] ? el(tag, {}, inside) : inside), node);
}

function tableCell(cell, ctx) {
  if (cell.type === "rich_text") return richText(cell, ctx);
  return plain(cell.text ?? cell.value ?? "");
}

function markdownBlock(rows, ctx) {
  const [row] = rows;
  const heading = /^(#{1,6})\s+(.*)$/.exec(row);
  if (heading) return [el("p", { class: "md-heading", role: "heading", "aria-level": heading[1].length + 2 }, words(heading[2], ctx)), rows.slice(1)];
  if (/^(```|~~~)/.test(row)) return fence(rows);
  if (/^\s*([-*+]|\d+\.)\s+/.test(row)) return markdownList(rows, ctx);
  if (/^>\s?/.test(row)) return quote(rows, ctx);
  if (/^(-{3,}|\*{3,})\s*$/.test(row)) return [el("hr"), rows.slice(1)];
  return [el("span", { class: row.trim() ? "line" : "line empty" }, words(row, ctx)), rows.slice(1)];
}

function fence(rows) {
  const end = rows.findIndex((row, index) => index > 0 && /^(```|~~~)/.test(row));
  const until = end < 0 ? rows.length : end;
  return [el("pre", { class: "code-block", tabindex: "0" }, el("code", {}, rows.slice(1, until).join("\n"))), rows.slice(until + 1)];
}

function markdownList(rows, ctx) {
  const item = /^\s*(?:[-*+]|(\d+)\.)\s+(.*)$/;
  const end = rows.findIndex((row) => !item.test(row));
  const mine = rows.slice(0, end < 0 ? rows.length : end);
  const tag = item.exec(mine[0])[1] ? "ol" : "ul";
  return [el(tag, {}, mine.map((row) => el("li", {}, words(item.exec(row)[2], ctx)))), rows.slice(mine.length)];
}

function quote(rows, ctx) {
  const end = rows.findIndex((row) => !row.startsWith(">"));
  const mine = rows.slice(0, end < 0 ? rows.length : end);
  return [el("blockquote", {}, mine.map((row) => el("span", { class: "line" }, words(row.replace(/^>\s?/, ""), ctx)))), rows.slice(mine.length)];
}

/** Markdown's inline marks, rewritten as mrkdwn: one drawing for both. */
function words(text, ctx) {
  const bold = "\u0001";
  const rewritten = text
    .replace(/!?\[([^\]]*)\]\(([^)\s]+)\)/g, "<$2|$1>")
    .replace(/(\*\*|__)(?=\S)(.+?)\1/g, `${bold}$2${bold}`)
    .replace(/(^|[^*\p{L}\p{N}])\*(?=\S)([^*]+?)\*(?!\*)/gu, "$1_$2_")
    .replace(/~~(.+?)~~/g, "~$1~")
    .replaceAll(bold, "*");
  return mrkdwn(rewritten, ctx).flatMap((node) => [...(node.childNodes ?? [node])]);
}
