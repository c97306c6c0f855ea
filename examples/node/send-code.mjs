// Sends a code through the gateway. Node 18 or newer, nothing to install.
//
//   ESKIZ_GATEWAY_KEY=… node send-code.mjs +998901234567 123456

import { randomUUID } from "node:crypto";
import { pathToFileURL } from "node:url";

const gateway = process.env.ESKIZ_GATEWAY_URL ?? "http://127.0.0.1:8080";
const key = process.env.ESKIZ_GATEWAY_KEY ?? "";
const lost = new Set(["failed", "expired", "cancelled", "undelivered"]);

/** True once the gateway has the code safely and Eskiz has not refused it. */
export async function sendCode(phone, code) {
  const body = JSON.stringify({ to: phone, text: `Sizning tasdiqlash kodingiz: ${code}`, lane: "otp" });
  const headers = {
    authorization: `Bearer ${key}`,
    "content-type": "application/json",
    prefer: "wait=10",
    // The same for both tries: the second cannot send the code again.
    "idempotency-key": randomUUID(),
  };
  for (let attempt = 1; ; attempt++) {
    let response;
    try {
      response = await fetch(`${gateway}/v1/messages`, { method: "POST", headers, body, signal: AbortSignal.timeout(30_000) });
    } catch (error) {
      if (attempt === 1) continue;
      console.error(`no gateway at ${gateway}: ${error.cause?.message ?? error.message}`);
      return false;
    }
    // A proxy between may answer with a page of its own.
    const answer = await response.json().catch(() => ({}));
    if (!response.ok || !answer.id) {
      console.error(`${answer.code ?? response.status}: ${answer.detail ?? "the answer is not the gateway's"}`);
      return false;
    }
    console.log(`message ${answer.id} is ${answer.status}`);
    return !lost.has(answer.status);
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const [phone, code] = process.argv.slice(2);
  if (!phone || !code) {
    console.error("usage: node send-code.mjs PHONE CODE");
    process.exit(64);
  }
  process.exit((await sendCode(phone, code)) ? 0 : 1);
}
