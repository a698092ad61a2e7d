/** Who one is: the button that says it and the dialog to become somebody else. */

import * as api from "./api.js";
import { changes, el, fill } from "./dom.js";
import { avatar } from "./messages.js";
import { dialog } from "./popup.js";
import { about, guarded, me, store } from "./store.js";

const SHOWN = 60;

const differs = changes();

export function drawButton(button) {
  const one = me();
  if (!differs(one)) return;
  if (!one) return fill(button, el("strong", {}, "Choose who to be"));
  return fill(button, avatar(one.real_name, one.id), el("span", { class: "who-words" },
    el("span", { class: "who-hint" }, "You are"), el("strong", {}, one.real_name), el("span", { class: "who-about" }, about(one))));
}

/** `onchoose(id)` runs when a person was chosen. */
export function choose(onchoose) {
  const handle = dialog({ title: "Who do you want to be?", kind: "people" });
  const list = el("ul", { class: "people-list", "aria-label": "People" });
  const count = el("p", { class: "hint", role: "status" });
  const search = el("input", { type: "search", class: "field", id: "people-search", autocomplete: "off", placeholder: "For example: Memphis, procurement, Ana" });
  const show = () => showMatches(list, count, search.value, (id) => {
    handle.close();
    onchoose(id);
  });
  search.addEventListener("input", show);
  search.addEventListener("keydown", (event) => {
    const first = list.querySelector("button");
    if (event.key === "ArrowDown" && first) first.focus();
    else if (event.key === "Enter" && search.value && first) first.click();
    else return;
    event.preventDefault();
  });
  list.addEventListener("keydown", (event) => walk(event, list, search));
  handle.body.append(el("label", { class: "label", for: "people-search" }, "Search by name, city or cohort"), search, count, list, newcomer(handle, onchoose));
  show();
  search.focus();
}

/** Somebody who is not there yet comes in, and is who one is then. */
function newcomer(handle, onchoose) {
  const name = el("input", { class: "field", id: "newcomer-name", required: true, maxlength: 80, autocomplete: "off" });
  const email = el("input", { class: "field", id: "newcomer-email", type: "email", maxlength: 200, autocomplete: "off" });
  const onsubmit = async (event) => {
    event.preventDefault();
    const added = await guarded(() => api.addPerson({ name: name.value, email: email.value }));
    if (!added?.ok) return;
    handle.close();
    onchoose(added.id);
  };
  return el("details", { class: "newcomer" }, el("summary", {}, "Add a person"), el("form", { onsubmit },
    el("div", {}, el("label", { class: "label", for: "newcomer-name" }, "Name"), name),
    el("div", {}, el("label", { class: "label", for: "newcomer-email" }, "E-mail address ", el("span", { class: "optional" }, "(optional)")), email),
    el("button", { type: "submit", class: "button" }, "Add and be this person")));
}

function showMatches(list, count, query, onchoose) {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const people = store.state.people.filter((one) => !one.is_bot && one.id !== store.state.bot.user_id);
  const found = people.filter((one) => words.every((word) => `${one.real_name} ${one.name} ${about(one)} ${one.tz}`.toLowerCase().includes(word)));
  fill(list, found.slice(0, SHOWN).map((one) => el("li", {}, row(one, () => onchoose(one.id)))));
  const more = found.length > SHOWN ? ` The first ${SHOWN} are shown; type to find others.` : "";
  count.textContent = found.length ? `${found.length} of ${people.length} ${people.length === 1 ? "person" : "people"}.${more}` : "Nobody fits these words. Try a city or a last name.";
}

function row(one, onclick) {
  const marks = [one.is_admin && "workspace admin", one.deleted && "deactivated"].filter(Boolean).join(", ");
  return el("button", { type: "button", class: "person-row", onclick, "aria-current": one.id === store.me ? "true" : null }, avatar(one.real_name, one.id),
    el("span", { class: "who-words" }, el("strong", {}, one.real_name), el("span", { class: "who-about" }, [about(one), marks].filter(Boolean).join(" · "))));
}

function walk(event, list, search) {
  const buttons = [...list.querySelectorAll("button")];
  const at = buttons.indexOf(document.activeElement);
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  (buttons[at + step] ?? (step < 0 ? search : buttons.at(-1))).focus();
}
