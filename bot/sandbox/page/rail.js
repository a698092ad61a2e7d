/** The rail at the far left: the workspaces, a button to add one, and what can be done with the one that is open. */

import * as api from "./api.js";
import { changes, el, fill, icon, keepFocus } from "./dom.js";
import * as install from "./install.js";
import { dialog, menuButton } from "./popup.js";
import { addressIn, store } from "./store.js";

const differs = changes();

export function draw(nav) {
  const { workspaces, team, installed } = store.state;
  const addresses = workspaces.map(({ id }) => addressIn(id));
  if (!differs(workspaces, team.id, installed, addresses)) return;
  keepFocus(nav, () => fill(nav,
    el("ul", { class: "rail-list" }, workspaces.map((one, at) => el("li", {}, link(one, addresses[at], one.id === team.id)))),
    el("button", { type: "button", class: "rail-button", "aria-label": "Add a workspace", title: "Add a workspace", "data-focus": "rail/add", onclick: add }, icon("plus")),
    menuButton({ class: "rail-button rail-menu", "aria-label": `More about ${team.name}`, title: `More about ${team.name}`, "data-focus": "rail/more" }, icon("more"), install.choices)));
}

function link(one, href, current) {
  const name = [one.name, !one.installed && "app not installed", one.unread > 0 && `${one.unread} unread`].filter(Boolean).join(", ");
  return el("a", { href, class: one.installed ? "rail-team" : "rail-team without-app", title: one.name, "aria-current": current ? "page" : null, "data-focus": `rail/${one.id}` },
    el("span", { "aria-hidden": "true" }, initials(one.name)), one.unread > 0 && el("span", { class: "unread", "aria-hidden": "true" }, String(one.unread)), el("span", { class: "hidden" }, name));
}

function initials(name) {
  const words = name.split(/\s+/).filter(Boolean);
  return words.slice(0, 2).map((word) => [...word][0].toUpperCase()).join("");
}

/** Ask for a name, and for one's own name there: whoever makes a workspace is its first person and its admin. */
function add() {
  const handle = dialog({ title: "Add a workspace", kind: "small" });
  const problem = el("p", { class: "form-problem", role: "alert", hidden: true });
  const name = el("input", { class: "field", id: "workspace-name", required: true, maxlength: 100, autocomplete: "off", placeholder: "For example: Memphis city hall" });
  const owner = el("input", { class: "field", id: "workspace-owner", required: true, maxlength: 80, autocomplete: "off" });
  const email = el("input", { class: "field", id: "workspace-email", type: "email", maxlength: 200, autocomplete: "off" });
  const submit = async (event) => {
    event.preventDefault();
    try {
      const made = await api.addWorkspace({ name: name.value, owner: owner.value, email: email.value });
      handle.close();
      location.hash = `#/${made.id}/${made.owner}/start`;
    } catch (error) {
      if (!(error instanceof api.Refusal)) throw error;
      Object.assign(problem, { textContent: `${error.message} Nothing was added.`, hidden: false });
    }
  };
  handle.body.append(problem, el("form", { id: "workspace-form", onsubmit: submit },
    el("div", {}, el("label", { class: "label", for: "workspace-name" }, "Name of the workspace"), name),
    el("div", {}, el("label", { class: "label", for: "workspace-owner" }, "Your name there"), owner,
      el("p", { class: "hint" }, "You are its first person, and a workspace admin.")),
    el("div", {}, el("label", { class: "label", for: "workspace-email" }, "Your e-mail address ", el("span", { class: "optional" }, "(optional)")), email)));
  handle.footer.append(el("button", { type: "button", class: "button", onclick: handle.close }, "Cancel"),
    el("button", { type: "submit", class: "button primary", form: "workspace-form" }, "Add the workspace"));
  name.focus();
}
