// Reflect: what the browser adds to Gradio's page. Nothing here is kept in the browser's storage.
import { localDates } from "./dates.js";
import { watch, whoIsHere } from "./door.js";
import { announce, deadline, keepLanguage, limit, number, phrase } from "./phrases.js";
import * as sheet from "./sheet.js";
import * as turn from "./turn.js";
import { watchTheWire } from "./wire.js";

const part = (id) => document.getElementById(id);
const box = () => document.querySelector("#words textarea");
const MARGIN = 24; // pixels above what is scrolled to, as in paper.css
const SETTLED = 150; // milliseconds until Gradio has given the box its own height
const GRACE_SECONDS = 20; // after the deadline of a turn, before we call the connection lost
let waiting = null;
let lastShown = "";
let lastNotice = "";

function length(text) {
  let count = 0;
  for (const _ of text) count += 1; // code points, as the server counts
  return count;
}

function say(text, kind = "wrong") {
  const place = part("status");
  place.className = kind;
  place.textContent = text;
  if (text) part("notice").classList.add("stale");
}

function think(on) {
  clearTimeout(waiting);
  waiting = on ? setTimeout(() => failed(phrase("failure.lost")), (deadline() + GRACE_SECONDS) * 1000) : null;
  document.body.classList.toggle("thinking", on);
  box().readOnly = on;
  part("send").setAttribute("aria-disabled", String(on));
  if (on) say(phrase("reflect.thinking"), "thinking-line");
}

function failed(text) {
  think(false);
  say(text);
}

// A browser on a machine without any network calls itself offline, and still reaches this machine.
const LOCAL = ["127.0.0.1", "localhost", "[::1]"].includes(location.hostname);

// Runs before Gradio hears of the click, and keeps the click when there is nothing it could do.
function beforeSend(event) {
  const used = length(box().value);
  let why = "";
  if (document.body.classList.contains("thinking")) why = null;
  else if (!box().value.trim()) why = phrase("failure.empty");
  else if (used > limit()) {
    const numbers = { used: number(used), limit: number(limit()) };
    why = phrase("failure.too_long", numbers);
  } else if (!navigator.onLine && !LOCAL) why = phrase("failure.offline");
  if (why === "") {
    think(true);
    return;
  }
  event.stopImmediatePropagation();
  event.preventDefault();
  if (why) say(why);
}

function count() {
  const used = length(box().value);
  const place = part("counter");
  place.textContent = used > limit() * 0.9 ? phrase("reflect.count", { used: number(used), limit: number(limit()) }) : "";
  place.classList.toggle("over", used > limit());
}

// What was written is out of sight from when its writer is known to be signed out until they are back.
const covered = () => part("thread").hidden;

function cover() {
  part("thread").hidden = true;
  announce(""); // the last answer stands there too
}

// The answer has come, or a conversation was opened.
async function threadChanged() {
  const thread = document.querySelector("#thread .thread");
  if (!thread) return;
  const shown = `${thread.id} ${[...thread.querySelectorAll(".entry")].map((entry) => entry.id)}`;
  if (shown === lastShown) return; // an action under a question, not an answer
  lastShown = shown;
  const answered = document.body.classList.contains("thinking");
  think(false);
  if (covered() && !mayShow(await whoIsHere())) return;
  part("thread").hidden = false;
  say("", "");
  localDates(thread);
  turn.prepare(thread);
  document.body.classList.add("in-conversation");
  const id = thread.id.replace(/^c-/, "");
  const address = new URL(location.href);
  if (address.searchParams.get("c") !== id) {
    address.searchParams.set("c", id);
    history.replaceState(history.state, "", address);
  }
  if (answered) showNewest(thread);
}

// Goes to the first of these places from which all down to `end` can be seen at once.
function goTo(places, end, behavior) {
  const found = places.find((one) => end - one.getBoundingClientRect().top < innerHeight - MARGIN);
  (found ?? places.at(-1)).scrollIntoView({ block: "start", behavior });
}

// A conversation that was opened again goes on at its end: the last question if it fits, and the whole box.
function showEnd() {
  const newest = [...part("thread").querySelectorAll(".entry")].pop();
  if (!newest) return;
  const answer = newest.querySelector(".turn, .signpost");
  const places = [newest, answer, answer?.querySelector(".ask"), part("compose")];
  const below = part("send").offsetHeight * 1.5; // on a phone the button is not where it stands in the page
  goTo(places.filter(Boolean), box().getBoundingClientRect().bottom + below, "auto");
}

function showNewest(thread) {
  const newest = [...thread.querySelectorAll(".entry")].pop();
  const answer = newest?.querySelector(".turn, .signpost");
  if (!answer) return;
  const spoken = [".mirror", ".question", ".signpost-text"].map((kind) => answer.querySelector(kind)?.textContent);
  announce(phrase("reflect.coach_said", { words: spoken.filter(Boolean).join(" ") }));
  newest.classList.add("fresh");
  // The question must be seen: from the top of the page, else from the reflection, else from the answer.
  const places = [document.body, newest, newest.querySelector(".saved"), answer];
  const end = (answer.querySelector(".acts") ?? answer).getBoundingClientRect().bottom;
  goTo(places.filter(Boolean), end, calm() ? "auto" : "smooth");
  lookAt(answer.querySelector(".question, .signpost h2"));
}

// Who sent it goes on reading at the answer; who has gone elsewhere meanwhile is left there.
function lookAt(spoken) {
  const at = document.activeElement;
  if (!spoken || (at !== document.body && !part("compose").contains(at))) return;
  spoken.tabIndex = -1;
  spoken.focus({ preventScroll: true });
}

const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

