// The cutting-room floor: press anything and it plays; a pile plays on by itself, scrap after scrap.
import { again, key, live } from "/static/room.js";
import { Player, tiles } from "/static/player.js";

const page = document.getElementById("floor");
if (page) begin();

function begin() {
  const view = JSON.parse(page.dataset.view), player = new Player(page.querySelector(".player"));
  const all = view.piles.flatMap((pile, p) => pile.scraps.map((one, n) => ({ ...one, p, n })));
  let at = 0;
  player.keys();
  tiles(page);
  const stretch = (one) => ({ clip: one.stretch.clip, from: one.stretch.start, to: one.stretch.end, what: one.stretch.what });
  async function go(n, { play = true } = {}) {
    if (n < 0 || n >= all.length) return;
    at = n;
    const one = all[n], here = page.querySelector(`[data-pile="${one.p}"][data-scrap="${one.n}"]`);
    page.querySelector("[aria-current]")?.removeAttribute("aria-current");
    here.setAttribute("aria-current", "true");
    if (play && innerWidth > 900) here.scrollIntoView({ block: "nearest" });
    page.querySelector(".about .strong").textContent = one.name;
    page.querySelector(".about .machine").textContent = one.why;
    const there = await player.load(stretch(one), { play });
    if (there && all[n + 1]?.p === one.p) player.ready(stretch(all[n + 1]));
  }
  player.addEventListener("end", (event) => { if (all[at + 1]?.p === all[at].p) { event.preventDefault(); go(at + 1); } });
  page.addEventListener("click", (event) => {
    const scrap = event.target.closest(".scrap");
    if (scrap) go(all.findIndex((one) => one.p === Number(scrap.dataset.pile) && one.n === Number(scrap.dataset.scrap)));
  });
  page.querySelector("#next").addEventListener("click", () => go(at + 1));
  key("n", () => go(at + 1));
  key("p", () => go(at - 1));
  page.player = player;
  go(0, { play: false });
  live("prep", (working) => { if (!working) again(); });
}
