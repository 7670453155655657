import type { Detector } from "../detector.ts";
import { addressPassword } from "./address-password.ts";
import { auTfn } from "./au-tfn.ts";
import { caSin } from "./ca-sin.ts";
import { card } from "./card.ts";
import { crypto } from "./crypto.ts";
import { deTaxId } from "./de-tax-id.ts";
import { email } from "./email.ts";
import { esNif } from "./es-nif.ts";
import { iban } from "./iban.ts";
import { inAadhaar } from "./in-aadhaar.ts";
import { inPan } from "./in-pan.ts";
import { ipV4 } from "./ip-v4.ts";
import { ipV6 } from "./ip-v6.ts";
import { itFiscalCode } from "./it-fiscal-code.ts";
import { jwt } from "./jwt.ts";
import { mac } from "./mac.ts";
import { phone } from "./phone.ts";
import { plPesel } from "./pl-pesel.ts";
import { saidId } from "./said-id.ts";
import { secret } from "./secret.ts";
import { sgNric } from "./sg-nric.ts";
import { ukNhs } from "./uk-nhs.ts";
import { ukNino } from "./uk-nino.ts";
import { usSsn } from "./us-ssn.ts";

/** Where two find the same stretch, the one that stands first names it. */
export const DETECTORS = {
  email,
  "address-password": addressPassword,
  jwt,
  secret,
  iban,
  card,
  "ip-v6": ipV6,
  "ip-v4": ipV4,
  mac,
  crypto,
  "us-ssn": usSsn,
  "ca-sin": caSin,
  "au-tfn": auTfn,
  "uk-nino": ukNino,
  "es-nif": esNif,
  "it-fiscal-code": itFiscalCode,
  "in-pan": inPan,
  "in-aadhaar": inAadhaar,
  "pl-pesel": plPesel,
  "de-tax-id": deTaxId,
  "sg-nric": sgNric,
  phone,
  "uk-nhs": ukNhs,
  "said-id": saidId,
} as const satisfies Record<string, Detector>;