async function noticeChanged() {
  const notice = part("notice").querySelector(".wrong");
  if (!notice || notice.id === lastNotice) return; // Gradio touches its parts also when nothing is new
  lastNotice = notice.id;
  if (document.body.classList.contains("thinking")) think(false);
  say("", "");
  part("notice").classList.remove("stale");
  announce(notice.textContent.trim()); // not the whole part: Gradio counts seconds in it
  if (covered() && mayShow(await whoIsHere())) part("thread").hidden = false; // an answer too, to who is back
}

// An answer that cannot come: 401 and 404 are for who may not have it (any more), 0 is a connection that broke.
function broke(status, sentence) {
  if (!box()) return;
  if (status === 401 || status === 404) {
    think(false);
    refused(sentence);
  } else if (document.body.classList.contains("thinking")) {
    think(false);
    say(sentence || "", sentence ? undefined : "");
    if (!sentence) lost();
  }
}

async function lost() {
  if (!(await offline()) && !document.body.classList.contains("thinking")) say(phrase("failure.lost"));
}

const ASK_AGAIN = 2000; // milliseconds
let asking = null;
let away = "";

// Says so when the server cannot be reached, and says it again when it can: the network may be gone, or only the
// program.
async function offline() {
  if (await whoIsHere()) return false;
  away = navigator.onLine ? "unreachable" : "offline";
  say(phrase(away === "offline" ? "failure.offline" : "failure.unreachable"));
  asking ??= setInterval(back, ASK_AGAIN);
  return true;
}

async function back() {
  if (asking === null || !(await whoIsHere())) return;
  clearInterval(asking);
  asking = null;
  if (document.body.classList.contains("thinking")) return;
  say(phrase(away === "offline" ? "failure.back_online" : "failure.reachable_again"), "said");
}

// The door before Gradio tells nobody whose page this is, so it is asked here who is signed in now.
async function refused(sentence) {
  const who = await whoIsHere();
  if (mayShow(who)) say(sentence || phrase("failure.lost"));
}

// Whether what stands here may be seen, as far as one knows; who must not see it is told what happened.
function mayShow(who) {
  if (who === "nobody") signedOut();
  if (who === "other") othersHere();
  return who !== "nobody" && who !== "other";
}

// The page came back to the front.
function seen(who) {
  if (!mayShow(who) || !covered()) return;
  part("thread").hidden = false;
  if (!document.body.classList.contains("thinking")) say(phrase("failure.signed_in_again"), "said");
  part("compose").scrollIntoView({ block: "nearest" }); // what is back above it has pushed it down
}

function signedOut() {
  if (!box()?.value.trim()) {
    location.replace("/sign-in");
    return;
  }
  cover();
  say(`${phrase("failure.signed_out")} `);
  const link = document.createElement("a");
  link.href = "/sign-in";
  link.target = "_blank";
  link.textContent = phrase("failure.sign_in_here");
  part("status").append(link, ` ${phrase("failure.then_send")}`);
}

function othersHere() {
  if (!box()?.value.trim()) {
    location.replace("/");
    return;
  }
  cover();
  say(phrase("failure.somebody_else"));
}

function build() {
  const status = document.createElement("p");
  status.id = "status";
  status.setAttribute("role", "status");
  const counter = document.createElement("span");
  counter.id = "counter";
  const keys = document.createElement("span");
  keys.id = "keys";
  keys.textContent = phrase("reflect.keys", { key: /Mac|iPhone|iPad/.test(navigator.platform) ? "⌘" : phrase("reflect.key_control") });
  part("send-row").before(status);
  part("send-row").append(keys, counter);
  box().dir = "auto";
  part("opening")?.remove();
  document.body.classList.add("ready");
}

// Gradio has every link of its Markdown open another tab; ours go on in this one, as on the other pages.
function keepTab(event) {
  const link = event.target.closest("a[target]");
  if (link && link.origin === location.origin) link.removeAttribute("target");
}

function wire() {
  part("thread").addEventListener("click", keepTab, { capture: true });
  part("send").addEventListener("click", beforeSend, { capture: true });
  box().addEventListener("input", count);
  box().addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      part("send").click();
    }
  });
  document.querySelector("a.skip").addEventListener("click", (event) => {
    event.preventDefault();
    box().focus();
  });
  addEventListener("offline", offline);
  addEventListener("online", back);
  addEventListener("beforeunload", (event) => box()?.value.trim() && event.preventDefault());
  const look = { childList: true, subtree: true, characterData: true };
  new MutationObserver(threadChanged).observe(part("thread"), look);
  new MutationObserver(noticeChanged).observe(part("notice"), look);
  turn.listen();
  sheet.listen();
  watch(seen);
}

// A conversation that the address names has to stand there first: words sent before it would begin another one.
const NAMED = new URLSearchParams(location.search).has("c");
const PATIENCE = 20_000; // milliseconds
let begun = false;
let patient = true;

function opened() {
  return !NAMED || !patient || part("thread").querySelector(".own") || part("notice").querySelector(".wrong");
}

// Gradio draws the page by itself; we begin when its textarea stands there.
function begin() {
  if (begun) return true;
  if (!box() || !part("send") || !part("thread") || !part("notice") || !opened()) return false;
  begun = true;
  build();
  wire();
  threadChanged();
  noticeChanged();
  box().focus({ preventScroll: true });
  showEnd();
  setTimeout(showEnd, SETTLED);
  return true;
}

keepLanguage();
watchTheWire(broke);
if (!begin()) {
  const waitForGradio = new MutationObserver(() => begin() && waitForGradio.disconnect());
  waitForGradio.observe(document.body, { childList: true, subtree: true });
  setTimeout(() => {
    patient = false;
    if (begin()) waitForGradio.disconnect();
  }, PATIENCE);
}
