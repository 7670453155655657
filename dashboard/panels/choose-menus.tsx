// Menus of what can be asked for, searched by typing: metrics and dimensions, as the catalogue names them.
import { useState } from "preact/hooks";
import { dimensionLabel, FILTERABLE } from "../state/dimensions.ts";
import { useMetrics } from "../state/metric-texts.ts";
import { Icon } from "../ui/icon.tsx";
import { Menu, MenuItem } from "../ui/menu.tsx";

interface Choice {
  name: string;
  label: string;
  about?: string;
}

interface ChoiceMenuProps {
  label: string;
  choices: readonly Choice[];
  onChoose: (name: string) => void;
}

function Choices({ choices, onChoose }: Pick<ChoiceMenuProps, "choices" | "onChoose">) {
  const [search, setSearch] = useState("");
  const found = choices.filter(({ label, name }) => `${label} ${name}`.toLowerCase().includes(search.toLowerCase()));
  return (
    <>
      <input
        class="input menu-search"
        type="search"
        aria-label="Search"
        placeholder="Search"
        value={search}
        onInput={(event) => setSearch(event.currentTarget.value)}
      />
      {found.map(({ name, label, about }) => (
        <MenuItem key={name} title={about} onChoose={() => onChoose(name)}>
          {label}
        </MenuItem>
      ))}
      {found.length === 0 && <p class="menu-empty">Nothing is called that.</p>}
    </>
  );
}

function ChoiceMenu({ label, choices, onChoose }: ChoiceMenuProps) {
  return (
    <Menu
      plain
      quiet
      title={label}
      label={
        <>
          <Icon name="plus" size={14} />
          {label}
        </>
      }
    >
      {(close) => (
        <Choices
          choices={choices}
          onChoose={(name) => {
            close();
            onChoose(name);
          }}
        />
      )}
    </Menu>
  );
}

interface NamesProps {
  without: readonly string[];
  onChoose: (name: string) => void;
}

export function MetricMenu({ siteId, without, onChoose }: NamesProps & { siteId: string }) {
  const choices = useMetrics(siteId).filter(({ name }) => !without.includes(name));
  return <ChoiceMenu label="Metric" choices={choices} onChoose={onChoose} />;
}

/** `time` stands for time by whatever grain. */
export function DimensionMenu({ label = "Dimension", without, onChoose }: NamesProps & { label?: string }) {
  const all = [{ name: "time", label: "Time" }, ...FILTERABLE.map((name) => ({ name, label: dimensionLabel(name) }))];
  return <ChoiceMenu label={label} choices={all.filter(({ name }) => !without.includes(name))} onChoose={onChoose} />;
}
