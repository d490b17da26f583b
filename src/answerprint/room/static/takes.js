// Takes: one attempt after another. Nothing is chosen, ordered or marked here that a person did not choose, order or mark.
import { again, api, key, live, look, say, wrong } from "/static/room.js";
import { Player, tiles } from "/static/player.js";
import { Side } from "/static/side.js";

const page = document.getElementById("takes");
if (page) begin();

function begin() {
  const said = JSON.parse(page.dataset.said), path = `/api/takes/${page.dataset.at}`;
  const told = (name, values) => said[name].replace(/\{(\w+)\}/g, (all, word) => values[word] ?? all);
  const by = (id) => document.getElementById(id);
  let view = JSON.parse(page.dataset.view), at = 0;
  const player = new Player(page.querySelector(".player"));
  const side = new Side(page.querySelector(".together"));
  player.keys();
  tiles(page);

  const stretch = (one) => ({ clip: one.stretch.clip, from: one.stretch.start, to: one.stretch.end, what: one.stretch.what, line: one.line });
  const rows = () => [...page.querySelectorAll("[data-attempt]")];

  async function go(n, { play = true } = {}) {
    at = Math.min(Math.max(n, 0), view.attempts.length - 1);
    shown();
    const there = await player.load(stretch(view.attempts[at]), { play });
    if (there && view.attempts[at + 1]) player.ready(stretch(view.attempts[at + 1]));
  }
  player.addEventListener("end", (event) => { // back to back: the next one follows at once
    if (at + 1 < view.attempts.length) { event.preventDefault(); go(at + 1); }
  });

  function shown() {
    const one = view.attempts[at];
    rows().forEach((row, n) => n === at ? row.setAttribute("aria-current", "true") : row.removeAttribute("aria-current"));
    page.querySelector(".where").textContent = told("attempt_of", { n: at + 1, count: view.attempts.length });
    by("differs").textContent = `${one.name}: ${one.says} ${one.plays}`;
    const list = by("day").querySelector(".list");
    list.replaceChildren(...one.day.map((quote) => {
      const words = Object.assign(document.createElement("p"), { className: "person", textContent: quote.text });
      words.append(Object.assign(document.createElement("cite"), { textContent: quote.by }));
      return words;
    }));
    if (!one.day.length) list.append(Object.assign(document.createElement("p"), { className: "small", textContent: view.hidden ? said.day_hidden : said.day_nothing }));
    if (by("choose")) by("choose").firstElementChild.textContent = told("choose", { name: one.name });
    for (const word of ["good", "acceptable"]) by(word).setAttribute("aria-pressed", String(one.mine === word));
    stands();
  }

  function stands() {
    const { draft, signed } = view, who = (one) => (one.mine ? said.you : one.by);
    rows().forEach((row) => {
      const mine = [draft && draft.key === row.dataset.attempt && told("stands_draft", { name: who(draft) }), signed && signed.key === row.dataset.attempt && told("stands_signed", { name: signed.by, entry: signed.signed })].filter(Boolean);
      const place = row.querySelector(".stands");
      place.textContent = mine.join(" ");
      place.hidden = !mine.length;
      row.classList.toggle("picked", mine.length > 0);
    });
    if (!by("stands")) return;
    const lines = draft ? [] : [said.draft_note];
    if (draft) lines.unshift(draft.key === null ? told("stands_hidden", { name: who(draft) }) : draft.key === "none" ? told("stands_none", { name: who(draft) }) : told("stands_chosen", { name: who(draft), take: view.attempts.find((one) => one.key === draft.key)?.name ?? "" }));
    if (signed) lines.unshift(told("stands_signed", { name: signed.by, entry: signed.signed }));
    by("stands").textContent = lines.join(" ");
    by("clear").hidden = !draft || (!draft.mine && draft.key === null); // nobody takes back what they are not shown
    page.querySelector(".question-here").classList.toggle("lit", !draft && !signed);
  }

  function renew(fresh) {
    const now = view.attempts[at]?.key;
    const same = fresh.attempts.length === view.attempts.length && fresh.attempts.every((one, n) => one.key === view.attempts[n].key);
    if (!same) return again();
    view = fresh;
    at = Math.max(0, view.attempts.findIndex((one) => one.key === now));
    shown();
  }
  async function does(what, body) {
    const where = page.querySelector(".question-here") ?? page;
    where.querySelector(".wrong")?.setAttribute("hidden", "");
    try { renew(await api(`${path}/${what}`, body)); return true; }
    catch (error) { wrong(where, error); if (error.status === 409) look(path).then(renew, () => {}); return false; }
  }
  const choose = (attempt) => does("choose", { attempt, over: view.draft?.at ?? null });

  by("choose")?.addEventListener("click", () => choose(view.attempts[at].key));
  by("none")?.addEventListener("click", () => choose("none"));
  by("clear")?.addEventListener("click", async () => { if (await does("clear", { over: view.draft?.at ?? null })) say(said.taken_back); });
  for (const word of ["good", "acceptable"])
    by(word).addEventListener("click", () => does("mark", { attempt: view.attempts[at].key, word: view.attempts[at].mine === word ? null : word }));
  rows().forEach((row, n) => row.querySelector(".attempt").addEventListener("click", () => (side.on ? side.toggle(view.attempts[n], row) : go(n))));
  by("hide").addEventListener("click", async () => { await api("/api/seeing", { hidden: !view.hidden }); location.reload(); }); // the address keeps the attempt that it leads to
  by("on-set")?.addEventListener("click", async (event) => {
    const answer = event.target.closest("button")?.value;
    if (answer) { await api("/api/seeing", { on_set: answer === "yes" }); location.reload(); }
  });

  function beside() {
    if (!side.on && view.attempts.length < 2) return say(said.side_few);
    const on = !side.on;
    player.pause();
    by("side").setAttribute("aria-pressed", String(on));
    page.querySelector(".player").hidden = on;
    if (!on) { side.close(); rows().forEach((row) => row.classList.remove("beside-this")); return; }
    const first = Math.min(at, view.attempts.length - 2);
    side.open([first, first + 1].map((n) => [view.attempts[n], rows()[n]]));
  }
  const together = { play: () => side.toggle_play(), start: () => side.rewind(), left: () => side.step(-1), right: () => side.step(1) };
  page.querySelector(".together").addEventListener("click", (event) => together[event.target.closest("[data-side]")?.dataset.side]?.());
  by("side").addEventListener("click", beside);

  const bound = { c: "choose", "0": "none", z: "clear", g: "good", a: "acceptable", h: "hide", s: "side" };
  for (const [letter, id] of Object.entries(bound)) key(letter, () => { const one = by(id); if (one && !one.hidden && !one.disabled) one.click(); });
  key("d", () => { by("day").open = !by("day").open; });
  by("next")?.addEventListener("click", () => go(at + 1));
  key("n", () => go(at + 1));
  key("p", () => go(at - 1));
  key("[", () => by("before")?.click());
  key("]", () => by("after")?.click());
  key("y", () => page.querySelector('#on-set [value="yes"]')?.click());
  key("w", () => page.querySelector('#on-set [value="no"]')?.click());
  for (let n = 1; n < 10; n++) key(String(n), () => rows()[n - 1]?.querySelector(".attempt").click());
  const either = (name, aside, alone) => key(name, (event) => (side.on ? aside() : alone(event)));
  const second = () => Math.round(view.attempts[at].stretch.clip.rate[0] / view.attempts[at].stretch.clip.rate[1]);
  either(" ", () => side.toggle_play(), () => player.toggle());
  either("k", () => side.stop(), () => player.stop_key());
  either("l", () => side.play(), () => player.forward());
  either("j", () => side.step(-1), () => player.backward());
  either("Home", () => side.rewind(), () => { player.pause(); player.seek(player.stretch.from); });
  either("ArrowLeft", () => side.step(-1), (event) => player.step(event.shiftKey ? -second() : -1));
  either("ArrowRight", () => side.step(1), (event) => player.step(event.shiftKey ? second() : 1));

  live("drafts", () => look(path).then(renew, () => {}));
  live("record", () => look(path).then(renew, () => {}));
  page.player = player;
  page.side = side;

  const wanted = decodeURIComponent(location.hash.slice(1));
  const named = wanted ? view.attempts.findIndex((one) => one.anchor === wanted) : -1;
  go(Math.max(0, named), { play: false });
  if (wanted && named < 0 && view.hidden) say(said.led_hidden);
}
