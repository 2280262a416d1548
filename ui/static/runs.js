// A run that goes on: its bar moves while the page is open, and the result comes when it is there.
import { announce } from "./phrases.js";

const EVERY = 1500; // milliseconds between two looks
const PATIENCE = 4; // looks that may fail before the page says so

const going = document.getElementById("going");
const bar = document.getElementById("bar");
const howFar = document.getElementById("how-far");
const away = document.getElementById("away");
let failed = 0;
let announced = -1; // tenths of the way

function show({ done, total, said }) {
  if (total) {
    bar.max = total;
    bar.value = done;
  }
  howFar.textContent = said;
  const tenth = total ? Math.floor((10 * done) / total) : 0;
  if (tenth > announced) announce(said);
  announced = Math.max(announced, tenth);
}

async function look() {
  try {
    const answer = await fetch(going.dataset.progress, { cache: "no-store" });
    if (answer.redirected || answer.status === 404) return location.replace(location.pathname);
    const now = await answer.json();
    failed = 0;
    away.hidden = true;
    if (now.state !== "running") return location.replace(location.pathname);
    show(now);
  } catch {
    failed += 1;
    away.hidden = failed < PATIENCE;
  }
  setTimeout(look, EVERY);
}

setTimeout(look, EVERY);
