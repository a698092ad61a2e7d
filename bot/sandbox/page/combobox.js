/** A text field with a list to choose from (one or several): type to filter, arrows and Enter, or click. */

import { announce, el, fill, icon, uid } from "./dom.js";
import { float } from "./popup.js";

/**
 * `options`: `[{value, label, detail?, group?}]` or a function that gives them; `chosen`: list of values.
 * `onchange(list of options)` runs when a person chose, never while they only move through the list.
 */
export function combobox({ id = uid("choose"), options, chosen = [], multiple = false, max = null, placeholder = "", attributes = {}, onchange }) {
  const all = typeof options === "function" ? options : () => options;
  const box = { all, multiple, max, onchange, chosen: chosen.map((value) => all().find((one) => one.value === value)).filter(Boolean), active: -1, shown: [] };
  box.list = el("div", { class: "listbox", role: "listbox", id: `${id}-list`, "aria-multiselectable": multiple ? "true" : null });
  box.input = el("input", {
    type: "text", role: "combobox", id, class: "field", autocomplete: "off", spellcheck: "false", placeholder: placeholder || (multiple ? "Choose…" : "Choose one…"),
    "aria-expanded": "false", "aria-autocomplete": "list", "aria-controls": `${id}-list`, ...attributes,
  });
  box.list.setAttribute("aria-label", attributes["aria-label"] ?? "Options");
  box.chips = multiple ? el("div", { class: "chips", role: "list", "aria-label": "Chosen" }) : null;
  listen(box);
  showChosen(box);
  const node = el("div", { class: "combobox" }, box.chips, el("div", { class: "combobox-field" }, box.input, icon("down")));
  return { node, input: box.input, clear: () => choose(box, null) };
}

function listen(box) {
  box.input.addEventListener("click", () => open(box, ""));
  box.input.addEventListener("focus", () => box.input.select());
  box.input.addEventListener("input", () => open(box, box.input.value));
  box.input.addEventListener("blur", () => close(box));
  box.input.addEventListener("keydown", (event) => key(box, event));
  box.list.addEventListener("pointerdown", (event) => event.preventDefault());
  window.addEventListener("resize", () => close(box));
}

function open(box, query) {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const text = (option) => `${option.label} ${option.detail ?? ""} ${option.group ?? ""}`.toLowerCase();
  box.shown = box.all().filter((option) => words.every((word) => text(option).includes(word))).slice(0, 200);
  box.active = words.length && box.shown.length ? 0 : box.shown.findIndex((option) => isChosen(box, option));
  drawList(box);
  float(box.list, box.input);
  box.input.setAttribute("aria-expanded", "true");
  markActive(box);
  if (!box.shown.length) announce("No matches");
}

function drawList(box) {
  const rows = [];
  let group = null;
  box.shown.forEach((option, index) => {
    if (option.group && option.group !== group) rows.push(el("div", { class: "option-group", role: "presentation" }, option.group));
    group = option.group ?? null;
    rows.push(optionNode(box, option, index));
  });
  fill(box.list, rows.length ? rows : el("div", { class: "option-none" }, "No matches"));
}

function optionNode(box, option, index) {
  const selected = isChosen(box, option);
  return el("div", {
    role: "option", id: `${box.list.id}-${index}`, class: "option", "aria-selected": String(selected), "data-value": option.value, onclick: () => choose(box, option),
  }, el("span", {}, option.label), option.detail && el("span", { class: "option-detail" }, option.detail));
}

function close(box) {
  if (box.list.isConnected) box.list.remove();
  box.input.setAttribute("aria-expanded", "false");
  box.input.removeAttribute("aria-activedescendant");
  showChosen(box);
}

function key(box, event) {
  const isOpen = box.input.getAttribute("aria-expanded") === "true";
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    if (!isOpen) open(box, "");
    else move(box, event.key === "ArrowDown" ? 1 : -1);
  } else if (event.key === "Enter") {
    event.preventDefault();
    if (!isOpen) open(box, "");
    else if (box.shown[box.active]) choose(box, box.shown[box.active]);
  } else if (event.key === "Escape" && isOpen) {
    event.preventDefault();
    event.stopPropagation();
    close(box);
  } else if (event.key === "Backspace" && box.multiple && !box.input.value && box.chosen.length) {
    choose(box, box.chosen.at(-1));
  }
}

function move(box, step) {
  if (!box.shown.length) return;
  box.active = (box.active + step + box.shown.length) % box.shown.length;
  markActive(box);
}

function markActive(box) {
  for (const node of box.list.querySelectorAll("[role=option]")) node.classList.toggle("active", node.id === `${box.list.id}-${box.active}`);
  const active = box.list.querySelector(".active");
  if (active) box.input.setAttribute("aria-activedescendant", active.id);
  else box.input.removeAttribute("aria-activedescendant");
  active?.scrollIntoView({ block: "nearest" });
}

function choose(box, option) {
  if (!box.multiple) box.chosen = option ? [option] : [];
  else if (option && isChosen(box, option)) box.chosen = box.chosen.filter((one) => one.value !== option.value);
  else if (option && box.max && box.chosen.length >= box.max) return announce(`At most ${box.max} can be chosen`);
  else if (option) box.chosen = [...box.chosen, option];
  close(box);
  return box.onchange(box.chosen);
}

function isChosen(box, option) {
  return box.chosen.some((one) => one.value === option.value);
}

function showChosen(box) {
  if (!box.multiple) {
    box.input.value = box.chosen[0]?.label ?? "";
    return;
  }
  box.input.value = "";
  fill(box.chips, box.chosen.map((option) => el("span", { class: "chip", role: "listitem" }, option.label,
    el("button", { type: "button", class: "chip-remove", "aria-label": `Remove ${option.label}`, onclick: () => choose(box, option) }, icon("close")))));
  box.chips.hidden = !box.chosen.length;
}
