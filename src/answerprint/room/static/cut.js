// The cut: one line of time under the picture, its source side, private marks, notes and drawings on a frame.
import { again, api, key, live, look, say, seen, sign, wrong } from "/static/room.js";
import { Player } from "/static/player.js";
import { bring } from "/static/bring.js";

bring("bring", "/api/cut/import", (came) => {
  const place = document.getElementById("arrived"), said = [...came.losses, ...came.unmatched];
  if (!said.length) return void (location.href = `/cut/${encodeURIComponent(came.cuts[0])}`);
  place.hidden = false;
  place.replaceChildren(...said.map((line) => Object.assign(document.createElement("span"), { textContent: `${line} ` })), Object.assign(document.createElement("a"), { href: `/cut/${encodeURIComponent(came.cuts[0])}`, textContent: came.cuts[0] }));
});
document.getElementById("rough")?.addEventListener("click", async () => {
  try { const made = await api("/api/cut/rough", {}); location.href = `/cut/${encodeURIComponent(made.cuts[0])}`; } catch (error) { say(error.message); }
});

for (const one of document.querySelectorAll("[data-top]")) one.style.top = `${one.dataset.top}%`;

const held = document.getElementById("film");
if (held) begin(JSON.parse(held.textContent), document.getElementById("player"));

