/** Block Kit layout blocks as nodes. */

import { el, fill, uid } from "./dom.js";
import { element, picture } from "./elements.js";
import * as inputs from "./inputs.js";
import { plain, textObject } from "./mrkdwn.js";
import { markdown, richText, table } from "./richtext.js";

const HEADING_LEVEL = 4;

/** Nodes for a list of blocks; `ctx` as `context.js` makes it. */
export function blocks(list, ctx) {
  return (list ?? []).map((block) => {
    const node = (DRAW[block.type] ?? unknown)(block, ctx);
    node.dataset.blockId = block.block_id ?? "";
    return node;
  });
}

/** Put `errors` ({block_id: text}) beside their fields under `root` and take away the others; returns the first field in error. */
export function showErrors(root, errors) {
  let first = null;
  for (const holder of root.querySelectorAll(".input-block")) {
    const text = errors[holder.dataset.blockId] ?? "";
    const slot = holder.querySelector(".field-error");
    slot.textContent = text;
    slot.hidden = !text;
    for (const field of holder.querySelectorAll("input, textarea")) {
      if (text) field.setAttribute("aria-invalid", "true");
      else field.removeAttribute("aria-invalid");
      if (text && !first) first = field;
    }
  }
  return first;
}

const DRAW = {
  section,
  actions,
  context,
  divider: () => el("hr", { class: "divider" }),
  header,
  image,
  input,
  rich_text: (block, ctx) => richText(block, ctx),
  markdown: (block, ctx) => markdown(block.text ?? "", ctx),
  table: (block, ctx) => table(block, ctx),
  context_actions: actions,
  file: (block) => el("p", { class: "context" }, `File ${block.external_id ?? ""}`),
  video,
};

function section(block, ctx) {
  const textId = uid("section");
  const fields = (block.fields ?? []).map((field) => el("div", { class: "section-field" }, textObject(field, ctx)));
  const place = { ctx, blockId: block.block_id, describe: block.text ? textId : null };
  return el("div", { class: "section" },
    el("div", { class: "section-main" },
      block.text && el("div", { class: "section-text", id: textId }, textObject(block.text, ctx)),
      fields.length > 0 && el("div", { class: "section-fields" }, fields)),
    block.accessory && el("div", { class: "section-accessory" }, element(block.accessory, place)));
}

function actions(block, ctx) {
  return el("div", { class: "actions" }, (block.elements ?? []).map((item) => element(item, { ctx, blockId: block.block_id })));
}

function context(block, ctx) {
  return el("div", { class: "context" }, (block.elements ?? []).map((item) =>
    item.type === "image" ? picture(item, "context-image") : el("div", { class: "context-text" }, textObject(item, ctx))));
}

function header(block) {
  const level = HEADING_LEVEL - 1 + (block.level ?? 1);
  return el("div", { class: `header-block level-${block.level ?? 1}`, role: "heading", "aria-level": level }, plain(block.text?.text));
}

function image(block, ctx) {
  const title = block.title && el("figcaption", {}, textObject(block.title, ctx));
  return el("figure", { class: "image-block" }, title, picture(block, "image"));
}

function video(block, ctx) {
  return el("figure", { class: "image-block" }, el("figcaption", {}, textObject(block.title, ctx)),
    picture({ image_url: block.thumbnail_url, alt_text: block.alt_text }, "image"));
}

/** A label, its field, hint and error, tied together for whoever does not see them side by side. */
function input(block, ctx) {
  const item = block.element;
  const id = uid("field");
  const [hintId, errorId] = [`${id}-hint`, `${id}-error`];
  const describedBy = [block.hint && hintId, errorId].filter(Boolean).join(" ");
  const group = inputs.GROUPS.has(item.type);
  const attributes = {
    "aria-describedby": describedBy, "aria-required": block.optional ? null : "true", "data-focus": `${ctx.scope}/${block.block_id}/${item.action_id}`,
    autofocus: item.focus_on_load ? true : null,
  };
  const field = inputs.draw(item, {
    id, attributes: group ? {} : attributes, ctx, value: ctx.held(block.block_id, item.action_id), dispatches: Boolean(block.dispatch_action),
    onchange: (value, final) => changed(block, item, value, final, ctx),
  });
  const optional = block.optional ? el("span", { class: "optional" }, " (optional)") : null;
  const words = [plain(block.label?.text), optional];
  const label = group ? el("legend", { class: "label" }, words) : el("label", { class: "label", for: id }, words);
  return el(group ? "fieldset" : "div", { class: "input-block", "data-action-id": item.action_id, "aria-describedby": group ? describedBy : null },
    label, field,
    block.hint && el("div", { class: "hint", id: hintId }, plain(block.hint.text)),
    el("div", { class: "field-error", id: errorId, hidden: true }));
}

function changed(block, item, value, final, ctx) {
  ctx.hold(block.block_id, item.action_id, value);
  if (!final || !block.dispatch_action) return;
  const { type, ...selected } = value;
  ctx.act({ blockId: block.block_id, element: item, selected });
}

function unknown(block) {
  const node = el("details", { class: "unknown" }, el("summary", {}, `A block of type “${block.type}” is not drawn here`));
  const json = el("pre", { class: "code-block", tabindex: "0" });
  fill(json, JSON.stringify(block, null, 2));
  node.append(json);
  return node;
}
