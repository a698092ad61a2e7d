/** Start of the page: reads the address, keeps everything in line with the sandbox, and lays out the places. */

import * as api from "./api.js";
import * as calls from "./calls.js";
import * as clock from "./clock.js";
import { announce, icon } from "./dom.js";
import * as faults from "./faults.js";
import * as modal from "./modal.js";
import * as people from "./people.js";
import * as places from "./places.js";
import * as rail from "./rail.js";
import * as sidebar from "./sidebar.js";
import { addressOf, elsewhere, enter, guarded, keepState, me, notify, rememberPlace, store } from "./store.js";

const at = (id) => document.getElementById(id);
const DRAWERS = ["calls", "faults"];
const PAUSE = { calm: 30, calls: 300, turning: 400, hidden: 15000 };
const work = { running: false, again: false, timer: 0, due: 0, stream: null, offline: false, unread: Infinity };

function start() {
  for (const node of document.querySelectorAll("[data-icon]")) node.prepend(icon(node.dataset.icon));
  clock.build(at("clock-actions"));
  calls.build(at("calls"), () => toggleDrawer("calls", false));
  faults.build(at("faults"), () => toggleDrawer("faults", false));
  at("who").addEventListener("click", choosePerson);
  for (const name of DRAWERS) at(`${name}-toggle`).addEventListener("click", () => toggleDrawer(name, at(name).hidden));
  at("menu-toggle").addEventListener("click", () => toggleSidebar());
  at("clock-toggle").addEventListener("click", toggleClock);
  at("place").addEventListener("pointerdown", () => toggleSidebar(false));
  document.addEventListener("keydown", shortcuts);
  document.addEventListener("visibilitychange", listen);
  setInterval(() => (document.hidden ? refresh() : null), PAUSE.hidden);
  window.addEventListener("hashchange", () => go());
  store.refresh = refresh;
  readAddress();
  refresh();
  visitHome();
  listen();
  setInterval(clock.tick, 5000);
}

/** Ask the sandbox anew; calls while one is under way make one more round, not many. */
async function refresh() {
  if (work.running) {
    work.again = true;
    return;
  }
  work.running = true;
  do {
    work.again = false;
    try {
      await round();
    } catch (error) {
      if (!(error instanceof api.Refusal)) throw error;
      notify(error.message);
    }
  } while (work.again);
  work.running = false;
}

/** Many changes in a row are one look; whoever opened Home waits for it, for calls that nobody looks at there is no hurry. */
function soon({ kind, user }) {
  const pause = kind === "home" && user === store.me ? 0
    : document.body.dataset.turning ? PAUSE.turning : kind === "call" && at("calls").hidden ? PAUSE.calls : PAUSE.calm;
  const due = performance.now() + pause;
  if (work.timer && work.due <= due) return;
  clearTimeout(work.timer);
  work.due = due;
  work.timer = setTimeout(() => {
    work.timer = 0;
    refresh();
  }, pause);
}

async function round() {
  const { team, me: who } = store;
  const [state] = await Promise.all([stateOf(who), calls.fetchNew()]);
  if (store.me !== who || store.team !== team) return; // somebody or somewhere else by now: the next round is theirs
  keepState(state);
  rememberPlace();
  if (store.place.kind === "channel" && store.place.where !== "app" && !places.here()) location.hash = addressOf("start");
  await places.load();
  await faults.load(at("faults"));
  draw();
}

/** A person in the address who is not there (any more) is nobody, and a workspace that is not there is left for the home one. */
async function stateOf(who) {
  let state = null;
  try {
    state = await api.state(who, elsewhere(), store.state?.people_as_of);
    state.people ??= store.state.people;
  } catch (error) {
    if (!store.team || error.status !== 400) throw error;
    location.hash = "#/";
    throw error;
  }
  if (who && !state.people.some(({ id }) => id === who)) become(null);
  return state;
}

function draw() {
  const failures = store.calls.filter(calls.failed).length;
  at("team").textContent = store.state.team.name;
  rail.draw(at("rail"));
  people.drawButton(at("who"));
  sidebar.draw(at("places"));
  places.draw();
  clock.draw();
  calls.draw(at("calls"));
  faults.draw(at("faults"));
  at("faults-waiting").hidden = !store.state.faults;
  at("faults-count").textContent = store.state.faults;
  at("calls-failures").hidden = !failures;
  at("calls-failed").textContent = failures;
  showUnread(store.me ? sidebar.unreadTotal() : 0);
  warn();
  modal.sync(store.state.modal ?? null);
}

