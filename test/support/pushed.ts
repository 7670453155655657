// A browser's end of Web Push: the keys of a subscription, and what was sent to it, read by Mozilla's library.
import { createECDH } from "node:crypto";
import ece from "http_ece";

/** Those of https://www.rfc-editor.org/rfc/rfc8291#appendix-A. */
export const SUBSCRIBED = {
  p256dh: "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
  auth: "BTBZMqHH6r4Tts7J_aSIgg",
} as const;
const PRIVATE_KEY = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94";

/** Throws what is not encrypted for that subscription. */
export function readPushed(body: Uint8Array): unknown {
  const privateKey = createECDH("prime256v1");
  privateKey.setPrivateKey(PRIVATE_KEY, "base64url");
  const { auth: authSecret } = SUBSCRIBED;
  return JSON.parse(ece.decrypt(Buffer.from(body), { version: "aes128gcm", privateKey, authSecret }).toString());
}
