import type { PiiKind } from "../../domain/pii-kind.ts";

// What a key says about its value. `name` alone says little, since goods and files have names too: what stands beside it
// decides (see `person-name.ts`).

const WORDS: Readonly<Record<string, PiiKind>> = Object.fromEntries([
  ...kindOf("email", "email mail emailaddress mailaddress emailid courriel correo"),
  ...kindOf(
    "phone",
    "phone phonenumber phoneno tel telephone telephonenumber telefon telefonnummer mobile mobilephone",
  ),
  ...kindOf("phone", "mobilenumber cell cellphone cellnumber msisdn fax faxnumber whatsapp handynummer contactnumber"),
  ...kindOf("card", "card cardnumber cardno creditcard creditcardnumber ccnumber ccnum pan debitcard cardnum"),
  ...kindOf("iban", "iban bankaccount accountnumber bankaccountnumber kontonummer accountno"),
  ...kindOf(
    "national_id",
    "ssn socialsecurity socialsecuritynumber sin nino nhsnumber taxid taxnumber taxidnumber tin",
  ),
  ...kindOf(
    "national_id",
    "passport passportnumber passportno nationalid nationalidnumber idcard idnumber identitycard",
  ),
  ...kindOf("national_id", "driverlicense driverslicense driverlicence drivinglicence licensenumber pesel dni nif nie"),
  ...kindOf("national_id", "aadhaar aadhaarnumber tfn steuerid steuernummer personnummer cpf curp codicefiscale nric"),
  ...kindOf("ip", "ip ipaddress ipaddr clientip remoteip remoteaddr remoteaddress xforwardedfor ipv4 ipv6 visitorip"),
  ...kindOf("mac", "macaddress macaddr"),
  ...kindOf("jwt", "jwt jwttoken"),
  ...kindOf("secret", "password passwd pwd passphrase passcode passwort contrasena motdepasse oldpassword newpassword"),
  ...kindOf(
    "secret",
    "secret clientsecret secretkey apisecret token accesstoken refreshtoken idtoken authtoken apitoken",
  ),
  ...kindOf(
    "secret",
    "sessiontoken csrftoken xsrftoken csrf resettoken bearertoken bearer authorization auth apikey xapikey",
  ),
  ...kindOf(
    "secret",
    "accesskey accesskeyid secretaccesskey privatekey signingkey encryptionkey credential credentials",
  ),
  ...kindOf("secret", "pin otp totp cvv cvc cvv2 securitycode signature sig cookie setcookie connectionstring"),
  ...kindOf("person", "firstname lastname surname familyname givenname middlename maidenname fullname fname lname"),
  ...kindOf("person", "realname legalname username customername contactname personname patientname guestname"),
  ...kindOf(
    "person",
    "passengername employeename recipientname sendername cardholder cardholdername nameoncard holdername",
  ),
  ...kindOf(
    "person",
    "displayname nickname vorname nachname familienname prenom nomdefamille apellido apellidos cognome",
  ),
  ...kindOf(
    "person",
    "address streetaddress street addressline1 addressline2 addressline address1 address2 homeaddress",
  ),
  ...kindOf("person", "birthday birthdate dateofbirth dob birthdayat geburtsdatum geburtstag"),
]);

function kindOf(kind: PiiKind, words: string): [string, PiiKind][] {
  return words.split(" ").map((word) => [word, kind]);
}

/** Before a key, whose value it is: `billing_email`, `newPassword`. */
const WHOSE =
  /^(?:billing|shipping|delivery|user|users|customer|client|contact|member|account|home|work|my|your|new|old|current|confirm|repeat|primary|secondary|alternate|guest|patient|employee|student|sender|recipient|owner|author|buyer|seller|lead|subscriber|person|profile|payer|x|db|database|admin|login)(?=.)/;

/** At the end of a key of any other beginning: `reply_to_email`, `AWS_SECRET_ACCESS_KEY`. */
const ENDINGS =
  /(?:password|passwd|secret|apikey|secretkey|accesskey|privatekey|token|email|emailaddress|phone|phonenumber|mobile|ssn|iban|cardnumber|ipaddress|firstname|lastname|surname|fullname)$/;

