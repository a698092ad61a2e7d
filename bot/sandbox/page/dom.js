/** Small tools to build and update the page without ever parsing text as HTML. */

const SVG = "http://www.w3.org/2000/svg";
const PROPERTIES = new Set(["value", "checked", "selected", "indeterminate", "multiple"]);

const ICONS = {
  bolt: "M11 2 4 12h5l-1 6 7-10h-5z",
  close: "M5 5l10 10M15 5 5 15",
  back: "M12 4 6 10l6 6",
  more: "M4.6 9.6h.8v.8h-.8zM9.6 9.6h.8v.8h-.8zM14.6 9.6h.8v.8h-.8z",
  reply: "M4 5h12v8H9l-4 3v-3H4z",
  menu: "M3 6h14M3 10h14M3 14h14",
  send: "M3 10 17 4l-5 13-3-5z",
  home: "M3 9l7-6 7 6v8h-5v-5H8v5H3z",
  chat: "M3 4h14v9H9l-4 3v-3H3z",
  clock: "M10 3a7 7 0 1 0 .01 0M10 6v4l3 2",
  code: "M7 6l-4 4 4 4M13 6l4 4-4 4",
  warning: "M10 3 2.5 16.5h15zM10 8v4M10 14.3v.2",
  down: "M5 8l5 5 5-5",
  plus: "M10 4v12M4 10h12",
};

let counter = 0;

export function uid(stem) {
  counter += 1;
  return `${stem}-${counter}`;
}

/** `el("a", {href, onclick}, "text", node)`; attributes that are null or false are left out, children likewise. */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) put(node, name, value);
  node.append(...present(children));
  return node;
}

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  for (const [key, value] of Object.entries({ viewBox: "0 0 20 20", class: "icon", "aria-hidden": "true", focusable: "false" })) {
    svg.setAttribute(key, value);
  }
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

export function fill(node, ...children) {
  node.replaceChildren(...present(children));
}

/** Bring the children of `container` in line with `items`; what did not change keeps its node, and so its focus and state. */
export function keyed(container, items, { key, sign = JSON.stringify, draw }) {
  const before = new Map([...container.children].map((node) => [node.dataset.key, node]));
  const after = items.map((item) => {
    const old = before.get(key(item));
    if (old && old.signature === sign(item)) return old;
    const node = draw(item);
    node.dataset.key = key(item);
    node.signature = sign(item);
    return node;
  });
  keepFocus(container, () => place(container, after));
}

/** Tells whether what it is given differs from last time. What is drawn anew without need loses the click of a mouse that is down. */
export function changes() {
  let before = null;
  return (...things) => {
    const [last, next] = [before, JSON.stringify(things)];
    before = next;
    return last !== next;
  };
}

/** Run `change`; when it removed the focused element, focus the one that took its `data-focus` name. */
export function keepFocus(container, change) {
  const active = document.activeElement;
  const held = active && active !== document.body && container.contains(active);
  const name = held ? active.closest("[data-focus]")?.dataset.focus : null;
  change();
  if (!held || (active.isConnected && document.activeElement === active)) return;
  if (active.isConnected) active.focus();
  else if (name) focusNamed(container, name);
}

export function focusNamed(container, name) {
  const found = [...container.querySelectorAll("[data-focus]")].find((node) => node.dataset.focus === name);
  found?.focus();
  return Boolean(found);
}

/** Tell screen readers a sentence without moving focus. */
export function announce(text) {
  const region = [...document.querySelectorAll("dialog[open] .announcer")].at(-1) ?? document.getElementById("announcer");
  region.textContent = "";
  requestAnimationFrame(() => { region.textContent = text; });
}

function place(container, nodes) {
  const wanted = new Set(nodes);
  for (const node of [...container.children]) if (!wanted.has(node)) node.remove();
  nodes.forEach((node, index) => {
    if (container.children[index] !== node) container.insertBefore(node, container.children[index] ?? null);
  });
}

function put(node, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
  else if (name === "dataset") Object.assign(node.dataset, value);
  else if (PROPERTIES.has(name)) node[name] = value;
  else node.setAttribute(name, value === true ? "" : String(value));
}

function present(children) {
  return children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false);
}
