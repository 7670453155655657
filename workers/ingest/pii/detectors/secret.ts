import type { Detector, Span } from "../detector.ts";
import { isWordAt } from "../digit-groups.ts";
import { HAS } from "../survey.ts";

/** How the keys of services begin that say whose they are, and the least that follows. */
const PREFIXES: readonly (readonly [prefix: string, rest: string])[] = [
  // Stripe
  ["(?:sk|rk|pk)_(?:live|test)_", "[A-Za-z0-9]{10,250}"],
  ["whsec_", "[A-Za-z0-9+/=]{16,100}"],
  // GitHub, GitLab
  ["gh[pousr]_", "[A-Za-z0-9]{20,255}"],
  ["github_pat_", "[A-Za-z0-9_]{20,255}"],
  ["gl(?:pat|ptt|dt|rt|cbt|soat)-", "[A-Za-z0-9_-]{16,100}"],
  // AWS
  ["(?:AKIA|ASIA|AROA|AIDA|AGPA|ANPA)", "[A-Z0-9]{16}"],
  // Slack
  ["xox[abeoprs]-", "[A-Za-z0-9-]{10,250}"],
  ["xapp-", "[A-Za-z0-9-]{10,250}"],
  // Google
  ["AIza", "[A-Za-z0-9_-]{35}"],
  ["ya29\\.", "[A-Za-z0-9_-]{20,500}"],
  ["GOCSPX-", "[A-Za-z0-9_-]{20,60}"],
  // OpenAI, Anthropic, Hugging Face, Replicate, Groq
  ["sk-(?:proj-|svcacct-|admin-|ant-(?:api|admin)\\d\\d-|or-v1-)?", "[A-Za-z0-9_-]{20,250}"],
  ["hf_", "[A-Za-z0-9]{30,60}"],
  ["r8_", "[A-Za-z0-9]{30,60}"],
  ["gsk_", "[A-Za-z0-9]{30,80}"],
  // Package registries
  ["npm_", "[A-Za-z0-9]{30,60}"],
  ["pypi-", "[A-Za-z0-9_-]{40,250}"],
  // Mail, messages
  ["SG\\.", "[A-Za-z0-9_-]{16,32}\\.[A-Za-z0-9_-]{16,64}"],
  ["key-", "[a-f0-9]{32}"],
  ["(?:AC|SK)", "[a-f0-9]{32}"],
  ["xkeysib-", "[a-f0-9]{64}-[A-Za-z0-9]{16}"],
  ["\\d{8,10}:AA", "[A-Za-z0-9_-]{32,34}"],
  ["hooks\\.slack\\.com/services/", "[A-Z0-9]{8,12}/[A-Z0-9]{8,12}/[A-Za-z0-9]{20,30}"],
  ["discord(?:app)?\\.com/api/webhooks/", "\\d{15,20}/[A-Za-z0-9_-]{40,90}"],
  // Shops, payments, hosting, tools
  ["shp(?:at|ca|pa|ss)_", "[a-fA-F0-9]{32}"],
  ["sq0(?:atp|csp|idp)-", "[A-Za-z0-9_-]{22,60}"],
  ["do[opr]_v1_", "[a-f0-9]{64}"],
  ["dapi", "[a-f0-9]{32}"],
  ["glsa_", "[A-Za-z0-9_]{32,60}"],
  ["phx_", "[A-Za-z0-9]{30,60}"],
  ["lin_api_", "[A-Za-z0-9]{30,60}"],
  ["ATATT3", "[A-Za-z0-9_=-]{60,250}"],
  ["fig[du]_", "[A-Za-z0-9_-]{30,60}"],
  ["sntry[su]_", "[A-Za-z0-9_=+/-]{40,250}"],
  ["ew_", "[A-Za-z0-9]{20,100}"],
];

// What stands before is looked at afterwards: as a look-behind it would be at every character.
const KEYS = new RegExp(`(?:${PREFIXES.map(([prefix, rest]) => prefix + rest).join("|")})(?![A-Za-z0-9])`, "g");
const SCHEME = /\b(?:bearer|basic)[ +]([A-Za-z0-9._~+/=-]{16,2000})/gi;
/** Letters alone are a word or a slug. */
const HAS_DIGIT = /\d/;

const PEM_BEGIN = "-----BEGIN ";
const PEM_END = /-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g;
const PEM_LABEL = /^[A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/;

/** A private key down to its last line, or to the end where it was cut off. */
function privateKeys(text: string): Span[] {
  const spans: Span[] = [];
  for (let at = text.indexOf(PEM_BEGIN); at >= 0; at = text.indexOf(PEM_BEGIN, at)) {
    const label = at + PEM_BEGIN.length;
    if (!PEM_LABEL.test(text.slice(label, label + 60))) {
      at = label;
      continue;
    }
    PEM_END.lastIndex = label;
    const end = PEM_END.exec(text) ? PEM_END.lastIndex : text.length;
    spans.push({ start: at, end });
    at = end;
  }
  return spans;
}

export const secret: Detector = {
  kind: "secret",
  about: "a service's key by its prefix, a private key, a bearer token",
  needs: HAS.token,
  find({ text }) {
    const spans = privateKeys(text);
    for (const { 0: found, index } of text.matchAll(KEYS)) {
      if (HAS_DIGIT.test(found) && !isWordAt(text, index - 1)) spans.push({ start: index, end: index + found.length });
    }
    for (const { 0: found, 1: token, index } of text.matchAll(SCHEME)) {
      const end = index + found.length;
      if (HAS_DIGIT.test(token!)) spans.push({ start: end - token!.length, end });
    }
    return spans;
  },
  examples: [
    // In two parts, so that no scanner of sources takes them for real ones.
    `sk_${"live_"}51H8xQ2eZvKYlo2C0aBcDeF`,
    `using gh${"p_"}16C7e42F292c6912E7710c838347Ae178B4a now`,
    `AKI${"A"}IOSFODNN7EXAMPLE`,
    `xox${"b-"}123456789012-abcdefABCDEF`,
    `sk-${"proj-"}a1B2c3D4e5F6g7H8i9J0kLmNoP`,
    `AIz${"a"}SyA1234567890abcdefghijklmnopqrstuv`,
    `-----BEGIN ${"RSA PRIVATE KEY"}-----\nMIIEowIBAAKCAQEAwJ\n-----END RSA PRIVATE KEY-----`,
    "Authorization: Bearer abc123def456ghi789jkl0",
  ],
  nonExamples: [
    "sk-some-long-slug-of-words-and-more",
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
    "key-value",
    "bearer of bad news 2026",
  ],
};
