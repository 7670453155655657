// The slice of node:crypto that ingest calls; workers-types declare none of it. workerd has it through nodejs_compat.
declare module "node:crypto" {
  interface Hmac {
    update(text: string): Hmac;
    digest(encoding: "hex"): string;
  }
  interface Hash {
    update(bytes: Uint8Array): Hash;
    digest(): Uint8Array;
  }
  export function createHash(algorithm: "sha256"): Hash;
  export function createHmac(algorithm: "sha256", key: Uint8Array): Hmac;
}
