// Report: have it made, see how far that is; once all three plates were on the screen, that is kept with whoever looked.
import { again, api, live, say, seen, wrong } from "/static/room.js";
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
  told.replaceChildren(waits ? words.queued : `${mine.what || words.working} `, Object.assign(document.createElement("b"), { textContent: waits ? "" : `${Math.floor(mine.done * 100)} %` }));
  page.querySelector(".progress i").style.width = `${mine.done * 100}%`;
});

// What somebody decides while this is read is said, and nothing is taken from under anybody's eyes.
const anew = () => { if (page.dataset.made) say(words.anew); };
live("drafts", anew);
live("record", (now) => { if (now.n > seen) anew(); });

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
