/** Every Block Kit element that holds a value: drawn, and read as Slack's own state value. */

import { combobox } from "./combobox.js";
import * as dates from "./dates.js";
import { el, fill, uid } from "./dom.js";
import { plain, textObject } from "./mrkdwn.js";

const TEXTS = { plain_text_input: "text", email_text_input: "email", url_text_input: "url", number_input: "text", rich_text_input: "text" };
const PAUSE = 700;

/** Elements whose parts need a group with a legend instead of a label. */
export const GROUPS = new Set(["checkboxes", "radio_buttons"]);

export function isInput(element) {
  return element.type in TEXTS || element.type in DRAW;
}

/**
 * `field`: `{id, attributes, value, ctx, onchange(value, final)}`. `value` is the state value held so far, or null for
 * the element's initial one; `final` says that a person decided, so that an acting element is sent to the app.
 */
export function draw(element, field) {
  return (DRAW[element.type] ?? textInput)(element, { id: uid("field"), attributes: {}, ...field });
}

/** What the element holds before anybody touched it, as Slack's state value. */
export function initial(element) {
  const { type } = element;
  if (type === "rich_text_input") return { type, rich_text_value: element.initial_value ?? null };
  if (type in TEXTS) return { type, value: element.initial_value ?? null };
  if (type === "file_input") return { type, files: [] };
  const { key, from } = shape(element);
  return { type, [key]: element[from] ?? (key.endsWith("s") ? [] : null) };
}

const DRAW = {
  static_select: select, external_select: select, users_select: select, channels_select: select, conversations_select: select,
  multi_static_select: select, multi_external_select: select, multi_users_select: select, multi_channels_select: select,
  multi_conversations_select: select, datepicker: picker, timepicker: picker, datetimepicker: picker, checkboxes: choices,
  radio_buttons: choices, file_input: fileInput,
};

const PICKERS = {
  datepicker: { input: "date", key: "selected_date", from: "initial_date" },
  timepicker: { input: "time", key: "selected_time", from: "initial_time" },
  datetimepicker: { input: "datetime-local", key: "selected_date_time", from: "initial_date_time" },
};

function shape(element) {
  const { type } = element;
  if (type in PICKERS) return PICKERS[type];
  if (type === "checkboxes") return { key: "selected_options", from: "initial_options" };
  if (type === "radio_buttons") return { key: "selected_option", from: "initial_option" };
  const several = type.startsWith("multi_");
  const kind = type.replace("multi_", "").replace("_select", "");
  const noun = { users: "user", channels: "channel", conversations: "conversation" }[kind] ?? "option";
  const key = `selected_${noun}${several ? "s" : ""}`;
  return { key, from: key.replace("selected", "initial") };
}

function held(element, field) {
  return field.value ?? initial(element);
}

function textInput(element, field) {
  const { type } = element;
  const long = element.multiline || type === "rich_text_input";
  const value = type === "rich_text_input" ? fromRichText(held(element, field).rich_text_value) : held(element, field).value ?? "";
  const node = el(long ? "textarea" : "input", {
    id: field.id, class: "field", type: long ? null : TEXTS[type], rows: long ? 4 : null, value, placeholder: plain(element.placeholder?.text ?? ""),
    inputmode: type === "number_input" ? "decimal" : null, autocomplete: "off", ...field.attributes,
  });
  const read = () => (type === "rich_text_input" ? { type, rich_text_value: toRichText(node.value) } : { type, value: node.value || null });
  const asTyped = element.dispatch_action_config?.trigger_actions_on?.includes("on_character_entered");
  const later = pausing(() => field.onchange(read(), true));
  node.addEventListener("input", () => {
    field.onchange(read(), false);
    if (asTyped) later();
  });
  node.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || long || !field.dispatches) return;
    event.preventDefault();
    field.onchange(read(), true);
  });
  return node;
}

function select(element, field) {
  const { type } = element;
  const { key } = shape(element);
  const several = type.startsWith("multi_");
  const current = held(element, field)[key];
  const list = (several ? current : [current]).filter(Boolean);
  const chosen = list.map((one) => one.value ?? one);
  const options = optionsOf(element, field.ctx, list);
  const box = combobox({
    id: field.id, options, chosen, multiple: several, max: element.max_selected_items, placeholder: plain(element.placeholder?.text ?? ""),
    attributes: field.attributes,
    onchange: (picked) => {
      const values = picked.map((one) => one.raw ?? one.value);
      field.onchange({ type, [key]: several ? values : values[0] ?? null }, true);
    },
  });
  return box.node;
}

