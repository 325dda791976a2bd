// OpenAI's client for Node.
import OpenAI from "openai";

const client = new OpenAI(); // OPENAI_BASE_URL and OPENAI_API_KEY
const answer = await client.chat.completions.create({
  model: "notes", // a policy
  messages: [{ role: "user", content: "Ann Lee called on Monday." }],
  metadata: { case: "2026/0042", subjects: '["Ann Lee"]' },
});
console.log(answer.choices[0].message.content);
console.log(answer.decision_support.review_url);

// The checks
import assert from "node:assert/strict";
import { zodResponseFormat } from "openai/helpers/zod";
import { z } from "zod";
import * as trial from "./trial.mjs";

const { feature, refused, NINO, POLICIES, QUESTION } = trial;
const Summary = z.object({ reference: z.string(), pages: z.int() });
const wanted = { reference: NINO, pages: 3 };
const user = (content) => [{ role: "user", content }];
const tool = {
  type: "function",
  function: {
    name: "look_up",
    description: "What the record says.",
    parse: JSON.parse,
    function: ({ reference }) => trial.record(reference),
    parameters: { type: "object", properties: { reference: { type: "string" } }, required: ["reference"] },
  },
};
const plain = { type: "function", function: { name: "look_up", parameters: tool.function.parameters } };

await feature("chat", async () => {
  for (const model of POLICIES) {
    const answer = await client.chat.completions.create({ model, messages: user(QUESTION) });
    assert.ok(answer.choices[0].message.content.includes(NINO));
    assert.equal(answer.usage.total_tokens, 30);
  }
});

await feature("stream", async () => {
  for (const model of POLICIES) {
    const stream_options = { include_usage: true };
    const stream = client.chat.completions.stream({ model, messages: user(QUESTION), stream_options });
    assert.ok((await stream.finalContent()).endsWith(QUESTION));
    assert.equal((await stream.totalUsage()).total_tokens, 30);
  }
});

await feature("tools", async () => {
  for (const model of POLICIES) {
    for (const stream of [false, true]) {
      const runner = client.chat.completions.runTools({ model, messages: user(QUESTION), tools: [tool], stream });
      trial.checkAnswer(await runner.finalContent());
    }
  }
});

await feature("structured", async () => {
  const response_format = zodResponseFormat(Summary, "summary");
  for (const model of POLICIES) {
    const parsed = await client.chat.completions.parse({ model, messages: user(QUESTION), response_format });
    assert.deepEqual(parsed.choices[0].message.parsed, wanted);
  }
});

await feature("errors", async () => {
  for (const stream of [false, true]) {
    const create = (text) => client.chat.completions.create({ model: "notes", messages: user(text), stream });
    const [long, once] = await refused(() => create(trial.TOO_LONG));
    assert.ok(long instanceof OpenAI.BadRequestError);
    assert.deepEqual([long.code, once], ["context_length_exceeded", 1]);
    const [many, times] = await refused(() => create(trial.TOO_MANY));
    assert.ok(many instanceof OpenAI.RateLimitError);
    assert.deepEqual([many.code, times], ["rate_limit_exceeded", 1]);
  }
});

await feature("held", async () => {
  for (const stream of [false, true]) {
    const response_format = { type: "json_object" };
    const [error, times] = await refused(() =>
      client.chat.completions.create({ model: "letters", messages: user(QUESTION), response_format, stream }),
    );
    assert.ok(error instanceof OpenAI.ConflictError);
    assert.deepEqual([error.code, times], ["advice_held", 1]);
    assert.ok(error.error.review_url);
  }
});

await feature("receipt", async () => {
  const request = client.chat.completions.create({ model: "letters", messages: user(QUESTION) });
  const { data, response } = await request.withResponse();
  assert.equal(response.status, 202);
  assert.equal(data.decision_support.status, "pending");
});

await feature("released", async () => {
  const messages = user(QUESTION);
  const ask = () => client.chat.completions.create({ model: "letters", messages, tools: [plain] });
  const { message } = (await ask()).choices[0];
  const result = { role: "tool", tool_call_id: message.tool_calls[0].id, content: trial.record(NINO) };
  messages.push(message, result);
  const [error] = await refused(ask);
  await trial.accept(error.error.advice);
  trial.checkAnswer((await trial.released(error.error.advice)).choices[0].message.content);
  trial.checkAnswer((await ask()).choices[0].message.content);
});

await feature("timeout", async () => {
  const before = await trial.asked();
  const request = { model: "notes", messages: user(trial.SLOW) };
  const hasty = client.chat.completions.create(request, { timeout: 1000, maxRetries: 0 });
  await assert.rejects(hasty, OpenAI.APIConnectionTimeoutError);
  assert.ok((await client.chat.completions.create(request)).choices[0].message.content.endsWith(trial.SLOW));
  assert.equal(await trial.asked(), before + 1);
});

await feature("cancel", async () => {
  const stream = await client.chat.completions.create({
    model: "notes",
    messages: user(trial.BIT_BY_BIT),
    stream: true,
  });
  for await (const _ of stream) break;
  const answer = await client.chat.completions.create({ model: "notes", messages: user(QUESTION) });
  assert.ok(answer.choices[0].message.content.includes(NINO));
});

await feature("embeddings", async () => {
  const headers = { "X-Countersign-Subjects": '["Ann Lee"]' };
  const create = (model, more) => client.embeddings.create({ model, input: trial.NAMED, ...more }, { headers });
  for (const model of trial.SEARCHES) {
    for (const more of [{}, { encoding_format: "float" }, { dimensions: 2 }]) {
      const { data } = await create(model, more); // base64, unless it says otherwise
      trial.checkVectors(data.map((one) => one.embedding), more.dimensions);
    }
    const { data } = await create(model, { encoding_format: "base64" });
    const floats = ({ embedding }) => {
      const bytes = Buffer.from(embedding, "base64");
      return [0, 4, 8].map((at) => bytes.readFloatLE(at));
    };
    trial.checkVectors(data.map(floats));
  }
  const [error, times] = await refused(() => create("notes"));
  assert.ok(error instanceof OpenAI.PermissionDeniedError);
  assert.deepEqual([error.code, times], ["embeddings_not_allowed", 0]);
});
