// Script: press any word, any stretch of a take's line, any note; it plays from there in the docked player. Leaves come when somebody is near.
import { again, key, live, look, say } from "/static/room.js";
import { find, Leaves } from "/static/leaves.js";
import { Player } from "/static/player.js";

const page = document.getElementById("script");
if (page) begin();

function begin() {
  const at = JSON.parse(page.dataset.at), said = JSON.parse(page.dataset.said), dock = page.querySelector(".dock"), line = page.querySelector(".spoken-here");
  const player = new Player(dock.querySelector(".player")), leaves = new Leaves(page);
  const lines = new Map(), asked = new Map();
  player.keys();
  let now = null, item = null, lit = [], turn = 0;

  /** What the room knows of an item or of one attempt: it is asked once. */
  function known(query) {
    if (!asked.has(query)) {
      asked.set(query, look(`/api/script?${query}`).then((found) => { for (const one of found.lines) lines.set(one.item, one.words); return found.attempts; }));
      asked.get(query).catch(() => asked.delete(query));
    }
    return asked.get(query);
  }
  const of = (number) => known(`item=${number}`);

  /** Play an attempt from a moment; `about` is the item whose line stands under the picture. */
  async function play(one, seconds, about) {
    now = one;
    item = about ?? [...one.spoken].reverse().find((spoken) => spoken.start_s <= seconds + 0.001)?.item ?? one.spoken[0]?.item ?? null;
    dock.classList.add("open");
    dock.querySelector(".where").textContent = one.name;
    spell();
    const { clip, start, end } = one.stretch, from = Math.max(0, Math.min(clip.frames - 1, Math.floor((seconds * clip.rate[0]) / clip.rate[1] + 1e-6)));
    await player.load({ clip, from: Math.min(start, from), to: Math.max(end, from + 1 < end ? end : Math.min(clip.frames, from + 5 * Math.ceil(clip.rate[0] / clip.rate[1]))), at: from, what: one.stretch.what }, { play: true });
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

  const when = (one, number, word) => { const spoken = one.spoken.find((each) => each.item === number); return spoken.words[word] ?? spoken.start_s; };
  /** What was pressed last goes; whoever pressed something else meanwhile is not sent back. */
  async function pressed(find) {
    const mine = ++turn;
    try { const does = await find(); if (mine === turn) await does?.(); } catch (error) { say(error.message); }
  }
  page.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-clip]"), word = event.target.closest(".word");
    if (link) {
      event.preventDefault();
      pressed(async () => {
        const [one] = await known(`mark=${encodeURIComponent(`${link.dataset.clip}#${link.dataset.attempt}`)}`);
        return one && (() => play(one, Number(link.dataset.inS)));
      });
    } else if (word) {
      const number = Number(word.dataset.item), place = Number(word.dataset.word);
      history.replaceState(null, "", `/script?item=${number}&word=${place}`);
      pressed(async () => {
        const there = await of(number), one = there.find((each) => each.mark === now?.mark) ?? there[0];
        return one ? () => play(one, when(one, number, place), number) : () => say(said.unplayed);
      });
    }
  });
  function other(steps) { // the next attempt at the same item, from the same word
    if (!now || item === null) return;
    const second = player.seconds(player.shown), spoken = now.spoken.find((one) => one.item === item);
    const word = spoken ? spoken.words.reduce((last, time, n) => (time !== null && time <= second + 0.04 ? n : last), 0) : 0;
    pressed(async () => {
      const there = await of(item), one = there[there.findIndex((each) => each.mark === now.mark) + steps];
      return one && (() => play(one, when(one, item, word), item));
    });
  }
  page.querySelector("#next").addEventListener("click", () => other(1));
  key("n", () => other(1));
  key("p", () => other(-1));
  find(page, leaves, said);
  page.player = player;
  live("prep", (working) => { if (!working) again(); });

  if (at.page !== null || at.block !== null) leaves.go(at.page, at.block).then((leaf) => {
    for (const one of leaf?.querySelectorAll(`.word[data-item="${at.item}"][data-word="${at.word}"]`) ?? []) { one.classList.add("meant"); one.scrollIntoView({ block: "center" }); }
  });
}
