// Supers: every version's supers over its picture, and a person's answer to each version's.
import { answering, going_on, working } from "/static/finishing.js";

const page = document.getElementById("supers"), words = JSON.parse(page.dataset.words), pieces = JSON.parse(document.getElementById("data").textContent);
working((form) => ({ data: form.get("data") ?? "" }));
going_on();

const place = document.getElementById("answers");
if (place) {
  const answer = answering(place.querySelector(".answer"), { on: (piece) => {
    const market = [...document.querySelectorAll(".market")].find((one) => one.dataset.version === piece.about), state = market.querySelector(".state");
    market.classList.toggle("refused", Boolean(piece.refused));
    state.hidden = !piece.refused;
    state.textContent = piece.refused ? words.left.replace("{name}", piece.refused.by) : "";
  } });
  for (const one of document.querySelectorAll(".opens")) one.addEventListener("click", () => {
    const was = one.getAttribute("aria-expanded") === "true";
    for (const other of document.querySelectorAll(".opens")) other.setAttribute("aria-expanded", "false");
    one.setAttribute("aria-expanded", String(!was));
    place.hidden = was;
    one.after(place);
    answer(was ? null : pieces[one.value]);
  });
}
