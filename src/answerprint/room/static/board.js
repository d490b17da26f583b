// The board goes on by itself: when somebody writes in the record, and while the machine works.
import { again, api, live, say } from "/static/room.js";

document.getElementById("prep")?.addEventListener("click", async () => {
  try { await api("/api/prep", {}); say("The machine has begun."); } catch (error) { say(error.message); }
});
const goOn = () => { if (!document.querySelector("dialog[open]")) again(); };
live("record", goOn);
live("drafts", goOn);
live("prep", (now) => { const place = document.getElementById("at-work"); if (!now || !place) return goOn();
  place.replaceChildren(place.firstElementChild, ...now.stages.map((one) => Object.assign(document.createElement("p"), { textContent: `${one.says}: ${one.done} / ${one.total}` }))); });
