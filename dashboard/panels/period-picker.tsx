// Chooses the period and what it is compared with; arrows step to the period before and after.
import { useState } from "preact/hooks";
import { addDays } from "../state/days.ts";
import { formatDays } from "../state/format.ts";
import { comparisonKnownFrom, daysOf, isPresetName, type Period, PRESETS, shiftPeriod } from "../state/periods.ts";
import { COMPARISONS, type Comparison } from "../state/view.ts";
import { useViewing, type Viewing } from "../state/viewing.ts";
import { Icon } from "../ui/icon.tsx";
import { Menu, MenuItem } from "../ui/menu.tsx";

const COMPARED: Record<Comparison, string> = {
  previous: "Period before",
  year: "Year before",
  none: "No comparison",
};

function CustomRange({ onChoose }: { onChoose: (period: Period) => void }) {
  const { view, calendar } = useViewing();
  const [first, last] = daysOf(view.period, calendar);
  const [from, setFrom] = useState(first);
  const [to, setTo] = useState(last);
  const submit = (event: Event) => {
    event.preventDefault();
    const [start, end] = from <= to ? [from, to] : [to, from];
    onChoose({ name: "custom", from: start, to: end });
  };
  return (
    <form class="custom-range" onSubmit={submit}>
      <label>
        From
        <input
          class="input"
          type="date"
          required
          max={calendar.today}
          value={from}
          onInput={(event) => setFrom(event.currentTarget.value)}
        />
      </label>
      <label>
        To
        <input
          class="input"
          type="date"
          required
          max={addDays(calendar.today, 1)}
          value={to}
          onInput={(event) => setTo(event.currentTarget.value)}
        />
      </label>
      <button type="submit" class="button primary">
        Show
      </button>
    </form>
  );
}

function PeriodMenu({ label }: { label: string }) {
  const { view, change } = useViewing();
  const choose = (period: Period, close: () => void) => {
    close();
    change({ period, grain: "auto" });
  };
  return (
    <Menu
      title="Choose the period"
      align="end"
      label={
        <>
          <Icon name="calendar" />
          <span>{label}</span>
        </>
      }
    >
      {(close) => (
        <>
          {Object.entries(PRESETS).map(([name, preset]) => (
            <MenuItem
              key={name}
              chosen={view.period.name === name}
              hint={"key" in preset ? preset.key : undefined}
              onChoose={() => isPresetName(name) && choose({ name }, close)}
            >
              {preset.label}
            </MenuItem>
          ))}
          <hr />
          <CustomRange onChoose={(period) => choose(period, close)} />
        </>
      )}
    </Menu>
  );
}

/** What it is compared with; where the site is younger than that, that it is a part, and from when on it is known. */
function ComparedLabel({ view: { compare, period }, calendar }: Viewing) {
  if (compare === "none") return <span>{COMPARED.none}</span>;
  const known = comparisonKnownFrom(period, compare, calendar);
  const name = COMPARED[compare].toLowerCase();
  // As long as fits a phone beside the filters: it is known late, and a second line would push the page down.
  if (known === null) return <span>vs. {name}</span>;
  return <span title={`Known from ${formatDays(known, known)}`}>vs. part of the {name}</span>;
}

function CompareMenu() {
  const viewing = useViewing();
  const { view, change } = viewing;
  return (
    <Menu title="Compare with" align="end" quiet label={<ComparedLabel {...viewing} />}>
      {(close) =>
        COMPARISONS.map((compare) => (
          <MenuItem
            key={compare}
            chosen={view.compare === compare}
            onChoose={() => {
              close();
              change({ compare });
            }}
          >
            {COMPARED[compare]}
          </MenuItem>
        ))
      }
    </Menu>
  );
}

/** `plain`: nothing is compared. */
export function PeriodPicker({ plain = false }: { plain?: boolean }) {
  const { view, calendar, change } = useViewing();
  const { period } = view;
  const label = period.name === "custom" ? formatDays(period.from, period.to) : PRESETS[period.name].label;
  const step = (direction: -1 | 1) => {
    const shifted = shiftPeriod(period, direction, calendar);
    return { disabled: shifted === null, onClick: () => shifted && change({ period: shifted, grain: "auto" }) };
  };
  return (
    <div class="period">
      {!plain && period.name !== "all" && <CompareMenu />}
      <div class="period-steps">
        <button type="button" class="button icon-only" aria-label="Period before" {...step(-1)}>
          <Icon name="left" />
        </button>
        <PeriodMenu label={label} />
        <button type="button" class="button icon-only" aria-label="Period after" {...step(1)}>
          <Icon name="right" />
        </button>
      </div>
    </div>
  );
}
