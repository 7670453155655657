// The slices of Node that passwords call; workers-types declare neither. workerd has them through nodejs_compat.
declare module "node:buffer" {
  export const Buffer: { from(source: Uint8Array): NodeBuffer; from(text: string, encoding: "base64"): NodeBuffer };
  interface NodeBuffer extends Uint8Array {
    toString(encoding?: "base64"): string;
  }
}

declare module "node:crypto" {
  export function randomBytes(size: number): Uint8Array;
  export function timingSafeEqual(a: Uint8Array, b: Uint8Array): boolean;
  export function scrypt(
    password: string,
    salt: Uint8Array,
    keyBytes: number,
    options: { N: number; r: number; p: number; maxmem: number },
    done: (error: Error | null, key: Uint8Array) => void,
  ): void;
}
