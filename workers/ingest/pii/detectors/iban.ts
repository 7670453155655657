import { countrySpecs, ValidationErrorsIBAN, validateIBAN } from "ibantools";
import type { Detector, Span } from "../detector.ts";
import { isWordAt } from "../digit-groups.ts";
import { HAS } from "../survey.ts";

const LEAD = /[A-Za-z]{2}\d{2}/g;
const SIGN = /[A-Za-z0-9]/;

/** Where the `length` letters and digits from `start` end, single spaces or dashes between; -1 when there are fewer. */
function endOf(text: string, start: number, length: number): number {
  let at = start;
  for (let read = 0; at < text.length; at++) {
    if (SIGN.test(text[at]!)) read++;
    else if ((text[at] !== " " && text[at] !== "-") || !SIGN.test(text[at - 1]!)) return -1;
    if (read === length) return at + 1;
  }
  return -1;
}

/** Banks have checks of their own within; what fails them alone is a slip of the pen, and as telling. */
function isIban(number: string): boolean {
  const { errorCodes } = validateIBAN(number);
  return errorCodes.every((code) => code === ValidationErrorsIBAN.WrongAccountBankBranchChecksum);
}

export const iban: Detector = {
  kind: "iban",
  about: "an international bank account number: its country's length and form, and the check digits",
  needs: HAS.digits,
  find({ text }) {
    const spans: Span[] = [];
    for (const { index } of text.matchAll(LEAD)) {
      if (isWordAt(text, index - 1) || index < (spans.at(-1)?.end ?? 0)) continue;
      const length = countrySpecs[text.slice(index, index + 2).toUpperCase()]?.chars;
      const end = length ? endOf(text, index, length) : -1;
      if (end < 0 || isWordAt(text, end)) continue;
      const number = text.slice(index, end).replace(/[ -]/g, "").toUpperCase();
      if (isIban(number)) spans.push({ start: index, end });
    }
    return spans;
  },
  examples: [
    "DE89370400440532013000",
    "send it to GB29 NWBK 6016 1331 9268 19 please",
    "/pay/nl91abna0417164300",
    "NO93 8601 1117 947",
    "FR14-2004-1010-0505-0001-3M02-606",
  ],
  nonExamples: ["DE89370400440532013001", "AB150120690000003111141", "DE8937040044", "XDE89370400440532013000"],
};
