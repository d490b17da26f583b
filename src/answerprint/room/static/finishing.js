// What the pages of the finish share: the machine's work while it runs, and a person's answer to one piece.
import { again, api, key, live, say, seen, wrong } from "/static/room.js";

/** A list of versions that is too long for a line. */
for (const one of document.querySelectorAll("select.goes")) one.addEventListener("change", () => { location.href = one.value; });

/** Whether somebody is writing, listening or looking: then nothing is shown anew under their hands. */
const hands = () => Boolean(document.querySelector("dialog[open], :focus:is(input, textarea, select)")) || [...document.querySelectorAll("video")].some((one) => !one.paused) || Boolean(document.querySelector("[data-runs]"));
let mine = 0; // entries that this page wrote
const others = () => say(document.querySelector("[data-others]")?.dataset.others ?? "");

/** The machine's work: begin, stop, how far it is. `asks` gives what goes with the beginning. */
export function working(asks = () => ({})) {
  const place = document.querySelector(".work");
  if (!place) return;
  const { job, what } = place.dataset, begin = place.querySelector(".begin");
  begin?.addEventListener("submit", async (event) => {
    event.preventDefault();
    begin.querySelector(".wrong").hidden = true;
    try { await api(place.dataset.start, asks(new FormData(begin))); again(); } catch (error) { wrong(begin, error); }
  });
  place.querySelector(".stop")?.addEventListener("click", async () => { try { await api("/api/made/stop", { what }); again(300); } catch (error) { say(error.message); } });
  live("work", (now) => {
    const mine = now[job], works = Boolean(mine && mine.state !== "wrong");
    if (works !== Boolean(place.dataset.busy)) return hands() ? others() : again();
    const told = place.querySelector(".doing");
    if (!works || !told) return;
    const waits = mine.state === "waits";
    told.replaceChildren(waits ? place.dataset.queued : `${mine.what || place.dataset.working} `, Object.assign(document.createElement("b"), { textContent: waits ? "" : `${Math.floor(mine.done * 100)} %` }));
    place.querySelector(".progress i").style.width = `${mine.done * 100}%`;
  });
}

/** One piece as somebody answers it. Gives a function that shows whose turn it is: `show(piece)`. */
export function answering(form, { on = () => {} } = {}) {
  if (!form) return () => {};
  let piece = null;
  const part = (name) => form.querySelector(name), leave = part(".leave"), back = part(".back");
  const show = (one) => {
    piece = one;
    form.hidden = !one;
    if (!one) return;
    part(".wrong").hidden = true;
    part(".refused").hidden = !one.refused;
    part(".refused span").textContent = one.refused?.because ?? "";
    part(".refused cite").textContent = one.refused?.by ?? "";
    leave.hidden = Boolean(one.refused);
    back.hidden = !one.refused;
    form.elements.because.value = "";
  };
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const undo = Boolean(piece?.refused);
    try {
      const body = { what: form.dataset.what, about: piece.about, because: form.elements.because.value };
      const said = await api(undo ? "/api/made/take-back" : "/api/made/refuse", body);
      mine += 1;
      piece.refused = undo ? null : said;
      show(piece);
      (undo ? leave : back).focus();
      on(piece);
    } catch (error) { wrong(form, error); }
  });
  key("r", () => { if (piece && !piece.refused) leave.click(); });
  key("b", () => { if (piece?.refused) back.click(); });
  return show;
}

/** What others wrote is told; nothing is shown anew by itself. `busy`: whether this page is in the middle of something of its own. */
export function going_on(busy = () => false) {
  live("record", (now) => { if (now.n > seen + mine && !busy() && !hands()) others(); });
}
