// Writing over a draft: it is kept as it stands, and the page comes again with whose each passage is by then.
import { api, wrong } from "/static/room.js";

const form = document.getElementById("writing");
form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = form.querySelector("[type=submit]");
  button.disabled = true;
  try {
    await api("/api/drafts/save", { file: form.dataset.file, text: form.elements.text.value, was: form.dataset.was });
    location.reload();
  } catch (error) {
    button.disabled = false;
    wrong(form, error);
  }
});
