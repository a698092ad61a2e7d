/** Layers above the page: a floating panel beside its anchor, menus, dialogs with trapped and returned focus. */

import { el, fill, focusNamed, icon, uid } from "./dom.js";

const GAP = 4;

/** Show `panel` (a popover) under or above `anchor`; the caller takes it away again. */
export function float(panel, anchor, { width = null } = {}) {
  panel.setAttribute("popover", "manual");
  if (!panel.isConnected) (anchor.closest("dialog") ?? document.body).append(panel);
  if (!panel.matches(":popover-open")) panel.showPopover();
  const box = anchor.getBoundingClientRect();
  panel.style.minWidth = `${width ?? box.width}px`;
  const below = window.innerHeight - box.bottom - GAP * 2;
  const up = below < Math.min(panel.scrollHeight, 220) && box.top > below;
  panel.style.maxHeight = `${Math.max(120, Math.min(360, up ? box.top - GAP * 2 : below))}px`;
  const left = Math.min(box.left, window.innerWidth - panel.offsetWidth - GAP * 2);
  panel.style.left = `${Math.max(GAP * 2, left)}px`;
  panel.style.top = `${up ? Math.max(GAP, box.top - GAP - panel.offsetHeight) : box.bottom + GAP}px`;
}

/** A button that opens a menu of `items()`: `{label, detail?, onchoose, danger?}`. */
export function menuButton(attributes, face, items) {
  const button = el("button", { type: "button", "aria-haspopup": "menu", "aria-expanded": "false", ...attributes }, face);
  button.addEventListener("click", () => (button.getAttribute("aria-expanded") === "true" ? null : openMenu(button, items())));
  button.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" || button.getAttribute("aria-expanded") === "true") return;
    event.preventDefault();
    openMenu(button, items());
  });
  return button;
}

/** A modal dialog; Escape and the cross call `onclose`, which decides. `{node, body, footer, close, setTitle}`. */
export function dialog({ title, kind = "", role = null, onclose = null, closeLabel = "Close" }) {
  const titleId = uid("dialog-title");
  const heading = el("h2", { id: titleId, class: "dialog-title", tabindex: "-1" }, title);
  const body = el("div", { class: "dialog-body" });
  const footer = el("div", { class: "dialog-footer" });
  const node = el("dialog", { class: `dialog ${kind}`, "aria-labelledby": titleId, role });
  const handle = { node, body, footer, heading, lead: el("span"), close: () => remove(node, opener), setTitle: (text) => fill(heading, text) };
  const leave = () => (onclose ?? handle.close)();
  const cross = role === "alertdialog" ? null
    : el("button", { type: "button", class: "icon-button", "aria-label": closeLabel, onclick: leave }, icon("close"));
  node.append(el("header", { class: "dialog-head" }, handle.lead, heading, cross), body, footer, el("div", { class: "announcer hidden", "aria-live": "polite" }));
  node.addEventListener("cancel", (event) => {
    event.preventDefault();
    leave();
  });
  node.addEventListener("close", () => stay(node, leave));
  const opener = remember();
  document.body.append(node);
  node.showModal();
  return handle;
}

/** Ask before doing; resolves to true or false. `words` are texts or nodes: title, text, confirm, deny, danger. */
export function confirm({ title, text, confirm: yes, deny: no, danger }) {
  return new Promise((resolve) => {
    const answer = (value) => {
      handle.close();
      resolve(value);
    };
    const handle = dialog({ title, kind: "small", role: "alertdialog", onclose: () => answer(false) });
    const textId = uid("confirm-text");
    handle.node.setAttribute("aria-describedby", textId);
    handle.body.append(el("div", { id: textId }, text));
    const agree = el("button", { type: "button", class: danger ? "button danger" : "button primary", onclick: () => answer(true) }, yes);
    const refuse = el("button", { type: "button", class: "button", onclick: () => answer(false) }, no);
    handle.footer.append(refuse, agree);
    (danger ? refuse : agree).focus();
  });
}

/** A browser closes a dialog on the second Escape without asking; whether it goes is for `leave` to say. */
function stay(node, leave) {
  if (!node.isConnected) return;
  node.showModal();
  leave();
}

function openMenu(button, items) {
  const menu = el("div", { class: "menu", role: "menu", "aria-label": button.getAttribute("aria-label") ?? button.textContent });
  const away = (event) => (menu.contains(event.target) || button.contains(event.target) ? null : close(false));
  const close = (refocus = true) => {
    document.removeEventListener("pointerdown", away, true);
    button.setAttribute("aria-expanded", "false");
    menu.remove();
    if (refocus) button.focus();
  };
  const entries = items.map((item) => menuItem(item, close));
  menu.append(...(entries.length ? entries : [el("div", { class: "menu-empty", role: "menuitem", tabindex: "-1", "aria-disabled": "true" }, "Nothing here yet")]));
  menu.addEventListener("keydown", (event) => moveInMenu(event, menu, close));
  menu.addEventListener("focusout", (event) => (event.relatedTarget && !menu.contains(event.relatedTarget) ? close(false) : null));
  document.addEventListener("pointerdown", away, true);
  button.setAttribute("aria-expanded", "true");
  float(menu, button, { width: 200 });
  menu.firstElementChild.focus();
}

function menuItem(item, close) {
  const choose = () => {
    close();
    item.onchoose();
  };
  return el("button", { type: "button", role: "menuitem", class: item.danger ? "menu-item danger" : "menu-item", tabindex: "-1", onclick: choose },
    el("span", {}, item.label), item.detail && el("span", { class: "menu-detail" }, item.detail));
}

function moveInMenu(event, menu, close) {
  const entries = [...menu.children];
  const at = entries.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: entries.length - 1 }[event.key];
  if (to !== undefined) entries[(to + entries.length) % entries.length].focus();
  else if (event.key === "Escape") close();
  else if (event.key === "Tab") close(false);
  else return;
  if (event.key !== "Tab") event.preventDefault();
  event.stopPropagation();
}

function remember() {
  const active = document.activeElement;
  return { active, name: active?.closest?.("[data-focus]")?.dataset.focus };
}

/** Focus goes back to what opened the dialog, or to what was drawn anew in its place, or to the heading of the page. */
function remove(node, { active, name }) {
  const toast = node.querySelector(".toast");
  if (toast) document.body.append(toast);
  node.close();
  node.remove();
  if (active?.isConnected && active !== document.body) active.focus();
  else if (!(name && focusNamed(document, name))) document.getElementById("place-title")?.focus();
}