/** `#/person/place/thread`, before them the workspace unless it is the home one; a place is "start", "home", "app" or a channel id. */
function readAddress() {
  const parts = location.hash.replace(/^#\/?/, "").split("/").map(decodeURIComponent);
  enter(/^T[A-Z0-9]+$/.test(parts[0]) ? parts.shift() : null);
  const [who, where = "start", thread = null] = parts;
  const kind = ["start", "home"].includes(where) ? where : "channel";
  store.me = who || null;
  store.place = { kind: who ? kind : "start", where: who ? where : "start", thread };
}

async function go() {
  const before = { ...store.place, me: store.me, team: store.team };
  readAddress();
  toggleSidebar(false);
  at("clock-status").hidden ||= !document.body.dataset.turning;
  store.newFrom = null;
  visitHome();
  await refresh();
  if (before.thread && !store.place.thread && before.where === store.place.where) places.focusThreadLink(before.thread);
  else if (store.place.thread && store.place.thread !== before.thread) places.focusThread();
  else if (before.where !== store.place.where || before.team !== store.team) places.focusPlace();
}

function visitHome() {
  if (store.me && store.place.kind === "home") guarded(() => api.home(store.me));
}

function choosePerson() {
  if (store.state) people.choose(become);
}

function become(id) {
  store.me = id;
  location.hash = id ? addressOf(store.place.where) : ["#", store.team ?? ""].join("/");
  if (store.state) sidebar.draw(at("places")); // its links carry the person
  if (id) announce(`You are ${me()?.real_name ?? "somebody else"} now.`);
}

/** One drawer at a time: beside two there would be no room for the place. */
function toggleDrawer(name, show) {
  for (const one of DRAWERS) {
    at(one).hidden = !show || one !== name;
    at(`${one}-toggle`).setAttribute("aria-expanded", String(!at(one).hidden));
  }
  if (show) document.body.dataset.drawer = name;
  else delete document.body.dataset.drawer;
  if (show) refresh();
  calls.draw(at("calls"));
  (show ? at(`${name}-title`) : at(`${name}-toggle`)).focus();
}

function toggleSidebar(show = document.body.dataset.sidebar !== "open") {
  document.body.dataset.sidebar = show ? "open" : "";
  at("menu-toggle").setAttribute("aria-expanded", String(show));
  if (show) at("who").focus();
}

function toggleClock() {
  const show = document.body.dataset.clock !== "open";
  document.body.dataset.clock = show ? "open" : "";
  at("clock-toggle").setAttribute("aria-expanded", String(show));
}

function shortcuts(event) {
  const clears = event.target.type === "search" && event.target.value; // what Escape does there by itself
  const drawer = clears ? null : DRAWERS.find((name) => at(name).contains(event.target));
  if (event.key === "Escape" && drawer) toggleDrawer(drawer, false);
  else if (event.key === "Escape" && document.body.dataset.sidebar === "open") {
    toggleSidebar(false);
    at("menu-toggle").focus();
  } else if ((event.ctrlKey || event.metaKey) && event.key === "k" && !modal.isOpen()) {
    event.preventDefault();
    choosePerson();
  }
}

/** A hidden tab lets go of its stream, because a browser holds few at a time, and looks now and then. */
function listen() {
  work.stream?.close();
  work.stream = document.hidden ? null : api.changes(soon, connected);
}

function connected(yes) {
  work.offline = !yes;
  warn();
  if (yes) refresh();
}

function warn() {
  const text = work.offline ? "The connection to the sandbox is lost. Trying again." : store.state?.connected === 0 ? "The app is not connected to this workspace." : "";
  if (at("offline").textContent !== text) at("offline").textContent = text;
  at("offline").hidden = !text;
}

function showUnread(unread) {
  at("menu-unread").hidden = !unread;
  at("menu-unread").textContent = unread;
  if (unread > work.unread) announce(unread === 1 ? "One unread message" : `${unread} unread messages`);
  work.unread = unread;
  document.title = `${unread ? `(${unread}) ` : ""}${places.title()} · ${store.state.team.name} sandbox`;
}

start();
