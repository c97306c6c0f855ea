// Has the gateway make a code and send it, and checks what was entered. Node 18 or newer, nothing to install.
//
//   ESKIZ_GATEWAY_KEY=… node verify.mjs start +998901234567
//   ESKIZ_GATEWAY_KEY=… node verify.mjs check +998901234567 123456

import { pathToFileURL } from "node:url";

const gateway = process.env.ESKIZ_GATEWAY_URL ?? "http://127.0.0.1:8080";
const key = process.env.ESKIZ_GATEWAY_KEY ?? "";

/** True if a code is on its way. Asked for again before it was entered, it is the same code. */
export async function startVerification(phone, { purpose, clientIp } = {}) {
  const answer = await ask("/v1/verifications", { to: phone, purpose, client_ip: clientIp });
  return answer !== null;
}

/** True if this is the code that was sent, once. */
export async function checkCode(phone, code, { purpose } = {}) {
  const answer = await ask("/v1/verifications/check", { to: phone, code: String(code).trim(), purpose });
  return answer?.valid === true;
}

async function ask(path, order) {
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
  let response;
  try {
    response = await fetch(gateway + path, {
      method: "POST",
      headers,
      body: JSON.stringify(order),
      signal: AbortSignal.timeout(30_000),
    });
  } catch (error) {
    console.error(`no gateway at ${gateway}: ${error.cause?.message ?? error.message}`);
    return null;
  }
  // A proxy between may answer with a page of its own.
  const answer = await response.json().catch(() => ({}));
  if (response.ok) return answer;
  console.error(`${answer.code ?? response.status}: ${answer.detail ?? "the answer is not the gateway's"}`);
  return null;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const [what, phone, code] = process.argv.slice(2);
  if (!phone || (what !== "start" && !(what === "check" && code))) {
    console.error("usage: node verify.mjs start PHONE | check PHONE CODE");
    process.exit(64);
  }
  process.exit((what === "start" ? await startVerification(phone) : await checkCode(phone, code)) ? 0 : 1);
}
