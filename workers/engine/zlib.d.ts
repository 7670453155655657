// The part of node:zlib that the codec uses: the Worker's types leave Node's modules out, the runtime has them.
declare module "node:zlib" {
  export function deflateRawSync(bytes: Uint8Array): Uint8Array;
  export function inflateRawSync(bytes: Uint8Array): Uint8Array;
}
