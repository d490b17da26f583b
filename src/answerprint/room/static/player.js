// One player for every page: frame by frame, J K L, marks, timecode, a wave to scrub on with sound, the words under it.
// A stretch is { clip, from, to, at?, what?, line? }: frames of the clip, half-open; `clip` is what /api gives for a clip or a sound.
import { api, key, look, say } from "/static/room.js";
import { Clock } from "/static/timecode.js";

const SNIP_MS = 90; // of sound at each place while somebody scrubs: two frames and a little
const PATIENCE_MS = 400; // a frame that the browser has shown before may come without word of it

export class Player extends EventTarget {
  #videos; #on = 0; #want = 0; #under = null; #shuttle = 0; #since = null; #ear = null; #snip = 0; #wave = null; #held = false; #turn = 0; #words = []; #arrived = true; #ending = false;

  constructor(root) {
    super();
    this.root = root;
    this.texts = JSON.parse(root.dataset.texts);
    this.part = (name) => root.querySelector(`.${name}`);
    this.#videos = [...root.querySelectorAll("video")];
    this.stretch = null;
    this.shown = 0;
    this.marks = { in: null, out: null };
    this.#videos.forEach((video, which) => this.#watch(video, which));
    this.#controls();
    new ResizeObserver(() => this.#drawn()).observe(this.part("wave"));
    addEventListener("pagehide", () => this.#tell());
  }

  get video() { return this.#videos[this.#on]; }
  get playing() { return !this.video.paused || this.#shuttle !== 0; }
  /** The frame that is shown, or on its way. */
  get now() { return this.#under ? this.#want : this.shown; }
  get speed() { return this.#shuttle || (this.video.paused ? 0 : this.video.playbackRate); }
  get last() { return this.stretch.to - 1; }
  seconds(frame) { const [num, den] = this.stretch.clip.rate; return (frame * den) / num; }
  frame_at(seconds) { const [num, den] = this.stretch.clip.rate; return Math.floor((seconds * num) / den + 1e-6); }

  // ---- what is shown

  #watch(video, which) {
    if (video.requestVideoFrameCallback) {
      const next = (now, about) => {
        if (which === this.#on && this.stretch?.clip.picture) { const [num, den] = this.stretch.clip.rate; this.#came(Math.round((about.mediaTime * num) / den)); }
        video.requestVideoFrameCallback(next);
      };
      video.requestVideoFrameCallback(next);
    }
    video.addEventListener("timeupdate", () => { if (which === this.#on && this.stretch && !this.#exact) this.#came(this.frame_at(video.currentTime)); });
    video.addEventListener("ended", () => { if (which === this.#on && this.stretch) this.#finish(); });
    video.addEventListener("error", () => { if (which === this.#on && video.getAttribute("src")) say(this.texts.broken); });
  }
  get #exact() { return this.stretch.clip.picture && Boolean(this.video.requestVideoFrameCallback); }

  #came(frame) {
    this.#arrived = true;
    this.shown = frame;
    this.#draw_head();
    this.dispatchEvent(new CustomEvent("frame", { detail: { frame } }));
    if (!this.video.paused && frame >= this.last) this.#finish();
  }

  async #finish() {
    if (this.#shuttle || this.#ending) return;
    this.#ending = true;
    this.video.pause();
    this.#tell(this.stretch.to);
    const carry_on = this.dispatchEvent(new CustomEvent("end", { cancelable: true }));
    if (carry_on) { await this.seek(this.last); this.#state(); }
    this.#ending = false;
  }

  /** Show a stretch, its first frame or `at`. Gives when that frame is on the screen. */
  async load(stretch, { play = false } = {}) {
    const turn = ++this.#turn;
    this.#tell();
    this.#still();
    if (this.stretch?.clip.id !== stretch.clip.id || this.stretch.from !== stretch.from) this.marks = { in: null, out: null };
    const at = Math.min(Math.max(stretch.at ?? stretch.from, stretch.from), stretch.to - 1);
    const waiting = this.#videos[1 - this.#on];
    if (waiting.dataset.movie === stretch.clip.movie && (this.video.dataset.movie !== stretch.clip.movie || waiting.dataset.at === String(at))) this.#swap();
    this.stretch = stretch;
    this.clock = new Clock(stretch.clip, stretch.from);
    this.#point(this.video, stretch.clip);
    this.root.classList.toggle("sound-only", !stretch.clip.picture);
    this.shown = at;
    this.#draw_head();
    this.#sound_drawn();
    await this.seek(at);
    if (turn === this.#turn && play) await this.play(this.#speed_kept ?? 1);
    return turn === this.#turn;
  }
  #speed_kept = 1;

  /** Have the next stretch ready behind this one, so that it follows at once. */
  ready(stretch) {
    const waiting = this.#videos[1 - this.#on];
    this.#point(waiting, stretch.clip);
    const at = stretch.at ?? stretch.from, [num, den] = stretch.clip.rate;
    waiting.dataset.at = String(at);
    const there = () => { waiting.currentTime = ((at + 0.5) * den) / num; };
    waiting.readyState ? there() : waiting.addEventListener("loadedmetadata", there, { once: true });
  }
  #point(video, clip) {
    if (video.dataset.movie === clip.movie) return;
    video.dataset.movie = clip.movie;
    delete video.dataset.at;
    video.src = clip.movie;
  }
  #swap() {
    this.video.classList.remove("on");
    this.#on = 1 - this.#on;
    this.video.classList.add("on");
  }

  // ---- going to a frame

  /** Go to a frame. Several wishes at once: the newest wins. Gives the frame that is on the screen. */
  seek(frame) {
    this.#want = Math.min(Math.max(Math.round(frame), this.stretch.from), this.last);
    this.#under ??= this.#chase().finally(() => { this.#under = null; });
    return this.#under;
  }
  async #chase() {
    let done;
    do { done = this.#want; await this.#go(done); } while (done !== this.#want);
    return this.shown;
  }
  async #go(frame) {
    const video = this.video;
    if (!video.readyState) await new Promise((ready) => { for (const one of ["loadedmetadata", "error"]) video.addEventListener(one, ready, { once: true }); });
    if (video !== this.video || video.error) return;
    const [num, den] = this.stretch.clip.rate;
    const there = ((frame + 0.5) * den) / num;
    if (Math.abs(video.currentTime - there) < 1e-4 && !video.seeking && video.readyState > 1) { this.#came(frame); return; }
    for (const nudge of [0, 0.2, -0.2]) {
      const came = new Promise((ready) => video.addEventListener("seeked", ready, { once: true }));
      this.#arrived = false;
      video.currentTime = ((frame + 0.5 + nudge) * den) / num;
      await Promise.race([came, later(4000)]);
      const until = performance.now() + PATIENCE_MS;
      while (this.#exact && !this.#arrived && performance.now() < until) await new Promise((next) => requestAnimationFrame(next));
      if (!this.#arrived) this.#came(frame);
      if (this.shown === frame || !this.#exact || !video.paused || video !== this.video) return;
    }
  }

  /** So many frames on or back from what is shown or wished for. */
  step(frames) {
    this.pause();
    return this.seek(this.now + frames);
  }

  // ---- playing

  async play(speed = 1) {
    this.#still();
    if (this.now >= this.last) await this.seek(this.stretch.from);
    if (this.#under) await this.#under;
    this.video.playbackRate = speed;
    this.video.preservesPitch = true;
    this.#speed_kept = speed;
    this.#since = this.shown;
    try { await this.video.play(); } catch (error) { if (error.name === "NotAllowedError") say(this.texts.press); }
    this.#state();
    if (!this.#exact) this.#follow();
  }
  #follow() { // a sound has no frames that call: look at the clock while it runs
    if (this.video.paused || this.#exact) return;
    this.#came(Math.min(this.frame_at(this.video.currentTime), this.last));
    requestAnimationFrame(() => this.#follow());
  }
  pause() {
    const was = this.playing;
    this.#still();
    if (was) this.#tell();
    this.#state();
  }
  #still() { this.#shuttle = 0; for (const one of this.#videos) one.pause(); }
  stop_key() { this.#held = true; this.pause(); } // held down, J and L go frame by frame
  toggle() { this.playing ? this.pause() : this.play(this.#speed_kept > 0 && this.#speed_kept <= 1 ? this.#speed_kept : 1); }
  forward() { this.#held ? this.step(1) : this.play(this.#shuttle === 0 && !this.video.paused ? 2 : 1); }
  async backward() {
    if (this.#held) return this.step(-1);
    const speed = this.#shuttle < 0 ? 2 : 1;
    if (!this.video.paused) this.pause();
    const run = -speed - Math.random() * 1e-9; // each run is its own
    this.#shuttle = run;
    this.#state();
    const begun = performance.now(), first = this.shown, [num, den] = this.stretch.clip.rate;
    while (this.#shuttle === run && this.shown > this.stretch.from) {
      const gone = Math.floor(((performance.now() - begun) / 1000) * speed * (num / den));
      if (first - gone < this.shown) await this.seek(first - gone);
      else await new Promise((next) => requestAnimationFrame(next));
    }
    if (this.#shuttle === run) { this.#shuttle = 0; this.#state(); }
  }
  #state() {
    this.root.classList.toggle("playing", this.playing);
    const button = this.root.querySelector('[data-do="toggle"]');
    button?.setAttribute("aria-label", this.playing ? this.texts.pause : this.texts.play);
    this.dispatchEvent(new Event("state"));
  }
  /** Tell the room which frames were played: it keeps that for this person alone. */
  #tell(to = this.shown) {
    const since = this.#since;
    this.#since = null;
    if (since === null || !this.stretch?.what || to <= since) return;
    api("/api/played", { what: this.stretch.what, from_frame: since, to_frame: Math.min(Math.max(to, since + 1), this.stretch.to) }).catch(() => {});
  }

  // ---- marks

  mark(which) {
    this.marks[which] = which === "in" ? this.now : this.now + 1;
    const { in: first, out: end } = this.marks;
    if (first !== null && end !== null && end <= first) this.marks[which === "in" ? "out" : "in"] = null;
    this.#marked();
  }
  unmark() { this.marks = { in: null, out: null }; this.#marked(); }
  #marked() { this.#draw_head(); this.dispatchEvent(new CustomEvent("marks", { detail: { ...this.marks } })); }

  // ---- the wave, the words, the clock

  async #sound_drawn() {
    const { clip, from, to } = this.stretch, turn = this.#turn;
    this.#wave = null;
    this.#words = [];
    this.#drawn();
    const [peaks, words] = await Promise.all([this.#peaks(clip, from, to), heard(clip)]).catch(() => [[], []]);
    if (turn !== this.#turn) return;
    this.#wave = peaks;
    const first = this.seconds(from), end = this.seconds(to);
    this.#words = words.filter((one) => { const middle = (one.in_s + one.out_s) / 2; return first <= middle && middle < end; });
    this.#drawn();
    this.#spell();
  }
  #columns() { return Math.min(4000, Math.max(10, Math.floor(this.part("wave").clientWidth / 4))); }
  async #peaks(clip, from, to) {
    const found = await look(`/api/peaks/${clip.id}?start_s=${this.seconds(from)}&end_s=${this.seconds(to)}&columns=${this.#columns()}`);
    return found.columns;
  }
  #left(frame) { return ((frame - this.stretch.from) / Math.max(1, this.stretch.to - this.stretch.from)) * 100; }
  #drawn() {
    const canvas = this.part("wave").querySelector("canvas"), wide = this.part("wave").clientWidth, tall = this.part("wave").clientHeight;
    if (!wide || !this.stretch) return;
    const dots = devicePixelRatio || 1;
    canvas.width = Math.round(wide * dots);
    canvas.height = Math.round(tall * dots);
    const pen = canvas.getContext("2d"), ink = getComputedStyle(this.root);
    pen.scale(dots, dots);
    const columns = this.#wave ?? [], each = columns.length ? wide / columns.length : 4, middle = tall / 2;
    const top = Math.max(24, ...columns.flat().map(Math.abs)); // a quiet take is drawn to the height of the strip, hiss is not
    pen.fillStyle = ink.getPropertyValue("--ink-3");
    pen.fillRect(0, middle - 0.5, wide, 1);
    pen.fillStyle = ink.getPropertyValue("--ink-2");
    columns.forEach(([low, high], n) => {
      const up = (high / top) * (middle - 2), down = (-low / top) * (middle - 2);
      pen.fillRect(n * each, middle - up, Math.max(1, each - 2), Math.max(1, up + down));
    });
    const { line } = this.stretch;
    if (line) {
      pen.fillStyle = ink.getPropertyValue("--ink-2");
      const first = this.#left(this.frame_at(line[0])) / 100 * wide, end = this.#left(this.frame_at(line[1]) + 1) / 100 * wide;
      pen.fillRect(first, tall - 1, end - first, 1);
    }
    this.#fit();
    this.#draw_head();
  }
  #spell() {
    const list = this.part("words");
    list.replaceChildren(...this.#words.map((word) => {
      const button = Object.assign(document.createElement("button"), { type: "button", textContent: word.text, title: this.texts.from_word });
      button.tabIndex = -1; // the slider above is the one stop of the keyboard; every word can be read
      button.addEventListener("click", () => this.from_second(word.in_s));
      const item = document.createElement("li");
      item.append(button);
      item.style.left = `${Math.max(0, this.#left(this.frame_at(word.in_s)))}%`;
      return item;
    }));
    this.#fit();
  }
  #fit() { // of words that would lie over each other the later one waits on the second line, then is left out of sight
    const ends = [-1, -1];
    for (const item of this.part("words").children) {
      const first = item.offsetLeft, end = first + item.firstChild.offsetWidth;
      const row = ends.findIndex((taken) => first > taken);
      item.classList.toggle("lower", row === 1);
      item.classList.toggle("off", row === -1);
      if (row !== -1) ends[row] = end + 4;
    }
  }
  #draw_head() {
    if (!this.stretch) return;
    const place = this.part("timecode"), now = this.clock.at(this.shown);
    if (document.activeElement !== place) place.value = now;
    this.part("head").style.left = `${Math.min(100, Math.max(0, this.#left(this.shown)))}%`;
    const { in: first, out: end } = this.marks, band = this.part("band");
    band.hidden = first === null && end === null;
    const left = this.#left(first ?? this.stretch.from), right = this.#left(end ?? this.stretch.to);
    band.style.left = `${left}%`;
    band.style.width = `${right - left}%`;
    band.classList.toggle("opens", first !== null);
    band.classList.toggle("closes", end !== null);
    const wave = this.part("wave");
    wave.setAttribute("aria-valuemin", this.stretch.from);
    wave.setAttribute("aria-valuemax", this.last);
    wave.setAttribute("aria-valuenow", this.shown);
    wave.setAttribute("aria-valuetext", now);
    const second = this.seconds(this.shown + 0.5);
    [...this.part("words").children].forEach((item, n) => item.classList.toggle("now", this.#words[n] && this.#words[n].in_s <= second && second < this.#words[n].out_s));
  }

  /** Play from a moment of the clip, in seconds. */
  async from_second(second) { await this.seek(this.frame_at(second)); return this.play(1); }

  // ---- hands

  #controls() {
    const does = {
      toggle: () => this.toggle(), back: () => this.backward(), forward: () => this.forward(), stop: () => this.pause(),
      left: () => this.step(-1), right: () => this.step(1), in: () => this.mark("in"), out: () => this.mark("out"),
    };
    this.root.addEventListener("click", (event) => does[event.target.closest("[data-do]")?.dataset.do]?.());
    for (const video of this.#videos) video.addEventListener("click", () => this.stretch && this.toggle());
    const wave = this.part("wave");
    const at = (event) => { const box = wave.getBoundingClientRect(); return this.stretch.from + Math.floor(((event.clientX - box.left) / box.width) * (this.stretch.to - this.stretch.from)); };
    let was = false, down = false;
    wave.addEventListener("pointerdown", (event) => { if (!this.stretch) return; down = true; was = this.playing; this.pause(); wave.setPointerCapture(event.pointerId); this.#scrub(at(event)); });
    wave.addEventListener("pointermove", (event) => down && this.#scrub(at(event)));
    for (const end of ["pointerup", "pointercancel"]) wave.addEventListener(end, () => { if (!down) return; down = false; if (was) setTimeout(() => this.play(1), SNIP_MS); });
    const clock = this.part("timecode");
    clock.addEventListener("focus", () => clock.select());
    clock.addEventListener("blur", () => this.#draw_head());
    clock.addEventListener("keydown", (event) => { if (event.key === "Escape") clock.blur(); });
    clock.form.addEventListener("submit", (event) => { event.preventDefault(); this.#typed(clock); });
  }
  #scrub(frame) {
    this.seek(frame);
    this.#ear ??= new Audio();
    if (this.#ear.dataset.movie !== this.stretch.clip.movie) { this.#ear.dataset.movie = this.stretch.clip.movie; this.#ear.src = this.stretch.clip.movie; }
    this.#ear.currentTime = this.seconds(this.#want);
    this.#ear.play().catch(() => {});
    clearTimeout(this.#snip);
    this.#snip = setTimeout(() => this.#ear.pause(), SNIP_MS);
  }
  get scrubbed() { return this.#ear; }
  #typed(clock) {
    const frame = this.stretch && this.clock.frame(clock.value, this.now);
    if (frame === null || frame === undefined) return say(this.texts.no_timecode.replace("{typed}", clock.value));
    if (frame < this.stretch.from || frame > this.last)
      return say(this.texts.outside.replace("{first}", this.clock.at(this.stretch.from)).replace("{last}", this.clock.at(this.last)));
    this.pause();
    clock.blur();
    return this.seek(frame);
  }

  /** The keys of whoever cuts: they work wherever nobody types. */
  keys() {
    const second = () => Math.round(this.stretch.clip.rate[0] / this.stretch.clip.rate[1]);
    const bind = (name, run) => key(name, (event) => { if (this.stretch) run(event); });
    bind(" ", () => this.toggle());
    bind("j", () => this.backward());
    bind("k", () => this.stop_key());
    bind("l", () => this.forward());
    bind("ArrowLeft", (event) => this.step(event.shiftKey ? -second() : -1));
    bind("ArrowRight", (event) => this.step(event.shiftKey ? second() : 1));
    bind("Home", () => { this.pause(); this.seek(this.stretch.from); });
    bind("End", () => { this.pause(); this.seek(this.last); });
    bind("i", () => this.mark("in"));
    bind("o", () => this.mark("out"));
    bind("x", () => this.unmark());
    bind("t", () => this.part("timecode").focus());
    document.addEventListener("keyup", (event) => { if (event.key.toLowerCase() === "k") this.#held = false; });
  }
}

/** Small waves where a sound has no picture: drawn when they come into sight. */
export function tiles(root) {
  const near = new IntersectionObserver(async (seen) => {
    for (const { target, isIntersecting } of seen) {
      if (!isIntersecting) continue;
      near.unobserve(target);
      const { id, start, end } = target.dataset, { columns } = await look(`/api/peaks/${id}?start_s=${start}&end_s=${end}&columns=80`).catch(() => ({ columns: [] }));
      target.width = 320;
      target.height = 180;
      const pen = target.getContext("2d"), top = Math.max(24, ...columns.flat().map(Math.abs));
      pen.fillStyle = getComputedStyle(target).color;
      columns.forEach(([low, high], n) => pen.fillRect(n * 4, 90 - (high / top) * 56, 2, Math.max(1, ((high - low) / top) * 56)));
    }
  }, { rootMargin: "200px" });
  for (const one of root.querySelectorAll("canvas.sound")) near.observe(one);
}

const later = (ms) => new Promise((ready) => setTimeout(ready, ms));
const known = new Map();
/** The words that were heard in a clip, once. */
export function heard(clip) {
  if (!known.has(clip.id)) known.set(clip.id, look(`/api/words/${clip.id}`).then((found) => found.words));
  return known.get(clip.id);
}
