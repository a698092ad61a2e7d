/** The app comes into a workspace and goes: the first screen where it is missing, and the choices of the rail's menu. */

import * as api from "./api.js";
import { announce, el } from "./dom.js";
import { confirm } from "./popup.js";
import { bot, guarded, store } from "./store.js";

/** What stands in a workspace without the app. */
export function card() {
  const name = bot().name;
  const way = installAddress()
    ? [el("a", { class: "button primary", href: installAddress(), target: "_blank", rel: "noopener" }, `Install ${name}`, el("span", { class: "hidden" }, " (opens a new tab)")),
      el("p", { class: "hint" }, "A new tab asks who allows it. This page follows by itself.")]
    : el("p", { class: "hint" }, `${name} gave no address from which it can be installed. A program can let it in: POST /sandbox/workspaces/${store.state.team.id}/install.`);
  return el("div", { class: "welcome without-app-card" }, el("p", { class: "welcome-lead" }, `${name} is not installed in ${store.state.team.name}.`),
    el("p", {}, "It has no commands here, hears nothing, and cannot write to anybody."), way);
}

/** What can be done with the app in this workspace, for a menu. */
export function choices() {
  const name = bot().name;
  const { installed } = store.state;
  const install = installAddress() && {
    label: installed ? `Install ${name} again` : `Install ${name}`, detail: installed ? "It gets a new token; the old one ends" : "Opens a new tab",
    onchoose: () => window.open(installAddress(), "_blank", "noopener"),
  };
  const uninstall = installed && { label: `Uninstall ${name}`, detail: `From ${store.state.team.name}; asks first`, danger: true, onchoose: leave };
  return [install, uninstall].filter(Boolean);
}

async function leave() {
  const { name } = bot();
  const { team } = store.state;
  const sure = await confirm({
    title: `Uninstall ${name} from ${team.name}?`, text: "Its token ends, it leaves its channels, and it hears nothing more from here. What it said stays. It can be installed again.",
    confirm: "Uninstall", deny: "Keep it", danger: true,
  });
  if (sure && (await guarded(() => api.uninstall(team.id)))) announce(`${name} is uninstalled from ${team.name}.`);
}

function installAddress() {
  const { install_url: address, team } = store.state;
  if (!address) return null;
  const url = new URL(address);
  url.searchParams.set("team", team.id);
  return url.href;
}
