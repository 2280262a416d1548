// An open page that comes back to the front asks whether its reader is still signed in.
import { reader } from "./phrases.js";

const WHO = { 204: "reader", 401: "nobody", 409: "other" };

// Who is signed in here: the reader of this page, somebody else, or nobody; "" when nobody answers. What a browser
// says of its network is not believed: without any network it calls itself offline and still reaches its own
// machine, and with one the server may be gone all the same.
export async function whoIsHere() {
  try {
    const answer = await fetch(`/still-here?whose=${encodeURIComponent(reader())}`, { cache: "no-store" });
    return WHO[answer.status] ?? "reader"; // an answer that says nothing of it signs nobody out
  } catch {
    return "";
  }
}

// seen is called with who is here, unless the server cannot be reached: offline is not signed out.
export function watch(seen) {
  const look = async () => {
    if (document.visibilityState !== "visible") return;
    const who = await whoIsHere();
    if (who) seen(who);
  };
  document.addEventListener("visibilitychange", look);
  addEventListener("pageshow", (event) => event.persisted && look());
}