function begin(film, root) {
  const at = (name) => document.getElementById(name);
  const home = `/api/cut/${encodeURIComponent(film.file.split("/").pop())}`;
  const texts = JSON.parse(root.dataset.words);
  const player = new Player(root);
  const put = (text, values) => text.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);
  const length = (frames) => { const fps = Math.round(film.rate[0] / film.rate[1]); return `${Math.floor(frames / fps)}:${String(frames % fps).padStart(2, "0")}`; };
  let shot = film.shots[0], source = null, strokes = [];

  // ---- where we are

  const shot_at = (frame) => film.shots.find((one) => one.start <= frame && frame < one.end) ?? film.shots.at(-1);
  function here() {
    if (source) return;
    shot = shot_at(player.now);
    at("where").textContent = [put(texts.shot_is, { number: shot.number, count: film.shots.length, name: shot.name }), shot.source_in && put(texts.handles, { before: length(shot.before), after: length(shot.after) }), shot.says].filter(Boolean).join(", ");
    for (const one of root.querySelectorAll(".numbers li")) one.classList.toggle("now", Number(one.firstElementChild.dataset.shot) === shot.number);
    at("item").textContent = shot.item ? put(texts.item, shot) : texts.no_item;
    at("text").textContent = shot.text;
    at("say-where").textContent = player.clock.at(player.now);
    marked();
  }
  function marked() {
    for (const name of ["good", "acceptable"]) { at(name).setAttribute("aria-pressed", String(shot.mark === name)); at(name).disabled = !shot.marked || Boolean(source); }
    for (const one of root.querySelectorAll(".numbers button")) { const its = film.shots[Number(one.dataset.shot) - 1].mark; its ? one.parentElement.setAttribute("data-mark", its) : one.parentElement.removeAttribute("data-mark"); }
  }
  async function call(mark) {
    if (!shot.marked || source) return;
    const one = shot, was = one.mark;
    one.mark = was === mark ? null : mark;
    marked();
    try { await api(`${home}/mark`, { shot: one.number, mark: one.mark }); } catch (error) { one.mark = was; marked(); say(error.message); }
  }
  key("g", () => call("good")); key("a", () => call("acceptable"));
  at("good").addEventListener("click", () => call("good")); at("acceptable").addEventListener("click", () => call("acceptable"));
  player.addEventListener("frame", () => { here(); ink(); });
  const whole = () => ({ clip: film.clip, from: 0, to: film.frames });
  const go = (frame) => { player.pause(); return player.seek(frame); };
  root.addEventListener("click", (event) => {
    const one = event.target.closest("[data-frame]");
    if (!one || !player.stretch || source || one.closest(".strip")) return;
    ink(one.dataset.drawing ?? null, Number(one.dataset.frame));
    if (one.dataset.drawing) root.scrollIntoView({ block: "start" });
    go(Number(one.dataset.frame));
  });
  const strip = at("strip"), along = (event) => { const box = strip.getBoundingClientRect(); return Math.floor(((event.clientX - box.left) / box.width) * film.frames); };
  strip.addEventListener("pointerdown", (event) => { if (!player.stretch) return; strip.setPointerCapture(event.pointerId); go(along(event)); });
  strip.addEventListener("pointermove", (event) => { if (strip.hasPointerCapture(event.pointerId)) player.seek(along(event)); });
  key("ArrowUp", () => jump(-1)); key("ArrowDown", () => jump(1));
  function jump(way) { // to the cut before or after
    if (source || !player.stretch) return;
    const edges = film.shots.map((one) => one.start), now = player.now;
    const to = way > 0 ? edges.find((edge) => edge > now) : edges.findLast((edge) => edge < now);
    if (to !== undefined) go(to);
  }

  // ---- the source side

  async function open() {
    if (!player.stretch) return;
    let found;
    try { found = await look(`${home}/source/${shot.number}`); } catch (error) { return say(error.message); }
    if (!found.clip && !found.alternates.length) return say(texts.no_source);
    source = { found, back: player.now };
    root.classList.add("at-source");
    at("source").hidden = false;
    at("side").setAttribute("aria-pressed", "true");
    at("source-title").textContent = put(texts.source_of, found);
    at("source-says").textContent = texts.source_says;
    at("alternates").replaceChildren(...found.alternates.map((one, n) => {
      const button = Object.assign(document.createElement("button"), { type: "button" });
      const frame = one.picture ? Object.assign(document.createElement("img"), { src: one.picture, alt: "", loading: "lazy", width: 320, height: 180 }) : Object.assign(document.createElement("span"), { className: "sound" });
      button.append(frame, `${n + 1}  ${one.slate}`);
      const more = [one.shown && texts.in_cut, one.circled_by].filter(Boolean).join(", ");
      if (more) button.append(Object.assign(document.createElement("small"), { textContent: more }));
      button.addEventListener("click", () => play(one, button));
      if (n < 9) key(String(n + 1), () => source && button.click());
      const item = document.createElement("li");
      item.append(button);
      return item;
    }));
    if (found.clip) await handles(found);
    marked();
  }
  async function handles(found) {
    await player.load({ clip: found.clip, from: 0, to: found.clip.frames, at: Math.min(found.used[0], found.clip.frames - 1) });
    player.mark("in"); player.marks.out = found.used[1]; player.mark("in");
    at("where").textContent = `${found.name}, ${put(texts.handles, { before: length(shot.before), after: length(shot.after) })}`;
  }
  async function play(one, button) {
    for (const other of at("alternates").querySelectorAll("button")) other.setAttribute("aria-pressed", String(other === button));
    at("where").textContent = one.slate;
    await player.load({ clip: one.clip, from: one.start, to: one.end, at: Math.min(Math.max(one.at, one.start), one.end - 1) }, { play: true });
  }
  async function close() {
    const { back } = source;
    source = null;
    root.classList.remove("at-source");
    at("source").hidden = true;
    at("side").setAttribute("aria-pressed", "false");
    await player.load({ ...whole(), at: back });
    here();
  }
  const turn = () => (source ? close() : open());
  key("s", turn);
  at("side").addEventListener("click", turn); at("to-cut").addEventListener("click", turn);

  // ---- drawing on the frame

  const board = root.querySelector(".ink");
  let drawing = false, line = null, kept = null;
  const spot = (event) => { // where on the picture, which lies whole in its box
    const box = board.getBoundingClientRect(), scale = Math.min(box.width / 1600, box.height / 900);
    const x = (event.clientX - box.left - (box.width - 1600 * scale) / 2) / (1600 * scale), y = (event.clientY - box.top - (box.height - 900 * scale) / 2) / (900 * scale);
    return [Math.min(1, Math.max(0, x)), Math.min(1, Math.max(0, y))].map((value) => Math.round(value * 1e4) / 1e4);
  };
  const lines = (rows) => board.replaceChildren(...rows.map((row) => { const path = document.createElementNS("http://www.w3.org/2000/svg", "path"); path.setAttribute("d", `M${row.map(([x, y]) => `${Math.round(x * 1600)} ${Math.round(y * 900)}`).join("L")}`); return path; }));
  function pen(on) {
    drawing = on;
    if (on) { player.pause(); kept = null; root.scrollIntoView({ block: "start" }); }
    board.classList.toggle("draws", on);
    board.toggleAttribute("hidden", !on && !strokes.length);
    at("draw").setAttribute("aria-pressed", String(on));
    lines(strokes);
  }
  function clean() { strokes = []; at("wipe").hidden = true; pen(false); }
  board.addEventListener("pointerdown", (event) => { if (!drawing) return; board.setPointerCapture(event.pointerId); line = [spot(event)]; strokes.push(line); at("wipe").hidden = false; });
  board.addEventListener("pointermove", (event) => { if (!line) return; const next = spot(event), last = line.at(-1); if (Math.hypot(next[0] - last[0], next[1] - last[1]) > 0.004 && line.length < 200) { line.push(next); lines(strokes); } });
  for (const end of ["pointerup", "pointercancel"]) board.addEventListener(end, () => { if (line?.length === 1) line.push(line[0]); line = null; lines(strokes); });
  at("draw").addEventListener("click", () => pen(!drawing)); at("wipe").addEventListener("click", clean);
  key("d", () => pen(!drawing));
  /** A drawing that somebody left stays while its frame is shown. */
  async function ink(address, frame) {
    if (address !== undefined) kept = address ? { frame, address } : null;
    if (address) {
      const text = await fetch(address).then((answer) => answer.text());
      const paths = new DOMParser().parseFromString(text, "image/svg+xml").querySelectorAll("path");
      board.replaceChildren(...[...paths].map((path) => document.importNode(path, true)));
      board.removeAttribute("hidden");
    } else if (kept && player.now !== kept.frame) { kept = null; pen(false); }
  }

  // ---- saying it

  const text = at("said-text"), box = text.closest("section");
  async function send(run) {
    box.querySelector(".wrong").hidden = true;
    player.pause();
    try {
      if (await run({ frame: player.now, text: text.value, strokes })) { text.forget(); clean(); say(texts.noted); again(400); }
    } catch (error) { wrong(box, error); }
  }
  const note = () => send((about) => api(`${home}/note`, about));
  at("note").addEventListener("click", note);
  at("object").addEventListener("click", () => send(async (about) => sign(await api(`${home}/object`, { ...about, since: seen || null }))));
  key("n", () => text.focus());
  for (const one of root.querySelectorAll("[data-version]")) one.addEventListener("click", async () => {
    try { const done = await api(`${home}/choose`, { version: one.dataset.version }); say(done.says[0]); again(1200); } catch (error) { say(error.message); }
  });
  at("with")?.addEventListener("change", (event) => { location.search = `?with=${encodeURIComponent(event.target.value)}`; });

  // ---- waves of the tracks, markers that would lie over each other

  const tracks = [...root.querySelectorAll("canvas[data-lane]")];
  async function waves() {
    if (!tracks.length || !film.movie) return;
    const wide = tracks[0].clientWidth, found = await look(`${home}/waves?columns=${Math.min(4000, Math.max(10, Math.floor(wide / 3)))}`).catch(() => ({ columns: [] }));
    for (const canvas of tracks) {
      const columns = found.columns[Number(canvas.dataset.lane)] ?? [], dots = devicePixelRatio || 1, tall = canvas.clientHeight;
      canvas.width = Math.round(wide * dots); canvas.height = Math.round(tall * dots);
      const paint = canvas.getContext("2d");
      paint.scale(dots, dots);
      paint.fillStyle = getComputedStyle(root).getPropertyValue("--ink-3");
      const top = Math.max(24, ...columns.flat().map(Math.abs));
      columns.forEach(([low, high], n) => paint.fillRect(n * 3, tall / 2 - (high / top) * (tall / 2 - 1), 2, Math.max(1, ((high - low) / top) * (tall / 2 - 1))));
    }
  }
  function thin() { // numbers that would lie over each other: the later one keeps its line and waits
    let end = -1;
    for (const one of root.querySelectorAll(".numbers li")) { const clear = one.offsetLeft >= end; one.classList.toggle("thin", !clear); if (clear) end = one.offsetLeft + 25; }
  }
  thin();
  addEventListener("resize", thin);
  let wide = [-1, -1];
  for (const one of root.querySelectorAll(".notes li:not(.none)")) { const row = wide.findIndex((end) => one.offsetLeft > end); one.classList.toggle("lower", row === 1); one.parentElement.classList.toggle("two", row === 1 || one.parentElement.classList.contains("two")); if (row >= 0) wide[row] = one.offsetLeft + one.offsetWidth; }

  // ---- what was played, for this person alone

  let since = null;
  player.addEventListener("state", () => {
    if (source || !film.versions.length) return void (since = null);
    if (player.playing) { since ??= player.shown; return; }
    const from = since, to = Math.min(player.shown + 1, film.frames);
    since = null;
    if (from !== null && to > from) for (const version of film.versions) api("/api/played", { what: `version:${version}@${film.seal}`, from_frame: from, to_frame: to, frames: film.frames }).catch(() => {});
  });

  const place = `at ${film.file} ${film.frames}`;
  const begins = () => { // where somebody pointed, else where this person was before the page was loaded again
    const asked = Number(location.hash.slice(1) || sessionStorage.getItem(place) || 0);
    return Number.isInteger(asked) ? Math.min(Math.max(asked, 0), film.frames - 1) : 0;
  };
  addEventListener("pagehide", () => { if (player.stretch) sessionStorage.setItem(place, String(source ? source.back : player.now)); });
  addEventListener("hashchange", () => { if (player.stretch && !source) go(begins()); });
  if (film.movie) {
    player.keys();
    const first = begins();
    if (location.hash) history.replaceState(null, "", location.pathname + location.search);
    player.load({ ...whole(), at: first }).then(() => { here(); const note = film.notes.find((one) => one.frame === first && one.drawing); if (note) ink(note.drawing, first); });
    waves();
    addEventListener("resize", () => waves());
  } else {
    const asks = async () => {
      const found = (await look(home).catch(() => ({}))).film;
      if (found?.movie) return again();
      if (typeof found?.making === "string") at("making").querySelector("p").textContent = found.making;
      else if (found) at("making").querySelector("b").textContent = `${Math.round(found.making * 100)} %`;
    };
    live("cut", asks);
    setTimeout(asks, 1500);
  }
  live("record", (now) => { if (now.n > seen && !text.value && !strokes.length && !player.playing && !source && !document.querySelector("dialog[open]")) again(); });
}
