// Between Gradio's client and the network. When a request breaks, Gradio would wait for the server and then
// reload the whole page, and with it throw away what somebody was writing. Here a break becomes an ordinary
// failed answer: Gradio goes on, and we say in our own words what happened.

const JOIN = "/gradio_api/queue/join";
const DATA = "/gradio_api/queue/data";
const network = window.fetch.bind(window);
const open = new Set(); // ids of events whose answer has not come yet

const refusal = () => new Response('{"detail":""}', { status: 503, headers: { "content-type": "application/json" } });

async function join(input, init, report) {
  let answer;
  try {
    answer = await network(input, init);
  } catch {
    report(0, "");
    return refusal();
  }
  const said = await answer.clone().json().catch(() => ({}));
  if (answer.ok) open.add(said.event_id);
  else report(answer.status, typeof said.detail === "string" ? said.detail : "");
  return answer;
}

// What ends every open event in Gradio's own protocol.
function farewell() {
  const lines = [...open].map((id) => ({
    msg: "process_completed",
    event_id: id,
    output: { error: "", visible: false },
    success: false,
    title: "",
  }));
  open.clear();
  const all = [...lines, { msg: "close_stream", event_id: null }];
  return new TextEncoder().encode(all.map((line) => `data: ${JSON.stringify(line)}\n\n`).join(""));
}

function note(text) {
  if (!text.includes("process_completed")) return;
  for (const id of open) if (text.includes(id)) open.delete(id);
}

async function pump(answer, controller, report) {
  const decoder = new TextDecoder();
  const encoder = new TextEncoder();
  let rest = "";
  try {
    const reader = answer.body.getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      const lines = (rest + decoder.decode(part.value, { stream: true })).split("\n");
      rest = lines.pop(); // a line that broke off is never passed on
      lines.forEach((line) => {
        note(line);
        controller.enqueue(encoder.encode(`${line}\n`));
      });
    }
  } catch {
    // said below
  }
  if (open.size) {
    report(answer?.status === 401 ? 401 : 0, "");
    controller.enqueue(farewell());
  }
  controller.close();
}

async function data(input, init, report) {
  const answer = await network(input, init).catch(() => null);
  const whole = answer?.ok ? answer : { status: answer?.status ?? 0, body: new Response("").body };
  const body = new ReadableStream({ start: (controller) => void pump(whole, controller, report) });
  return new Response(body, { headers: { "content-type": "text/event-stream" } });
}

// report(status, sentence) is called when an answer cannot come; status 0 is a broken connection.
export function watchTheWire(report) {
  window.fetch = (input, init) => {
    const address = String(input?.url ?? input);
    if (address.includes(JOIN)) return join(input, init, report);
    if (address.includes(DATA)) return data(input, init, report);
    return network(input, init);
  };
}