function optionsOf(element, ctx, current) {
  if (element.type.includes("users")) return () => ctx.peopleOptions();
  if (element.type.includes("channels")) return () => ctx.channelOptions();
  if (element.type.includes("conversations")) return () => ctx.conversationOptions(element.filter);
  const raw = (option, group) => ({
    value: option.value, label: plain(option.text.text), detail: option.description ? plain(option.description.text) : null, group, raw: option,
  });
  if (element.type.includes("external")) return current.map((option) => raw(option));
  const groups = element.option_groups ?? [{ options: element.options ?? [] }];
  return groups.flatMap((group) => group.options.map((option) => raw(option, group.label ? plain(group.label.text) : null)));
}

function picker(element, field) {
  const { input, key } = PICKERS[element.type];
  const zone = field.ctx.zone;
  const current = held(element, field)[key];
  const value = input === "datetime-local" && current ? dates.toLocalInput(new Date(current * 1000), zone) : current ?? "";
  const node = el("input", { id: field.id, class: "field", type: input, value, title: plain(element.placeholder?.text ?? ""), ...field.attributes });
  const read = () => {
    if (!node.value) return { type: element.type, [key]: null };
    const moment = input === "datetime-local" ? Math.floor(dates.fromLocalInput(node.value, zone) / 1000) : node.value.slice(0, 10);
    return { type: element.type, [key]: moment };
  };
  decideLate(node, () => field.onchange(read(), false), () => field.onchange(read(), true));
  return node;
}

/** A date field changes with each key typed; it is decided by Enter, by leaving it, or after a pause. */
function decideLate(node, changed, decided) {
  let open = false;
  const decide = () => {
    if (open) decided();
    open = false;
  };
  const later = pausing(decide);
  node.addEventListener("change", () => {
    open = true;
    changed();
    later();
  });
  node.addEventListener("blur", decide);
  node.addEventListener("keydown", (event) => (event.key === "Enter" ? decide() : null));
}

function choices(element, field) {
  const { type } = element;
  const { key } = shape(element);
  const several = type === "checkboxes";
  const current = held(element, field)[key];
  const values = (several ? current : [current]).filter(Boolean).map((option) => option.value);
  const name = uid("choice");
  const boxes = (element.options ?? []).map((option, index) => {
    const input = el("input", {
      type: several ? "checkbox" : "radio", name, id: index ? `${field.id}-${index}` : field.id, checked: values.includes(option.value), "data-value": option.value,
      "aria-invalid": field.attributes["aria-invalid"],
    });
    const detail = option.description && el("span", { class: "choice-detail" }, textObject(option.description, field.ctx));
    return { option, input, node: el("label", { class: "choice" }, input, el("span", {}, textObject(option.text, field.ctx), detail)) };
  });
  const read = () => {
    const picked = boxes.filter(({ input }) => input.checked).map(({ option }) => option);
    return { type, [key]: several ? picked : picked[0] ?? null };
  };
  return el("div", { class: "choices", onchange: () => field.onchange(read(), true) }, boxes.map(({ node }) => node));
}

function fileInput(element, field) {
  const { type } = element;
  const list = el("ul", { class: "file-list" });
  let files = held(element, field).files ?? [];
  const show = () => fill(list, files.map((file) => el("li", {}, file.name ?? file.title ?? String(file))));
  const accept = (element.filetypes ?? []).map((kind) => `.${kind}`).join(",") || null;
  const node = el("input", { id: field.id, class: "field", type: "file", multiple: (element.max_files ?? 10) > 1, accept, ...field.attributes });
  node.addEventListener("change", async () => {
    files = await field.ctx.upload([...node.files]);
    show();
    field.onchange({ type, files }, true);
  });
  show();
  return el("div", {}, node, list);
}

function toRichText(text) {
  if (!text) return null;
  return { type: "rich_text", elements: [{ type: "rich_text_section", elements: [{ type: "text", text }] }] };
}

function fromRichText(value) {
  return (value?.elements ?? []).map((part) => (part.elements ?? []).map((leaf) => leaf.text ?? "").join("")).join("\n");
}

function pausing(action) {
  let timer = 0;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(action, PAUSE);
  };
}
