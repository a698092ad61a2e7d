/** Block Kit elements that act at once: buttons, menus, and inputs outside a form. */

import { el, icon, uid } from "./dom.js";
import * as inputs from "./inputs.js";
import { fileUrl, plain, safeUrl, textObject } from "./mrkdwn.js";
import { confirm, menuButton } from "./popup.js";
import { fileOf } from "./store.js";

/** One element of an actions block or an accessory. `place`: `{ctx, blockId, describe}`. */
export function element(item, place) {
  if (item.type === "button" || item.type === "workflow_button") return button(item, place);
  if (item.type === "overflow") return overflow(item, place);
  if (item.type === "image") return picture(item, "accessory-image");
  if (item.type === "icon_button") return iconButton(item, place);
  if (item.type === "feedback_buttons") return feedback(item, place);
  if (inputs.isInput(item)) return acting(item, place);
  return el("span", { class: "unknown" }, `An element of type “${item.type}” is not drawn here.`);
}

export function picture(item, className) {
  const src = fileUrl(item.image_url ?? item.slack_file?.url ?? (item.slack_file ? fileOf(item.slack_file.id, "image") : ""));
  return el("img", { class: className, src, alt: plain(item.alt_text ?? ""), loading: "lazy" });
}

function button(item, place) {
  const style = { primary: "button primary", danger: "button danger" }[item.style] ?? "button";
  const href = item.url ? safeUrl(item.url) : null;
  const attributes = {
    class: style, "aria-label": item.accessibility_label ? plain(item.accessibility_label) : null, "aria-describedby": place.describe,
    onclick: (event) => press(event, item, { value: item.value ?? null }, place), ...marks(item, place),
  };
  if (!href) return el("button", { type: "button", ...attributes }, plain(item.text.text));
  return el("a", { href, target: "_blank", rel: "noopener noreferrer", ...attributes }, plain(item.text.text), el("span", { class: "hidden" }, " (opens a new tab)"));
}

function overflow(item, place) {
  const items = () => item.options.map((option) => ({
    label: plain(option.text.text), detail: option.description ? plain(option.description.text) : null,
    onchoose: () => {
      if (option.url && safeUrl(option.url)) window.open(safeUrl(option.url), "_blank", "noopener");
      press(null, item, { selected_option: option }, place);
    },
  }));
  return menuButton({ class: "icon-button", "aria-label": "More options", "aria-describedby": place.describe, ...marks(item, place) }, icon("more"), items);
}

function iconButton(item, place) {
  return el("button", { type: "button", class: "button", onclick: (event) => press(event, item, { value: item.value ?? null }, place), ...marks(item, place) }, plain(item.text.text));
}

function feedback(item, place) {
  const one = (side) => el("button", {
    type: "button", class: "button", "aria-label": side.accessibility_label ?? null,
    onclick: (event) => press(event, item, { value: side.value }, place),
  }, plain(side.text.text));
  return el("span", { class: "feedback", ...marks(item, place) }, one(item.positive_button), one(item.negative_button));
}

/** An input that stands outside a form reports each decision. */
function acting(item, place) {
  const label = plain(item.placeholder?.text ?? "") || { checkboxes: "Choices", radio_buttons: "Choices", datepicker: "Date", timepicker: "Time", datetimepicker: "Date and time" }[item.type] || "Choose";
  const group = inputs.GROUPS.has(item.type);
  const id = uid("field");
  const attributes = group ? {} : { "aria-label": label, "aria-describedby": place.describe, "data-focus": focusName(item, place) };
  const { ctx, blockId } = place;
  const onchange = (value, final) => {
    ctx.hold(blockId, item.action_id, value);
    const { type, ...selected } = value;
    if (final) press(null, item, selected, place);
  };
  const drawn = inputs.draw(item, { id, attributes, ctx, value: ctx.held(blockId, item.action_id), onchange, dispatches: true });
  const grouping = group ? { role: "group", "aria-label": label, "aria-describedby": place.describe } : {};
  return el("div", { class: "acting", ...grouping, "data-action-id": item.action_id, "data-block-id": blockId }, drawn);
}

/** Ask when the element wants it, then hand the act to the app; a second press meanwhile does nothing. */
async function press(event, item, selected, { ctx, blockId }) {
  const node = event?.currentTarget;
  if (node?.getAttribute("aria-busy") === "true") return;
  if (item.confirm && !(await confirmed(item.confirm, ctx))) return;
  node?.setAttribute("aria-busy", "true");
  try {
    await ctx.act({ blockId, element: item, selected });
  } finally {
    node?.removeAttribute("aria-busy");
  }
}

function confirmed(words, ctx) {
  return confirm({
    title: plain(words.title?.text ?? "Are you sure?"), text: textObject(words.text, ctx), confirm: plain(words.confirm?.text ?? "Yes"),
    deny: plain(words.deny?.text ?? "Cancel"), danger: words.style === "danger",
  });
}

function marks(item, place) {
  return { "data-action-id": item.action_id, "data-block-id": place.blockId, "data-focus": focusName(item, place) };
}

function focusName(item, { ctx, blockId }) {
  return `${ctx.scope}/${blockId}/${item.action_id}`;
}