/** What people type into fields. */
const FREE_TEXT = new Set(
  (
    "q query queries search searches searchquery searchterm searchtext searchstring term terms keyword keywords text texts " +
    "freetext fulltext input userinput message messages comment comments note notes feedback answer answers reply replies " +
    "question questions prompt prompts description content body remark remarks review reviews"
  ).split(" "),
);
/** `field_value` was typed, `order_value` is an amount. */
const FIELDS = new Set([...FREE_TEXT, "field", "form", "textarea", "box"]);
const BETWEEN_WORDS = /(?<=\p{Ll})(?=\p{Lu})|[^\p{L}\p{N}]+/u;

/** Whether a key says that somebody typed its value: by its last word, so that `query_id` and `text_length` do not. */
function saysFreeText(raw: string): boolean {
  const words = raw
    .replace(/[\W_\d]+$/, "")
    .split(BETWEEN_WORDS)
    .map((word) => word.toLowerCase());
  const last = words.at(-1)!;
  if (words[0] === "utm") return false;
  if (last === "value" || last === "values") return words.length === 1 || FIELDS.has(words.at(-2)!);
  return FREE_TEXT.has(last);
}

/** Words of a record about a person: what it calls a name is one. */
const PERSONS = new Set(
  (
    "user users customer client contact contacts member person people profile traits employee patient guest " +
    "student recipient sender buyer passenger attendee lead subscriber billing shipping payer assignee invitee " +
    "billingaddress shippingaddress billingdetails cardholder names beneficiary"
  ).split(" "),
);

const MAX_KEYS = 4096;
const known = new Map<string, KeyKind>();

export interface KeyKind {
  /** Letters and digits alone, in lower case. */
  key: string;
  kind: PiiKind | null;
  isName: boolean;
  /** Its fields are about a person. */
  isPerson: boolean;
  /** People type into it what they like. */
  isFreeText: boolean;
}

/** `Billing_E-mail` → `billingemail`. */
const normalKey = (key: string): string => key.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "");

const wordKind = (word: string): PiiKind | null => (Object.hasOwn(WORDS, word) ? WORDS[word]! : null);

function read(raw: string): KeyKind {
  const key = normalKey(raw);
  const rest = key.replace(WHOSE, "");
  const kind = wordKind(key) ?? wordKind(rest) ?? wordKind(ENDINGS.exec(key)?.[0] ?? "");
  const isName = key === "name" || rest === "name" || key === "nom" || key === "nombre";
  return { key, kind, isName, isPerson: PERSONS.has(key), isFreeText: saysFreeText(raw) };
}

/** What a key says of its value; remembered, since a site's keys are few. */
export function keyKind(raw: string): KeyKind {
  const found = known.get(raw);
  if (found) return found;
  const kind = read(raw);
  if (known.size >= MAX_KEYS) known.clear();
  known.set(raw, kind);
  return kind;
}

/** Keys under which the name of a way to sign in is as common as a secret. */
const ALSO_WAYS = new Set(["auth", "authorization", "cookie", "signature", "sig", "credential", "credentials"]);

/** Whether a value may be what its key says: `email: "opened"` and `phone: "iPhone 15"` are not. */
export function fitsKind(kind: PiiKind, value: string, key: string): boolean {
  if (value.trim() === "") return false;
  switch (kind) {
    case "email":
      return value.includes("@");
    case "phone":
      return /^[+(]?\d(?:[\d ()./-]|ext|x){4,24}$/.test(value.trim());
    case "card":
      return /^\d(?:[ -]?\d){11,18}$/.test(value.trim());
    case "iban":
      return /\d{4}/.test(value) && /^[A-Za-z0-9 -]{6,42}$/.test(value);
    case "national_id":
      return /^(?=(?:.*\d){5})[\p{L}\p{N} ./-]{5,30}$/u.test(value);
    case "ip":
      return /^[\d.]{7,15}$|^[0-9A-Fa-f:.]{2,45}$/.test(value) && /[.:]/.test(value);
    case "mac":
      return /^(?:[0-9A-Fa-f]{2}[:-]?){5}[0-9A-Fa-f]{2}$/.test(value);
    case "secret":
      return !ALSO_WAYS.has(key) || /^(?=.*[\d=+/]).{8,}$/.test(value);
    default:
      return true;
  }
}
