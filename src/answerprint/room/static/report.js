// Report: have it made, see how far that is; once all three plates were on the screen, that is kept with whoever looked.
import { again, api, live, say, seen, wrong } from "/static/room.js";
import { counting } from "/static/heard.js";
import { Clock } from "/static/timecode.js";
import "/static/finishing.js";

const page = document.getElementById("report"), words = JSON.parse(page.dataset.words), { version, thing, job } = page.dataset;
const make = document.getElementById("make"), told = page.querySelector(".doing");

make?.addEventListener("submit", async (event) => {
  event.preventDefault();
  make.querySelector(".wrong").hidden = true;
  try { await api("/api/report/start", { version }); again(); } catch (error) { wrong(make, error); }
});
document.getElementById("stop")?.addEventListener("click", async () => { try { await api("/api/report/stop", { version }); again(300); } catch (error) { say(error.message); } });
live("work", (now) => {
  const mine = now[job], works = Boolean(mine && mine.state !== "wrong");
  if (!page.dataset.made && works !== Boolean(page.dataset.busy)) return again();
  if (!works || !told) return;
  const waits = mine.state === "waits";
  const does = mine.what || words.working;
  told.replaceChildren(waits ? words.queued : `${does.charAt(0).toUpperCase()}${does.slice(1)} `, Object.assign(document.createElement("b"), { textContent: waits ? "" : `${Math.floor(mine.done * 100)} %` }));
  page.querySelector(".progress i").style.width = `${mine.done * 100}%`;
});

// What somebody writes or chooses while this is read is said, and nothing is taken from under anybody's eyes.
const others = () => { if (page.dataset.made) say(words.others); };
live("drafts", others);
live("record", (now) => { if (now.n > seen) others(); });

// ---- on the screen

const left = new Set(page.querySelectorAll(".plateau[id]"));
async function saw() {
  if (!page.dataset.may || page.dataset.looked || page.dataset.asked) return;
  page.dataset.asked = "1";
  try {
    await api("/api/report/saw", { version, thing });
    page.dataset.looked = "1";
    document.getElementById("looked").textContent = words.looked;
  } catch (error) { say(error.message); }
}
if (left.size) { // a plate is read from its verdict: it was there once that stood in the window, in front
  const watch = new IntersectionObserver((entries) => {
    for (const one of entries) {
      if (!one.isIntersecting || document.visibilityState !== "visible") continue;
      watch.unobserve(one.target);
      left.delete(one.target.closest(".plateau"));
    }
    if (!left.size) saw();
  }, { threshold: 1 });
  const begin = () => { for (const one of left) { watch.unobserve(one.querySelector(".verdict")); watch.observe(one.querySelector(".verdict")); } };
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") begin(); });
  begin();
}

// ---- one moment in every plate: its frame, and a hair where it lies in each strip and line

const clip = JSON.parse(page.dataset.clip), place = document.getElementById("place"), timed = [...page.querySelectorAll(".drawn[data-seconds]")];
if (clip && place) {
  const film = document.querySelector("#moment video"), clock = new Clock(clip, 0), told_at = document.getElementById("clock");
  const [num, den] = clip.rate, second = (frame) => (frame * den) / num;
  let wanted = 0, seeking = false;
  const seek = () => { seeking = true; film.currentTime = second(wanted + 0.5); };
  film.addEventListener("seeked", () => { seeking = false; page.dataset.at = String(wanted); if (Math.abs(film.currentTime - second(wanted + 0.5)) > second(0.4)) seek(); });
  const show = (frame, drawn = true) => {
    wanted = Math.min(Math.max(0, frame), clip.frames - 1);
    place.value = String(wanted);
    told_at.textContent = clock.at(wanted);
    place.setAttribute("aria-valuetext", told_at.textContent);
    for (const one of timed) {
      const hair = one.querySelector(".at"), inner = one.querySelector("svg");
      hair.hidden = !drawn;
      const box = inner.getBoundingClientRect(), own = one.getBoundingClientRect();
      hair.style.left = `${box.left - own.left + (box.width * second(wanted)) / Number(one.dataset.seconds)}px`;
    }
    if (!seeking) seek();
  };
  film.src = clip.movie;
  film.addEventListener("loadeddata", () => show(wanted, false), { once: true });
  place.addEventListener("input", () => show(Number(place.value)));
  addEventListener("resize", () => show(wanted, !timed[0]?.querySelector(".at").hidden));
  for (const one of timed) {
    const go = (event) => {
      const box = one.querySelector("svg").getBoundingClientRect(), t = ((event.clientX - box.left) / box.width) * Number(one.dataset.seconds);
      if (t >= 0 && t <= second(clip.frames)) show(Math.floor((t * num) / den));
    };
    one.addEventListener("pointermove", go);
    one.addEventListener("pointerdown", go);
  }
}

// ---- the beds, heard one at a time where each lies

const beds = [...page.querySelectorAll(".hear")];
if (beds.length) {
  const sound = new Audio();
  let on = null;
  counting(sound, Number(page.dataset.length));
  const hair = () => on.closest("figure").querySelector(".at");
  const quiet = () => { if (on) { on.setAttribute("aria-pressed", "false"); hair().hidden = true; page.removeAttribute("data-runs"); } on = null; };
  for (const one of beds) one.addEventListener("click", () => {
    const same = on === one;
    quiet();
    sound.pause();
    if (same) return;
    on = one;
    one.setAttribute("aria-pressed", "true");
    page.setAttribute("data-runs", "");
    sound.dataset.bed = one.dataset.file;
    sound.src = one.dataset.heard;
    sound.play().catch((error) => { quiet(); say(error.message); });
  });
  sound.addEventListener("ended", quiet);
  sound.addEventListener("timeupdate", () => {
    if (!on || !sound.duration) return;
    const drawn = on.closest("figure").querySelector(".drawn"), wide = drawn.querySelector("svg").getBoundingClientRect().width;
    hair().hidden = false;
    hair().style.left = `${(wide * sound.currentTime) / sound.duration}px`;
  });
}
