// A test that is sent at the press of a button, and what came of it in words.
import { useState } from "preact/hooks";
import type { Reply } from "./api.ts";
import type { Listed } from "./listed.ts";

interface Tested {
  result: string;
  told: string;
}

export function useTestSending<T>(list: Listed<T>, send: () => Promise<Reply<Tested>>) {
  const [told, setTold] = useState("");
  const test = async () => {
    setTold("Sending…");
    const done = await list.change(send());
    if (!done) return setTold("");
    const { result, told: answer } = done.value;
    setTold(`${result === "sent" ? "The test has arrived" : "The test did not arrive"}: ${answer}`);
  };
  return { told, setTold, test };
}
