// Accidents: each plays where it lies; the reel plays one after another.
import { again, api, live, say } from "/static/room.js";
import { piles } from "/static/piles.js";

const begin = document.getElementById("look"), works = document.getElementById("at-work"), page = document.getElementById("accidents");
begin?.addEventListener("click", async () => {
  try { await api("/api/prep", {}); say(begin.dataset.begun); } catch (error) { say(error.message); }
});
const playing = () => Boolean(page?.player?.playing);
let busy = Boolean(works);
live("prep", (now) => {
  if (Boolean(now) !== busy) { busy = Boolean(now); if (!playing()) again(); return; } // nothing is shown anew under somebody who listens
  works?.replaceChildren(works.firstElementChild, ...(now?.stages ?? []).map((one) => Object.assign(document.createElement("p"), { textContent: `${one.says}: ${one.done} / ${one.total}` })));
});

if (page) {
  const view = JSON.parse(page.dataset.view), words = JSON.parse(page.dataset.words), reel = view.view === "reel";
  const all = view.attempts.flatMap((attempt) => attempt.happenings.map((one) => ({ ...one, name: attempt.name })));
  all.forEach((one, n) => { one.n = n; });
  const told = (name, values) => words[name].replace(/\{(\w+)\}/g, (whole, word) => values[word] ?? whole);
  const { go } = piles(page, all, {
    button: (one) => page.querySelector(`.scrap[data-n="${one.n}"]`),
    stretch: (one) => ({ clip: one.stretch.clip, from: one.stretch.start, to: one.stretch.end, at: one.at_frame, what: one.stretch.what, line: one.line }),
    told: (one, n) => {
      page.querySelector(".player .where").textContent = told("where", { n: n + 1, count: all.length });
      page.dataset.shown = String(n);
      return [`${one.name}: ${one.title}`, `${one.evidence}. ${told("against", { against: one.against })}.`];
    },
    goes_on: () => reel,
  });
  document.getElementById("play-reel")?.addEventListener("click", () => go(0));
  const wanted = decodeURIComponent(location.hash.slice(1));
  go(Math.max(0, all.findIndex((one) => one.anchor === wanted)), { play: false });
}
