// Anything by typing its name: pages, sites, boards, periods, what can be done. Opened by Ctrl K or ⌘ K.
import { useEffect, useRef, useState } from "preact/hooks";
import type { Site } from "../../workers/domain/site.ts";
import { loadBoards } from "../state/boards.ts";
import { openPages } from "../state/open-pages.ts";
import { isPresetName, PRESETS } from "../state/periods.ts";
import { itemHref, navigate, place, siteHref } from "../state/router.ts";
import { maySeeSystem } from "../state/session.ts";
import { SITE_PAGES } from "../state/site-pages.ts";
import { sites } from "../state/sites.ts";
import { nextTheme } from "../state/theme.ts";
import { parseView, printView } from "../state/view.ts";
import { Dialog } from "./dialog.tsx";
import { Icon } from "./icon.tsx";

interface Command {
  /** Where it belongs, said before its name. */
  group: string;
  name: string;
  run: () => void;
}

const SHOWN = 12;

function periodCommands(): Command[] {
  return Object.entries(PRESETS).flatMap(([name, { label }]) => {
    if (!isPresetName(name)) return [];
    const run = () => {
      const { path, query } = place.peek();
      navigate(`${path}?${printView({ ...parseView(query), period: { name } })}`);
    };
    return [{ group: "Period", name: label, run }];
  });
}

function commandsOf(site: Site | undefined, more: Command[]): Command[] {
  const pages = site
    ? openPages(site).map((page) => ({
        group: "Go to",
        name: SITE_PAGES[page].label,
        run: () => navigate(siteHref(site.id, page)),
      }))
    : [];
  const others = (sites.value ?? [])
    .filter(({ id }) => id !== site?.id)
    .map(({ id, name }) => ({ group: "Site", name, run: () => navigate(siteHref(id)) }));
  return [
    ...pages,
    ...more,
    ...(site ? periodCommands() : []),
    ...others,
    { group: "Go to", name: "All sites", run: () => navigate("/") },
    ...(maySeeSystem() ? [{ group: "Go to", name: "System", run: () => navigate("/system") }] : []),
    { group: "Go to", name: "The API", run: () => navigate("/docs") },
    { group: "Do", name: "Change the colours", run: nextTheme },
  ];
}

function useBoards(site: Site | undefined): Command[] {
  const [boards, setBoards] = useState<Command[]>([]);
  useEffect(() => {
    if (!site) return;
    void loadBoards(site.id).then((reply) => {
      if (!reply.ok) return;
      setBoards(
        reply.value.boards.map(({ id, name }) => ({
          group: "Board",
          name,
          run: () => navigate(itemHref(site.id, "boards", id)),
        })),
      );
    });
  }, [site?.id]);
  return boards;
}

export function Palette({ site, onClose }: { site?: Site | undefined; onClose: () => void }) {
  const [search, setSearch] = useState("");
  const [at, setAt] = useState(0);
  const field = useRef<HTMLInputElement>(null);
  const wanted = search.trim().toLowerCase();
  const found = commandsOf(site, useBoards(site))
    .filter(({ group, name }) => `${group} ${name}`.toLowerCase().includes(wanted))
    .slice(0, SHOWN);
  const chosen = Math.min(at, found.length - 1);
  useEffect(() => field.current?.focus(), []);
  const run = (command: Command | undefined) => {
    if (!command) return;
    onClose();
    command.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && found.length > 0) setAt((chosen + step + found.length) % found.length);
    else if (event.key === "Enter") run(found[chosen]);
    else return;
    event.preventDefault();
  };
  return (
    <Dialog title="Find" onClose={onClose}>
      <label class="search">
        <Icon name="search" />
        <span class="unseen">A page, board, site or period</span>
        <input
          ref={field}
          class="input"
          type="text"
          placeholder="A page, board, site or period"
          role="combobox"
          aria-expanded="true"
          aria-controls="palette"
          aria-activedescendant={found[chosen] ? `palette-${chosen}` : undefined}
          value={search}
          onInput={(event) => {
            setSearch(event.currentTarget.value);
            setAt(0);
          }}
          onKeyDown={onKeyDown}
        />
      </label>
      <div id="palette" class="palette" role="listbox" aria-label="Found">
        {found.map((command, i) => (
          <button
            key={`${command.group} ${command.name}`}
            id={`palette-${i}`}
            type="button"
            role="option"
            tabIndex={-1}
            class="menu-item"
            aria-selected={i === chosen}
            aria-current={i === chosen ? "true" : undefined}
            onClick={() => run(command)}
          >
            <span>
              <span class="faint">{command.group}</span> {command.name}
            </span>
          </button>
        ))}
      </div>
    </Dialog>
  );
}
