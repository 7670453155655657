// http_ece comes without types; this is what the tests use of it.
declare module "http_ece" {
  interface Parameters {
    version: "aes128gcm";
    /** An ECDH of node:crypto. */
    privateKey: object;
    /** In base64url. */
    authSecret: string;
  }
  const ece: { decrypt(body: Buffer, parameters: Parameters): Buffer };
  export default ece;
}
