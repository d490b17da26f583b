// Side by side: two or more attempts run together, locked where the item begins. The first one gives the time; a loop keeps the others with it.
// A browser that is short of time shows one film's frame late, however well their clocks agree. So what is seen is painted from both at once:
// frames that lie more than one apart are not shown, the pair before them stays until they meet again.
const EVERY_MS = 40; // a look for every frame
const PAINTS = "VideoFrame" in globalThis; // says of a picture which frame it is; a browser without it shows the films as they come

export class Side {
  #shown = new Map(); #loop = 0; #paint = 0;
  constructor(root) { this.root = root; this.mat = root.querySelector(".mat"); }
  get on() { return !this.root.hidden; }

  open(attempts) { this.root.hidden = false; for (const [one, row] of attempts) this.#add(one, row); if (PAINTS) this.#painting(); }
  close() { clearInterval(this.#loop); cancelAnimationFrame(this.#paint); for (const key of [...this.#shown.keys()]) this.#drop(key); this.root.hidden = true; }
  toggle(one, row) { this.#shown.has(one.key) ? this.#shown.size > 1 && this.#drop(one.key) : this.#add(one, row); }

  #add(one, row) {
    const video = Object.assign(document.createElement("video"), { src: one.stretch.clip.movie, playsInline: true, preload: "auto" });
    const figure = document.createElement("figure");
    const canvas = PAINTS && one.stretch.clip.picture ? document.createElement("canvas") : null;
    canvas?.setAttribute("aria-hidden", "true");
    figure.append(video, ...(canvas ? [canvas] : []), Object.assign(document.createElement("figcaption"), { textContent: one.name }));
    this.mat.append(figure);
    row.classList.add("beside-this");
    const rate = one.stretch.clip.rate[0] / one.stretch.clip.rate[1], begins = one.stretch.start / rate;
    const lock = one.line ? Math.floor(one.line[0] * rate) / rate : begins;
    const held = { video, canvas, pen: canvas?.getContext("2d", { alpha: false }), figure, row, rate, lock, before: lock - begins, after: one.stretch.end / rate - lock, painted: null };
    const watch = () => video.requestVideoFrameCallback?.(watch); // as long as somebody asks for every frame, the browser makes every frame
    watch();
    this.#shown.set(one.key, held);
    this.#again();
  }
  #drop(key) { const held = this.#shown.get(key); held.video.pause(); held.video.removeAttribute("src"); held.video.load(); held.figure.remove(); held.row.classList.remove("beside-this"); this.#shown.delete(key); this.#again(); }

  get all() { return [...this.#shown.values()]; }
  get lead() { return this.all[0]; }

  #again() { // the first one is heard; all stand where the shortest run-up to the item begins
    this.stop();
    this.all.forEach((one, n) => { one.video.muted = n > 0; });
    this.rewind();
  }
  rewind() {
    const start = -Math.min(...this.all.map((one) => one.before));
    return Promise.all(this.all.map((one) => this.#seek(one, start)));
  }
  async #seek(one, at) {
    if (!one.video.readyState) await new Promise((ready) => { one.video.addEventListener("loadedmetadata", ready, { once: true }); one.video.addEventListener("error", ready, { once: true }); });
    const came = new Promise((ready) => { one.video.addEventListener("seeked", ready, { once: true }); setTimeout(ready, 2000); });
    one.video.currentTime = one.lock + at + 0.5 / one.rate;
    await came;
  }
  /** All of them so many frames on, by the first one's frames. */
  step(frames) {
    this.stop();
    const { video, lock, rate } = this.lead, at = (Math.floor((video.currentTime - lock) * rate + 1e-6) + frames) / rate;
    return Promise.all(this.all.map((one) => this.#seek(one, at)));
  }
  toggle_play() { this.lead.video.paused ? this.play() : this.stop(); }
  stop() { clearInterval(this.#loop); for (const one of this.all) one.video.pause(); }
  async play() {
    if (this.#ended()) await this.rewind();
    for (const one of this.all) one.video.playbackRate = 1;
    await Promise.all(this.all.map((one) => one.video.play().catch(() => {})));
    clearInterval(this.#loop);
    this.#loop = setInterval(() => this.#keep(), EVERY_MS);
  }
  /** Paint what belongs together: all of them, or none. */
  #painting() {
    this.#paint = requestAnimationFrame(() => this.#painting());
    const all = this.all.filter((one) => one.pen && !one.video.error);
    if (!all.length || all.some((one) => one.video.readyState < 2 || one.video.seeking)) return;
    const frames = all.map((one) => new VideoFrame(one.video)), at = all.map((one, n) => frames[n].timestamp / 1e6 - one.lock);
    const slowest = Math.min(...all.map((one) => one.rate)), apart = (Math.max(...at) - Math.min(...at)) * slowest;
    if (apart < 1.5) all.forEach((one, n) => { // a frame's own time is rounded by its file: less than one and a half is one
      if (one.painted === frames[n].timestamp) return;
      one.painted = frames[n].timestamp;
      const { displayWidth: width, displayHeight: height } = frames[n];
      if (one.canvas.width !== width || one.canvas.height !== height) Object.assign(one.canvas, { width, height });
      one.pen.drawImage(frames[n], 0, 0, width, height);
    });
    for (const one of frames) one.close();
  }
  #ended() { return this.all.some((one) => one.video.currentTime - one.lock >= one.after - 0.5 / one.rate); }
  /** How far each runs before (+) or behind (-) the first, in seconds. */
  apart() { const first = this.lead.video.currentTime - this.lead.lock; return this.all.map((one) => one.video.currentTime - one.lock - first); }
  #keep() {
    if (this.#ended()) return this.stop();
    this.apart().forEach((off, n) => {
      const { video, rate, lock } = this.all[n], frame = 1 / rate;
      if (n === 0) return;
      if (off > 0.6 * frame) return video.pause(); // before the first: it waits
      if (video.paused && off < 0.25 * frame) video.play().catch(() => {});
      if (off < -6 * frame) { video.currentTime = this.lead.video.currentTime - this.lead.lock + lock; video.playbackRate = 1; }
      else video.playbackRate = Math.min(2, Math.max(0.5, 1 - off * 4)); // all of the way in a quarter of a second
    });
  }
}
