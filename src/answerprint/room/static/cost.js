// Cost: bring a budget, say who sees it; bring, show and erase one's own hours.
import { again, api, wrong } from "/static/room.js";
import { bring } from "/static/bring.js";

bring("bring", "/api/report/cost/bring", () => again());
bring("bring-hours", "/api/report/cost/hours", () => again());
const on = (id, path, body = () => ({})) => document.getElementById(id)?.addEventListener("click", async (event) => {
  const button = event.currentTarget;
  try { await api(path, body(button)); again(); } catch (error) { wrong(button.closest("form"), error); }
});
on("share", "/api/report/cost/share", (button) => ({ crew: button.value === "yes" }));
on("show-hours", "/api/report/cost/hours/show", (button) => ({ yes: button.value === "yes" }));
on("erase-hours", "/api/report/cost/hours/erase");
