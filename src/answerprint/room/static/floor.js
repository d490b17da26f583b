// The cutting-room floor: press anything and it plays; a pile plays on by itself, scrap after scrap.
import { again, live } from "/static/room.js";
import { piles } from "/static/piles.js";

const page = document.getElementById("floor");
if (page) {
  const view = JSON.parse(page.dataset.view);
  const all = view.piles.flatMap((pile, p) => pile.scraps.map((one, n) => ({ ...one, p, n })));
  const { go } = piles(page, all, {
    button: (one) => page.querySelector(`[data-pile="${one.p}"][data-scrap="${one.n}"]`),
    stretch: (one) => ({ clip: one.stretch.clip, from: one.stretch.start, to: one.stretch.end, what: one.stretch.what }),
    told: (one) => [one.name, one.why],
    goes_on: (one, next) => next.p === one.p,
  });
  go(0, { play: false });
  live("prep", (working) => { if (!working) again(); });
}
