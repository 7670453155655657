// Puts a chart that is being looked at onto a board, with the period and filters left to the board.
import { useEffect, useState } from "preact/hooks";
import type { Board, Grid, Panel } from "../../workers/domain/board.ts";
import type { Site } from "../../workers/domain/site.ts";
import type { ChartName } from "../charts/index.ts";
import { addPanel, type ListedBoard, loadBoards, makeBoard, type NewPanel } from "../state/boards.ts";
import { type Asked, isAnalysis } from "../state/content.ts";
import { isTime } from "../state/dimensions.ts";
import { itemHref } from "../state/router.ts";
import type { View } from "../state/view.ts";
import { useViewing } from "../state/viewing.ts";
import { Dialog } from "../ui/dialog.tsx";
import { DialogForm } from "../ui/dialog-form.tsx";
import { errorAt, Field, TextInput } from "../ui/field.tsx";

const NEW = "";

interface AddToBoardProps {
  site: Site;
  title: string;
  asked: Asked;
  chart: ChartName;
  onClose: () => void;
}

/** Without its site and period; its filters stay, since they are what it is about, and a grain that was chosen by hand. */
function questionOf(asked: Asked, grain: View["grain"]): Panel["question"] {
  const { site_id: _, date_range: __, ...question } = asked;
  const dimensions = "dimensions" in question ? question.dimensions : undefined;
  const own =
    grain === "auto" && dimensions ? { dimensions: dimensions.map((name) => (isTime(name) ? "time" : name)) } : {};
  return { ...question, ...own } as Panel["question"]; // the same but for defaults, which the API fills in
}

/** As much room as the chart needs to be read without scrolling. */
function sizeFor(chart: ChartName, asked: Asked): Pick<Grid, "w" | "h"> {
  const steps = isAnalysis(asked) && Array.isArray(asked.params?.steps) ? asked.params.steps.length : 0;
  if (chart === "funnel") return { w: 6, h: 2 + Math.ceil(1.3 * steps) };
  if (chart === "number") return { w: 3, h: 2 };
  return chart === "sankey" || chart === "heat_map" ? { w: 12, h: 6 } : { w: 6, h: 4 };
}

async function add(site: Site, chosen: { board: string; name: string }, panel: NewPanel) {
  if (chosen.board !== NEW) return addPanel(site.id, chosen.board, panel);
  const made = await makeBoard(site.id, { name: chosen.name });
  return made.ok ? addPanel(site.id, made.value.id, panel) : made;
}

export function AddToBoard({ site, title, asked, chart, onClose }: AddToBoardProps) {
  const [boards, setBoards] = useState<ListedBoard[]>([]);
  const [board, setBoard] = useState(NEW);
  const [name, setName] = useState("");
  const [label, setLabel] = useState(title);
  const { view } = useViewing();
  const [added, setAdded] = useState<Board | null>(null);
  useEffect(() => {
    void loadBoards(site.id).then((reply) => {
      if (!reply.ok) return;
      setBoards(reply.value.boards);
      setBoard(reply.value.boards[0]?.id ?? NEW);
    });
  }, [site.id]);
  const submit = async () => {
    const reply = await add(
      site,
      { board, name },
      { title: label, chart, question: questionOf(asked, view.grain), size: sizeFor(chart, asked) },
    );
    if (!reply.ok) return reply.failure;
    setAdded(reply.value);
    return null;
  };
  if (added) {
    return (
      <Dialog title="Added" onClose={onClose}>
        <p>
          It is on <a href={itemHref(site.id, "boards", added.id)}>{added.name}</a>.
        </p>
      </Dialog>
    );
  }
  return (
    <DialogForm
      title="Add to a board"
      action="Add"
      onClose={onClose}
      // Another dialog then says where it is.
      onDone={() => {}}
      onSubmit={submit}
      fields={(errors) => (
        <>
          <Field label="Board">
            {({ id }) => (
              <select id={id} class="input" value={board} onChange={(event) => setBoard(event.currentTarget.value)}>
                {boards.map((one) => (
                  <option key={one.id} value={one.id}>
                    {one.name}
                  </option>
                ))}
                <option value={NEW}>A new board</option>
              </select>
            )}
          </Field>
          {board === NEW && (
            <TextInput label="Its name" required value={name} onValue={setName} error={errorAt(errors, "name")} />
          )}
          <TextInput label="Title of the panel" value={label} onValue={setLabel} error={errorAt(errors, "panels")} />
        </>
      )}
    />
  );
}
