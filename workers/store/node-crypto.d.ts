// The slice of node:crypto that the audit trail calls; workers-types declare none of it. workerd has it through nodejs_compat.
declare module "node:crypto" {
  interface Hmac {
    update(text: string): Hmac;
    digest(encoding: "hex"): string;
  }
  export function createHmac(algorithm: "sha256", key: Uint8Array): Hmac;
}
