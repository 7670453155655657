// What can be done with an answer: shown otherwise, taken away as a file, asked again from a program, explained.
import { useState } from "preact/hooks";
import type { QueryMeta } from "../../workers/domain/query.ts";
import type { Site } from "../../workers/domain/site.ts";
import { type ChartName, charts } from "../charts/index.ts";
import type { Asked } from "../state/content.ts";
import { downloadAnswer, FILES } from "../state/download.ts";
import { savePicture } from "../state/picture.ts";
import { mayIn } from "../state/session.ts";
import { Dialog } from "../ui/dialog.tsx";
import { Icon } from "../ui/icon.tsx";
import { later } from "../ui/later.tsx";
import { Menu, MenuItem } from "../ui/menu.tsx";
import { CountedNote } from "./counted-note.tsx";
import { QuestionText } from "./question-text.tsx";

type Format = (typeof FILES)[number]["format"];

const AddToBoard = later(
  async () => (await import("../boards/add-to-board.tsx")).AddToBoard,
  () => null,
);

interface AnswerMenuProps {
  site: Site;
  asked: Asked;
  /** Of the answer; null while there is none. */
  meta: QueryMeta | null;
  title: string;
  charts: readonly ChartName[];
  chosen: ChartName;
  onChoose: (chart: ChartName) => void;
  /** May be put on a board: on boards themselves it is there already. */
  addable: boolean;
  /** What a picture of it shows. */
  picture: () => HTMLElement | null;
}

type Opened = "counted" | "question" | "board" | null;

interface EntriesProps extends Omit<AnswerMenuProps, "picture" | "meta"> {
  close: () => void;
  open: (opened: Opened) => void;
  download: (format: Format) => void;
  draw: () => void;
}

function Entries({ site, charts: offered, chosen, addable, close, onChoose, open, download, draw }: EntriesProps) {
  const doing = (work: () => void) => () => {
    close();
    work();
  };
  return (
    <>
      {offered.length > 1 && <h3 class="menu-title">Show as</h3>}
      {offered.length > 1 &&
        offered.map((name) => (
          <MenuItem key={name} chosen={name === chosen} onChoose={doing(() => onChoose(name))}>
            {charts[name].label}
          </MenuItem>
        ))}
      {offered.length > 1 && <hr />}
      {addable && mayIn(site.teamId, "define") && (
        <MenuItem onChoose={doing(() => open("board"))}>Add to a board…</MenuItem>
      )}
      {FILES.map(({ format, label }) => (
        <MenuItem key={format} onChoose={doing(() => download(format))}>
          Download {label}
        </MenuItem>
      ))}
      <MenuItem onChoose={doing(draw)}>Download picture</MenuItem>
      <hr />
      <MenuItem onChoose={doing(() => open("question"))}>Ask it from a program</MenuItem>
      <MenuItem onChoose={doing(() => open("counted"))}>How is this counted?</MenuItem>
    </>
  );
}

export function AnswerMenu({ picture, ...props }: AnswerMenuProps) {
  const { site, asked, meta, title, chosen } = props;
  const [opened, open] = useState<Opened>(null);
  const [failed, setFailed] = useState<string | null>(null);
  const download = async (format: Format) => setFailed(await downloadAnswer(asked, { format, title }));
  const draw = async () => {
    const element = picture();
    if (element) setFailed(await savePicture(element, title));
  };
  const shut = () => open(null);
  return (
    <>
      <Menu
        label={
          <>
            <Icon name="more" />
            <span class="unseen">Options of {title}</span>
          </>
        }
        title={`Options of ${title}`}
        align="end"
        quiet
        plain
      >
        {(close) => (
          <Entries
            {...props}
            close={close}
            open={open}
            download={(format) => void download(format)}
            draw={() => void draw()}
          />
        )}
      </Menu>
      {failed && (
        <p class="field-error" role="alert">
          {failed}
        </p>
      )}
      {opened === "counted" && (
        <Dialog title="How is this counted?" onClose={shut}>
          <CountedNote asked={asked} meta={meta} />
        </Dialog>
      )}
      {opened === "board" && <AddToBoard site={site} title={title} asked={asked} chart={chosen} onClose={shut} />}
      {opened === "question" && (
        <Dialog title="Ask it from a program" onClose={shut} wide>
          <QuestionText asked={asked} />
        </Dialog>
      )}
    </>
  );
}
