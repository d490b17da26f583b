// At the door: somebody of the crew comes back in with their key.
import { api, get, wrong } from "/static/room.js";

const show = document.getElementById("show");
show.addEventListener("click", async () => {
  show.disabled = true;
  try {
    const { ticket, options } = await api("/api/door/ask", {});
    await api("/api/door/shown", { ticket, assertion: await get(options) });
    const to = new URLSearchParams(location.search).get("to") ?? "/"; // where they were; never another room
    location.href = /^\/(?![/\\])/.test(to) ? to : "/";
  } catch (error) { wrong(show.closest("section"), error); } finally { show.disabled = false; }
});
