// The first minute: make a passkey, or show one.
import { api, create, get, sign, say, wrong } from "/static/room.js";

const make = document.getElementById("make");
make?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = make.querySelector("button");
  button.disabled = true;
  try {
    const name = make.elements.name.value.trim();
    const options = await api("/api/passkey/make", { name });
    const credential = await create(options);
    const offer = await api("/api/passkey/made", { name, credential });
    if (offer.waits) {
      say(offer.waits);
      new EventSource("/api/live").addEventListener("record", async () => {
        if ((await api("/api/passkey/mine", {})).person) location.href = "/";
      });
      return;
    }
    await sign(offer, { at_once: true });
    if (offer.next) await sign(await api(offer.next, {}), { at_once: true });
    location.href = "/thought";
  } catch (error) { wrong(make, error); } finally { button.disabled = false; }
});

const show = document.getElementById("show");
show?.addEventListener("click", async () => {
  try {
    const assertion = await get(await api("/api/passkey/ask", {}));
    await api("/api/passkey/shown", { assertion });
    location.href = "/";
  } catch (error) { wrong(show.closest("section"), error); }
});
