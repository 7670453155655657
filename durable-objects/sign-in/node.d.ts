// The slices of Node that passwords call; workers-types declare neither. workerd has them through nodejs_compat.
declare module "node:buffer" {
  export const Buffer: {
    from(source: Uint8Array): NodeBuffer;
    from(text: string, encoding: "base64" | "base64url"): NodeBuffer;
  };
  export interface NodeBuffer extends Uint8Array<ArrayBuffer> {
    toString(encoding?: "base64" | "base64url"): string;
  }
}

declare module "node:crypto" {
  import type { NodeBuffer } from "node:buffer";
  export function randomBytes(size: number): NodeBuffer;
  export function createHmac(
    algorithm: "sha256",
    key: string,
  ): {
    update(text: string): { digest(encoding: "base64url"): string };
  };
  export function timingSafeEqual(a: Uint8Array, b: Uint8Array): boolean;
  export function scrypt(
    password: string,
    salt: Uint8Array,
    keyBytes: number,
    options: { N: number; r: number; p: number; maxmem: number },
    done: (error: Error | null, key: Uint8Array) => void,
  ): void;
}
