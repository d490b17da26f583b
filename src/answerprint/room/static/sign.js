// Sign: four signatures, each shown in words before the key is asked for.
import { again, api, key, live, look, seen, sign, wrong } from "/static/room.js";
import { Player } from "/static/player.js";

async function send(where, path, body, form) {
  try {
    if (!(await sign(await api(path, body)))) return;
    for (const one of form?.querySelectorAll("[data-keep]") ?? []) one.forget();
    again();
  } catch (error) { wrong(where, error); }
}
// What stood on this page goes with every signature: what was changed meanwhile is not signed unseen.
const affirming = (rows) => Object.assign({}, ...[...rows].map((row) => JSON.parse(row.dataset.shown)));
for (const one of document.querySelectorAll(".offer")) one.addEventListener("click", () => send(one.closest("section > .answer, section"), `/api/sign/${one.value}/offer`, { since: seen, shown: one.dataset.shown ? JSON.parse(one.dataset.shown) : affirming(one.closest("section").querySelectorAll("[data-about]")) }));
for (const one of document.querySelectorAll(".single")) one.addEventListener("click", () => {
  const row = one.closest("li"), { judgment, about } = row.dataset;
  send(one.closest("section"), "/api/sign/again/offer", { since: seen, shown: affirming([row]), only: [[judgment, about]] });
});
for (const one of document.querySelectorAll(".looked")) one.addEventListener("click", async () => {
  try { await api("/api/sign/sheet", { version: one.value, seal: one.dataset.seal }); again(); } catch (error) { wrong(null, error); }
});
const open = document.getElementById("open");
open?.addEventListener("click", () => send(open.parentElement, "/api/thought/open", { n: Number(open.value) }));

const form = document.getElementById("answers"), { version, shown } = document.getElementById("question").dataset;
form.addEventListener("submit", (event) => {
  event.preventDefault();
  const said = new FormData(form), answer = event.submitter?.value ?? "yes";
  const body = { version, since: seen, shown: JSON.parse(shown) };
  if (answer !== "scrap") body.notes = [...form.querySelectorAll("[name=note]")].filter((one) => one.value.trim()).map((one) => `${one.dataset.number}: ${one.value.trim()}`);
  if (answer === "yes") Object.assign(body, { judged_on: said.getAll("judged_on"), ticked: said.getAll("ticked") });
  else body.because = said.get(`${answer}_because`);
  if (answer === "scrap") {
    if (!said.get("next")) return wrong(form, new Error("Say from what the next one starts."));
    body.next = said.get("next");
  }
  send(form, `/api/sign/off/${answer}`, body, form);
});

const held = document.getElementById("film");
if (held) begin(JSON.parse(held.textContent));

function begin(film) {
  if (!film.clip) {
    const word = document.getElementById("making");
    live("cut", (now) => {
      const state = Object.values(now)[0];
      if (typeof state === "number") word.textContent = `${Math.round(state * 100)} %`;
      else if (typeof state === "string") word.textContent = state;
      else again();
    });
    setTimeout(async () => { if ((await look(`/api/sign?version=${encodeURIComponent(version)}`)).question.film?.clip) again(); }, 2000);
    return;
  }
  const player = new Player(document.querySelector(".player"));
  player.keys();
  for (const one of document.querySelectorAll(".answer [data-key]")) key(one.dataset.key, () => one.click()); // before the player's own X
  player.load({ clip: film.clip, from: 0, to: film.frames });
  let since = null;
  player.addEventListener("state", () => {
    if (player.playing) { since ??= player.shown; return; }
    const from = since, to = Math.min(player.shown + 1, film.frames);
    since = null;
    if (from !== null && to > from) api("/api/played", { what: `version:${film.version}@${film.seal}`, from_frame: from, to_frame: to, frames: film.frames }).catch(() => {});
  });
}
live("record", (now) => { if (now.n > seen && !document.querySelector("dialog[open], .answer details[open], :checked, .warned textarea:focus") && !document.querySelector("video")?.currentTime) again(); });
