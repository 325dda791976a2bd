// What the scripts of the Node clients share; as trial.py.
import assert from "node:assert/strict";

const { COUNTERSIGN_URL: URL, COUNTERSIGN_KEY: KEY, COUNTERSIGN_PERSON: PERSON } = process.env;
export const NINO = "AB123456C";
export const QUESTION = `What is on file for ${NINO}?`;
export const TOO_LONG = "This is too long for the model.";
export const TOO_MANY = "There are too many of these.";
export const SLOW = "Answer slowly, please.";
export const BIT_BY_BIT =
  "Say this bit by bit, as it is a text of some length: one, two, three, four, five, six, seven.";
export const NAMED = ["Ann Lee called on Monday.", "The hearing of Ann Lee, at ten, is on Tuesday."];
export const POLICIES = ["notes", "notes-azure", "notes-mistral", "notes-vllm", "notes-anthropic"];

export const SEARCHES = ["search-notes", "search-notes-azure", "search-notes-vllm"];

export function record(reference) {
  assert.equal(reference, NINO);
  return `Nothing is recorded for ${reference}.`;
}

export function checkAnswer(text) {
  assert.match(text, new RegExp(`Nothing is recorded for ${NINO}\\.`));
}

// The vectors that the provider makes of NAMED without the name, in their order.
export function checkVectors(found, length = 3) {
  const read = NAMED.map((text) => text.replace("Ann Lee", "<PERSON>"));
  const vectors = read.map((text) => [text.length, text.split(" ").length - 1, 0.5].slice(0, length));
  assert.deepEqual(found, vectors);
}

export async function feature(name, check) {
  if (process.env.ONLY && !process.env.ONLY.split(" ").includes(name)) return;
  const began = performance.now();
  let note = null;
  let failed = null;
  try {
    note = (await check()) ?? null;
  } catch (error) {
    if (process.env.VERBOSE) console.error(error);
    failed = `${error.name}: ${error.message}`.slice(0, 600);
  }
  const seconds = Math.round((performance.now() - began) / 10) / 100;
  console.log(JSON.stringify({ feature: name, note, failed, seconds }));
}

export async function asked() {
  return Number(await (await fetch(process.env.COUNTERSIGN_PROVIDER_COUNT)).text());
}

// The error that `ask` raises, and how often the provider was asked for it.
export async function refused(ask) {
  const before = await asked();
  try {
    await ask();
  } catch (error) {
    return [error, (await asked()) - before];
  }
  throw new Error("nothing was raised");
}

export async function accept(advice) {
  await call(`/v1/advice/${advice}/decisions`, PERSON, { decision: "accept" });
}

export async function released(advice) {
  return (await call(`/v1/advice/${advice}`, KEY)).completion;
}

async function call(path, token, body) {
  const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/json" };
  const method = body === undefined ? "GET" : "POST";
  const answer = await fetch(URL + path, { method, headers, body: body && JSON.stringify(body) });
  assert.ok(answer.ok, `${path}: ${answer.status}`);
  return answer.json();
}
