/** The app's forms: one dialog that follows the stack of views, its fields, errors, Submit, Back and Close. */

import * as api from "./api.js";
import { blocks, showErrors } from "./blocks.js";
import { announce, el, fill, icon, keepFocus, uid } from "./dom.js";
import * as inputs from "./inputs.js";
import { plain } from "./mrkdwn.js";
import { dialog } from "./popup.js";
import { bot, context, store } from "./store.js";

let open = null;

/** Bring the dialog in line with the newest view of the stack, or with none. */
export function sync(view) {
  if (!view) return shut();
  if (open && open.view.id === view.id && open.view.hash === view.hash) return undefined;
  const sameView = open?.view.id === view.id;
  if (!open) open = create();
  open.view = view;
  if (sameView) keepFocus(open.handle.node, () => drawView(view));
  else {
    drawView(view);
    focusFirst();
  }
  return undefined;
}

export function isOpen() {
  return open !== null;
}

function create() {
  const handle = dialog({ title: "", kind: "form", onclose: () => leave(true), closeLabel: "Close form" });
  const form = el("form", { novalidate: true, id: uid("form"), onsubmit: (event) => { event.preventDefault(); submit(); } });
  const problem = el("p", { class: "form-problem", role: "alert", hidden: true });
  handle.body.append(problem, form);
  return { handle, form, problem, view: null, sending: false };
}

function drawView(view) {
  const { handle, form } = open;
  handle.setTitle(plain(view.title?.text ?? ""));
  const back = view.previous_view_id
    ? el("button", { type: "button", class: "icon-button", "aria-label": "Back", onclick: () => leave(false) }, icon("back")) : null;
  fill(handle.lead, back);
  fill(form, blocks(view.blocks, contextOf(view)));
  const close = el("button", { type: "button", class: "button", "data-focus": "modal-close", onclick: () => leave(false) }, plain(view.close?.text ?? "Close"));
  open.submit = needsSubmit(view)
    ? el("button", { type: "submit", form: form.id, class: "button primary", "data-focus": "modal-submit" }, plain(view.submit?.text ?? "Submit")) : null;
  fill(handle.footer, el("span", { class: "form-app" }, bot().name), close, open.submit);
  say(null);
}

function needsSubmit(view) {
  return Boolean(view.submit) || view.blocks.some(({ type }) => type === "input");
}

function contextOf(view) {
  const scope = `view/${view.id}`;
  if (!store.held.has(scope)) store.held.set(scope, differing(view));
  return context(scope, ({ blockId, element, selected }) =>
    api.clicks(store.me, { view_id: view.id }, blockId, element.action_id, selected, valuesOf(view)));
}

/** What was filled in and is still asked for; untouched inputs are left to the view, which may change them. */
function valuesOf(view) {
  const held = store.held.get(`view/${view.id}`) ?? {};
  return pick(view, (blockId, element) => held[blockId]?.[element.action_id]);
}

/** The part of the view's own state that is not just the initial values: a form may be met half filled in. */
function differing(view) {
  const text = ({ type, ...value }) => JSON.stringify(Object.values(value));
  return pick(view, (blockId, element) => {
    const value = view.state?.values?.[blockId]?.[element.action_id];
    return value && text(value) !== text(inputs.initial(element)) ? value : null;
  });
}

function pick(view, valueOf) {
  const values = {};
  for (const { block_id: blockId, element, accessory, elements = [] } of view.blocks) {
    for (const item of [element, accessory, ...elements]) {
      const value = item && inputs.isInput(item) ? valueOf(blockId, item) : null;
      if (value) values[blockId] = { ...values[blockId], [item.action_id]: value };
    }
  }
  return values;
}

async function submit() {
  const current = open;
  if (!current || current.sending) return;
  const { view } = current;
  busy(current, true);
  try {
    const answer = await api.submits(store.me, view.id, valuesOf(view));
    if (open === current && current.view.id === view.id) judge(answer, current);
  } catch (error) {
    if (!(error instanceof api.Refusal)) throw error;
    say(error.message);
  } finally {
    busy(current, false);
    store.refresh();
  }
}

function judge(answer, { handle }) {
  const errors = answer.errors ?? {};
  const first = showErrors(handle.node, errors);
  const elsewhere = Object.entries(errors).filter(([blockId]) => !handle.node.querySelector(`[data-block-id="${CSS.escape(blockId)}"]`));
  say(answer.error ?? elsewhere.map(([, text]) => text).join(" "));
  if (!first) return;
  first.focus();
  const count = Object.keys(errors).length;
  announce(count === 1 ? "One field needs a look." : `${count} fields need a look.`);
}

/** Close the newest view, or, with `all`, the whole stack. */
async function leave(all) {
  if (!open || open.sending) return;
  const { view } = open;
  try {
    await api.closes(store.me, view.id, all);
  } catch (error) {
    if (!(error instanceof api.Refusal)) throw error;
    say(error.message);
  }
  store.refresh();
}

function busy(current, sending) {
  current.sending = sending;
  current.handle.node.setAttribute("aria-busy", String(sending));
  if (!current.submit) return;
  if (sending) current.submit.setAttribute("aria-disabled", "true");
  else current.submit.removeAttribute("aria-disabled");
}

function say(text) {
  open.problem.textContent = text ?? "";
  open.problem.hidden = !text;
}

function shut() {
  const { handle } = open ?? {};
  open = null;
  handle?.close();
}

function focusFirst() {
  const fields = ".input-block input, .input-block textarea";
  const target = open.form.querySelector("[autofocus]") ?? open.form.querySelector(fields) ?? open.handle.heading;
  target.focus();
}
