// Piles beside a player: press anything and it plays; N and P go on and back. The floor and the accidents are such pages.
import { key } from "/static/room.js";
import { Player, tiles } from "/static/player.js";

/** `all`: what can be played, in the order of the page. `button(one)`: its button. `stretch(one)`: as the player takes it. `told(one)`: two lines under the picture.
 *  `goes_on(one, next)`: whether the next one follows by itself. Gives { player, go, now }. */
export function piles(page, all, { button, stretch, told, goes_on }) {
  const player = new Player(page.querySelector(".player"));
  let at = 0;
  player.keys();
  tiles(page);
  async function go(n, { play = true } = {}) {
    if (n < 0 || n >= all.length) return;
    at = n;
    const one = all[n], here = button(one);
    page.querySelector(".scrap[aria-current]")?.removeAttribute("aria-current");
    here.setAttribute("aria-current", "true");
    if (play && innerWidth > 900) here.scrollIntoView({ block: "nearest" });
    [page.querySelector(".about .strong").textContent, page.querySelector(".about .machine").textContent] = told(one, n);
    const there = await player.load(stretch(one), { play });
    if (there && all[n + 1] && goes_on(one, all[n + 1])) player.ready(stretch(all[n + 1]));
  }
  player.addEventListener("end", (event) => { if (all[at + 1] && goes_on(all[at], all[at + 1])) { event.preventDefault(); go(at + 1); } });
  page.addEventListener("click", (event) => {
    const scrap = event.target.closest(".scrap");
    if (scrap) go(all.findIndex((one) => button(one) === scrap));
  });
  page.querySelector("#next").addEventListener("click", () => go(at + 1));
  page.querySelector("#previous")?.addEventListener("click", () => go(at - 1));
  key("n", () => go(at + 1));
  key("p", () => go(at - 1));
  page.player = player;
  return { player, go, now: () => at };
}
