// Versions: tables to read, and a version to add.
import { again, api, say, wrong } from "/static/room.js";
import { going_on } from "/static/finishing.js";

going_on();
const form = document.getElementById("add");
form?.elements.differs.addEventListener("change", () => { for (const one of form.querySelectorAll("[data-for]")) one.hidden = one.dataset.for !== form.elements.differs.value; });
form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  form.querySelector(".wrong").hidden = true;
  try {
    const done = await api("/api/finish/versions/add", Object.fromEntries(new FormData(form)));
    say(done.says.join(" "));
    again(1500);
  } catch (error) { wrong(form, error); }
});
