import type { Detector, Span } from "../detector.ts";
import { HAS } from "../survey.ts";

// Begins where no token is going on, so that a long run is read once.
const TOKEN = /(?<![\w.-])eyJ[\w-]{8,8000}\.[\w-]{2,8000}\.[\w-]{0,8000}(?:\.[\w-]{1,8000}){0,2}/g;

export const jwt: Detector = {
  kind: "jwt",
  about: "a signed or encrypted token: JSON in base64, in parts with dots between",
  needs: HAS.token,
  find({ text }) {
    if (!text.includes("eyJ")) return [];
    return Array.from(text.matchAll(TOKEN), ({ 0: found, index }): Span => {
      return { start: index, end: index + found.length };
    });
  },
  examples: [
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
    "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.",
    "/verify/eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln",
  ],
  nonExamples: ["eyJhbGciOiJIUzI1NiJ9", "eyJ.eyJ.eyJ", "heyJude.the.song"],
};
