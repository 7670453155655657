// Which of the days shown are imported from another tool, and a switch to leave them out.
import { useAnswer } from "../state/answers.ts";
import { sentence } from "../state/format.ts";
import { importsChoice, leavesImportsOut, totalsQuestion } from "../state/questions.ts";
import { useViewing } from "../state/viewing.ts";

export function ImportedNote() {
  const viewing = useViewing();
  const { result } = useAnswer(totalsQuestion(viewing));
  const isOut = leavesImportsOut(viewing);
  const note = result?.meta.notes?.find(({ code }) => code === "imported")?.message;
  const reason = result?.meta.imports_skip_reason;
  const text = isOut ? "imported history is left out" : (note ?? (reason && `without imported history: ${reason}`));
  if (!text) return null;
  return (
    <p class="imported-note">
      {sentence(text)}{" "}
      {(isOut || note) && (
        <button type="button" class="button quiet small" onClick={() => viewing.set(importsChoice(isOut))}>
          {isOut ? "Include it" : "Leave it out"}
        </button>
      )}
    </p>
  );
}
