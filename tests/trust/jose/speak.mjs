// Reads questions and writes answers, one JSON object a line; bytes are base64url. What jose refuses is an answer too:
// the code of its error. Any other error is a fault of this script, and ends it.
import { createInterface } from "node:readline";
import { CompactEncrypt, CompactSign, compactDecrypt, compactVerify, importJWK } from "./jose.mjs";

const bytes = (text) => new Uint8Array(Buffer.from(text, "base64url"));
const text = (data) => Buffer.from(data).toString("base64url");
const signing = (key) => importJWK({ kty: "OKP", crv: "Ed25519", ...key }, "Ed25519");
const sealing = (key) => importJWK({ kty: "oct", k: key }, "dir");

const ask = {
  async sign({ header, payload, key }) {
    return { token: await new CompactSign(bytes(payload)).setProtectedHeader(header).sign(await signing(key)) };
  },
  async verify({ token, key }) {
    const { protectedHeader, payload } = await compactVerify(token, await signing(key), { algorithms: ["Ed25519"] });
    return { header: protectedHeader, payload: text(payload) };
  },
  async seal({ header, payload, key }) {
    return { token: await new CompactEncrypt(bytes(payload)).setProtectedHeader(header).encrypt(await sealing(key)) };
  },
  async unseal({ token, key }) {
    const only = { keyManagementAlgorithms: ["dir"], contentEncryptionAlgorithms: ["A256GCM"] };
    const { protectedHeader, plaintext } = await compactDecrypt(token, await sealing(key), only);
    return { header: protectedHeader, payload: text(plaintext) };
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const { what, ...rest } = JSON.parse(line);
  let answer;
  try {
    answer = await ask[what](rest);
  } catch (error) {
    if (typeof error.code !== "string" || !error.code.startsWith("ERR_J")) throw error;
    answer = { refused: error.code };
  }
  console.log(JSON.stringify(answer));
}
