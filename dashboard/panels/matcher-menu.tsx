// Chooses the events of a step from what was seen: goals, pages, custom events; a path may also be typed, `*` for anything.
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { amountOf } from "../../workers/domain/money.ts";
import type { Filter } from "../../workers/domain/query.ts";
import { useAnswer } from "../state/answers.ts";
import { formatCount } from "../state/format.ts";
import type { MatcherKind, SimpleMatcher } from "../state/matcher-text.ts";
import { breakdownQuestion } from "../state/questions.ts";
import { useViewing } from "../state/viewing.ts";
import { Icon } from "../ui/icon.tsx";
import { Menu, MenuItem } from "../ui/menu.tsx";
import { Skeleton } from "../ui/notice.tsx";

const SEEN = 8;
const KIND_LABEL: Record<MatcherKind, string> = { goal: "Goals", page: "Pages", event: "Events" };
const DIMENSION: Record<MatcherKind, string> = { goal: "event:goal", page: "event:page", event: "event:name" };
const NOT_PAGES: Filter[] = [["is_not", "event:name", ["pageview", "engagement"]]];

function useSeen(kind: MatcherKind, search: string) {
  const viewing = useViewing();
  // Filters of the page narrow what is counted, not what can be chosen.
  const scope = { ...viewing, view: { ...viewing.view, filters: [] } };
  const { result } = useAnswer(
    breakdownQuestion(scope, {
      dimension: DIMENSION[kind],
      metrics: ["visitors"],
      limit: SEEN,
      // The API knows goals by what they match, not by parts of their names.
      search: kind === "goal" ? "" : search,
      also: kind === "event" ? NOT_PAGES : [],
    }),
  );
  return result?.results
    .map(({ dimensions, metrics }) => ({ value: dimensions[0] ?? "", visitors: amountOf(metrics[0]) }))
    .filter(({ value }) => value.toLowerCase().includes(search.toLowerCase()));
}

interface SeenProps {
  kind: MatcherKind;
  search: string;
  onChoose: (matcher: SimpleMatcher) => void;
}

function Seen({ kind, search, onChoose }: SeenProps) {
  const seen = useSeen(kind, search);
  if (!seen) return <Skeleton lines={2} />;
  if (seen.length === 0) return null;
  return (
    <>
      <h3 class="menu-title">{KIND_LABEL[kind]}</h3>
      {seen.map(({ value, visitors }) => (
        <MenuItem key={value} hint={formatCount(visitors)} onChoose={() => onChoose({ kind, value })}>
          {value}
        </MenuItem>
      ))}
    </>
  );
}

function Entries({ onChoose }: Pick<SeenProps, "onChoose">) {
  const [search, setSearch] = useState("");
  const typed = search.trim();
  return (
    <>
      <input
        class="input menu-search"
        type="search"
        aria-label="Search goals, pages and events"
        placeholder="Search, or type a path such as /blog/*"
        value={search}
        onInput={(event) => setSearch(event.currentTarget.value)}
      />
      {typed.startsWith("/") && (
        <MenuItem onChoose={() => onChoose({ kind: "page", value: typed })}>Page {typed}</MenuItem>
      )}
      <Seen kind="goal" search={typed} onChoose={onChoose} />
      <Seen kind="page" search={typed} onChoose={onChoose} />
      <Seen kind="event" search={typed} onChoose={onChoose} />
      {typed !== "" && !typed.startsWith("/") && (
        <MenuItem onChoose={() => onChoose({ kind: "event", value: typed })}>Event {typed}</MenuItem>
      )}
    </>
  );
}

interface MatcherMenuProps {
  label: ComponentChildren;
  title: string;
  quiet?: boolean;
  onChoose: (matcher: SimpleMatcher) => void;
}

export function MatcherMenu({ label, title, quiet = false, onChoose }: MatcherMenuProps) {
  return (
    <Menu label={label} title={title} quiet={quiet} plain={quiet}>
      {(close) => (
        <Entries
          onChoose={(matcher) => {
            close();
            onChoose(matcher);
          }}
        />
      )}
    </Menu>
  );
}

/** A chosen one, or `any` where none is; a click chooses another, the cross none. */
export function MatcherField(props: {
  title: string;
  any: string;
  chosen: SimpleMatcher | null;
  onChoose: (chosen: SimpleMatcher | null) => void;
}) {
  const { title, any, chosen, onChoose } = props;
  return (
    <span class="matcher-field">
      <MatcherMenu label={chosen ? <MatcherText matcher={chosen} /> : any} title={title} onChoose={onChoose} />
      {chosen && (
        <button type="button" class="icon-button small" aria-label={`${title}: ${any}`} onClick={() => onChoose(null)}>
          <Icon name="close" size={12} />
        </button>
      )}
    </span>
  );
}

export function MatcherText({ matcher: { kind, value } }: { matcher: SimpleMatcher }) {
  return (
    <span class="matcher">
      <span class="matcher-kind">{kind}</span>
      <span class="value">{value}</span>
    </span>
  );
}
