// Vercel's AI SDK, over chat completions.
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { generateText } from "ai";

const countersign = createOpenAICompatible({
  name: "countersign",
  baseURL: process.env.OPENAI_BASE_URL,
  apiKey: process.env.OPENAI_API_KEY,
  supportsStructuredOutputs: true,
  includeUsage: true,
});
const headers = { "X-Countersign-Case": "2026/0042", "X-Countersign-Subjects": '["Ann Lee"]' };
const { text } = await generateText({ model: countersign("notes"), prompt: "Ann Lee called.", headers });
console.log(text);

// The checks
import assert from "node:assert/strict";
import { APICallError, embed as embedOne, embedMany, Output, RetryError, stepCountIs, streamText, tool } from "ai";
import { z } from "zod";
import * as trial from "./trial.mjs";

const { feature, refused, NINO, POLICIES, QUESTION } = trial;
const schema = z.object({ reference: z.string(), pages: z.int() });
const wanted = { reference: NINO, pages: 3 };
const look_up = tool({
  description: "What the record says under a reference.",
  inputSchema: z.object({ reference: z.string() }),
  execute: async ({ reference }) => trial.record(reference),
});
const agent = { tools: { look_up }, stopWhen: stepCountIs(5) };
const ask = (prompt, policy = "notes", more = {}) =>
  generateText({ model: countersign(policy), prompt, ...more });

// A stream's errors are events; here they are thrown.
async function streamed(prompt, policy = "notes", more = {}) {
  let failure;
  const onError = ({ error }) => (failure = error);
  const result = streamText({ model: countersign(policy), prompt, onError, ...more });
  let text = "";
  for await (const part of result.textStream) text += part;
  if (failure) throw failure;
  return { text, usage: await result.usage };
}

// The server's answer, which is wrapped where the SDK has tried again.
function refusal(error) {
  const last = RetryError.isInstance(error) ? error.lastError : error;
  assert.ok(APICallError.isInstance(last), String(error));
  return { status: last.statusCode, ...JSON.parse(last.responseBody).error };
}

await feature("chat", async () => {
  for (const policy of POLICIES) {
    const { text, usage } = await ask(QUESTION, policy);
    assert.ok(text.includes(NINO));
    assert.equal(usage.totalTokens, 30);
  }
});

await feature("stream", async () => {
  for (const policy of POLICIES) {
    const { text, usage } = await streamed(QUESTION, policy);
    assert.ok(text.endsWith(QUESTION));
    assert.equal(usage.totalTokens, 30);
  }
});

await feature("tools", async () => {
  for (const policy of POLICIES) {
    trial.checkAnswer((await ask(QUESTION, policy, agent)).text);
    trial.checkAnswer((await streamed(QUESTION, policy, agent)).text);
  }
});

await feature("structured", async () => {
  const output = Output.object({ schema });
  for (const policy of POLICIES) {
    const result = await ask(QUESTION, policy, { output });
    assert.deepEqual(result.output, wanted);
  }
});

await feature("errors", async () => {
  for (const one of [ask, streamed]) {
    const [long, once] = await refused(() => one(trial.TOO_LONG));
    assert.deepEqual([refusal(long).code, once], ["context_length_exceeded", 1]);
    const [many, times] = await refused(() => one(trial.TOO_MANY));
    assert.deepEqual([refusal(many).code, times], ["rate_limit_exceeded", 3]); // it repeats every 429
  }
});

await feature("held", async () => {
  for (const one of [ask, streamed]) {
    const output = Output.object({ schema });
    const [error, times] = await refused(() => one(QUESTION, "letters", { output }));
    const { status, code, review_url } = refusal(error);
    assert.deepEqual([status, code, times], [409, "advice_held", 1]);
    assert.ok(review_url);
  }
});

await feature("receipt", async () => {
  const { text, response } = await ask(QUESTION, "letters");
  assert.ok(!text.includes(NINO));
  assert.equal(response.headers["x-advice-status"], "pending");
});

await feature("released", async () => {
  const [error] = await refused(() => ask(QUESTION, "letters", agent));
  const { advice } = refusal(error);
  await trial.accept(advice);
  trial.checkAnswer((await trial.released(advice)).choices[0].message.content);
});

await feature("timeout", async () => {
  const before = await trial.asked();
  await assert.rejects(ask(trial.SLOW, "notes", { abortSignal: AbortSignal.timeout(1000) }));
  assert.ok((await ask(trial.SLOW)).text.endsWith(trial.SLOW));
  assert.equal(await trial.asked(), before + 1);
});

await feature("cancel", async () => {
  const abort = new AbortController();
  const prompt = trial.BIT_BY_BIT;
  const result = streamText({ model: countersign("notes"), prompt, abortSignal: abort.signal, onError() {} });
  for await (const _ of result.textStream) abort.abort();
  assert.ok((await ask(QUESTION)).text.includes(NINO));
});

await feature("embeddings", async () => {
  const embed = async (policy, more) => {
    const model = countersign.embeddingModel(policy);
    return (await embedMany({ model, values: trial.NAMED, headers, ...more })).embeddings;
  };
  for (const policy of trial.SEARCHES) {
    trial.checkVectors(await embed(policy));
    trial.checkVectors(await embed(policy, { providerOptions: { countersign: { dimensions: 2 } } }), 2);
    const model = countersign.embeddingModel(policy);
    const each = trial.NAMED.map((value) => embedOne({ model, value, headers }));
    trial.checkVectors((await Promise.all(each)).map(({ embedding }) => embedding));
  }
  const [error, times] = await refused(() => embed("notes"));
  assert.deepEqual([refusal(error).code, times], ["embeddings_not_allowed", 0]);
});
