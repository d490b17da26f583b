// The board goes on by itself: when somebody writes in the record, and while the machine works.
import { api, live, say } from "/static/room.js";

document.getElementById("prep")?.addEventListener("click", async () => {
  try { await api("/api/prep", {}); say("The machine has begun."); } catch (error) { say(error.message); }
});
const again = () => { if (!document.querySelector("dialog[open]")) location.reload(); };
live("record", again);
live("drafts", again);
live("prep", (now) => { const place = document.getElementById("at-work"); if (!now || !place) return again();
  place.replaceChildren(place.firstElementChild, ...now.stages.map((one) => Object.assign(document.createElement("p"), { textContent: `${one.says}: ${one.done} / ${one.total}` }))); });
