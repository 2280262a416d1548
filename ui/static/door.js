// An open page that comes back to the front asks whether its reader is still signed in.

// Whether the server can be reached. What a browser says of its network is not believed: without any network it
// calls itself offline and still reaches its own machine, and with one the server may be gone all the same.
export async function reachable() {
  try {
    await fetch("/still-here", { cache: "no-store" });
    return true;
  } catch {
    return false;
  }
}

export async function stillHere() {
  try {
    return (await fetch("/still-here", { cache: "no-store" })).status !== 401;
  } catch {
    return true; // offline is not signed out
  }
}

// whenOut is called once the reader is known to be signed out.
export function watch(whenOut) {
  const look = async () => {
    if (document.visibilityState === "visible" && !(await stillHere())) whenOut();
  };
  document.addEventListener("visibilitychange", look);
  addEventListener("pageshow", (event) => event.persisted && look());
}
