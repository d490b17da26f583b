// Script: press any word, any stretch of a take's line, any note; it plays from there in the docked player.
import { again, key, live } from "/static/room.js";
import { Player } from "/static/player.js";

const page = document.getElementById("script");
if (page) begin();

function begin() {
  const view = JSON.parse(page.dataset.view), dock = page.querySelector(".dock"), line = page.querySelector(".spoken-here");
  const tries = new Map(view.attempts.map((one) => [one.mark, one])), lines = new Map(view.lines.map((one) => [one.item, one.words]));
  const player = new Player(dock.querySelector(".player"));
  player.keys();
  let now = null, item = null, lit = [];

  /** Play an attempt from a moment; `about` is the item whose line stands under the picture. */
  async function play(one, seconds, about) {
    now = one;
    item = about ?? [...one.spoken].reverse().find((spoken) => spoken.start_s <= seconds + 0.001)?.item ?? one.spoken[0]?.item ?? null;
    dock.classList.add("open");
    dock.querySelector(".where").textContent = one.name;
    spell();
    const { clip, start, end } = one.stretch, at = Math.max(0, Math.min(clip.frames - 1, Math.floor((seconds * clip.rate[0]) / clip.rate[1] + 1e-6)));
    await player.load({ clip, from: Math.min(start, at), to: Math.max(end, at + 1 < end ? end : Math.min(clip.frames, at + 5 * Math.ceil(clip.rate[0] / clip.rate[1]))), at, what: one.stretch.what }, { play: true });
  }
  function spell() {
    const spoken = now.spoken.find((one) => one.item === item), words = lines.get(item) ?? [];
    line.replaceChildren(...words.flatMap((word, n) => {
      const button = Object.assign(document.createElement("button"), { type: "button", textContent: word, disabled: !spoken || spoken.words[n] === null });
      button.addEventListener("click", () => player.from_second(spoken.words[n]));
      return [button, " "];
    }));
  }
  player.addEventListener("frame", () => {
    const second = player.seconds(player.shown + 0.5), spoken = now?.spoken.find((one) => one.item === item);
    const here = now?.spoken.filter((one) => one.start_s <= second).pop();
    if (here && here.item !== item && second > here.start_s) { item = here.item; spell(); return; }
    const word = spoken ? spoken.words.reduce((last, time, n) => (time !== null && time <= second ? n : last), -1) : -1;
    [...line.querySelectorAll("button")].forEach((button, n) => button.classList.toggle("now", n === word));
    for (const one of lit) one.classList.remove("now");
    lit = word < 0 ? [] : [...page.querySelectorAll(`.word[data-item="${item}"][data-word="${word}"]`)];
    for (const one of lit) one.classList.add("now");
  });

  const of = (number) => view.attempts.filter((one) => one.spoken.some((spoken) => spoken.item === number));
  const when = (one, number, word) => { const spoken = one.spoken.find((each) => each.item === number); return spoken.words[word] ?? spoken.start_s; };
  page.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-clip]"), word = event.target.closest(".word");
    if (link) {
      const one = tries.get(`${link.dataset.clip}#${link.dataset.attempt}`);
      if (one) { event.preventDefault(); play(one, Number(link.dataset.inS)); }
    } else if (word) {
      const number = Number(word.dataset.item), there = of(number), one = there.includes(now) ? now : there[0];
      if (one) play(one, when(one, number, Number(word.dataset.word)), number);
    }
  });
  function other(steps) { // the next attempt at the same item, from the same word
    const there = of(item), at = there.indexOf(now) + steps;
    if (at < 0 || at >= there.length) return;
    const second = player.seconds(player.shown), spoken = now.spoken.find((one) => one.item === item);
    const word = spoken.words.reduce((last, time, n) => (time !== null && time <= second + 0.04 ? n : last), 0);
    play(there[at], when(there[at], item, word), item);
  }
  page.querySelector("#next").addEventListener("click", () => other(1));
  key("n", () => other(1));
  key("p", () => other(-1));
  page.player = player;
  live("prep", (working) => { if (!working) again(); });
}
