// The slice of node:crypto that reads what is pushed; workers-types declare none of it. workerd has it through nodejs_compat.
declare module "node:crypto" {
  interface Ecdh {
    setPrivateKey(key: string, encoding: "base64url"): void;
  }
  export function createECDH(curve: "prime256v1"): Ecdh;
}
