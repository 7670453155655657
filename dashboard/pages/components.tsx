// Every chart and control in each of its states, with made-up figures: what the pages are built of.
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { Chart } from "../charts/chart.tsx";
import { charts, fitting } from "../charts/index.ts";
import { Panel, PanelTabs } from "../panels/panel.tsx";
import { SAMPLES } from "../state/samples.ts";
import { Change } from "../ui/change.tsx";
import { Choice } from "../ui/choice.tsx";
import { Chosen } from "../ui/chosen.tsx";
import { Field, Switch } from "../ui/field.tsx";
import { Frame } from "../ui/frame.tsx";
import { Icon } from "../ui/icon.tsx";
import { Menu, MenuItem } from "../ui/menu.tsx";
import { Empty, Failed, Skeleton } from "../ui/notice.tsx";
import { Status } from "../ui/status.tsx";

function Shown({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <section class="shown" aria-label={title}>
      <h2>{title}</h2>
      <div class="panels">{children}</div>
    </section>
  );
}

function Charts() {
  return (
    <Shown title="Charts">
      {Object.values(SAMPLES).flatMap(({ asked, contents }) =>
        contents.flatMap((content, i) =>
          fitting(content).map((name) => (
            <Panel key={`${content.shape} ${i} ${name}`} title={`${charts[name].label}, ${content.shape}`}>
              <div class="answer">
                <Chart name={name} content={content} title={charts[name].label} asked={asked} timeZone="UTC" />
              </div>
            </Panel>
          )),
        ),
      )}
    </Shown>
  );
}

function States() {
  return (
    <Shown title="States">
      <Panel title="Waiting">
        <div class="chart-wait skeleton sample" aria-hidden="true" />
      </Panel>
      <Panel title="Waiting for rows">
        <Skeleton lines={6} class="rows-skeleton sample" />
      </Panel>
      <Panel title="Empty">
        <Empty title="Nothing in this period">Choose a longer period, or fewer filters.</Empty>
      </Panel>
      <Panel title="Failed">
        <Failed
          failure={{
            status: 503,
            title: "Unavailable",
            detail: "The server is being restarted. Try again in a moment.",
            errors: [],
          }}
          onRetry={() => {}}
        />
      </Panel>
    </Shown>
  );
}

function Controls() {
  const [tab, setTab] = useState("day");
  const [on, setOn] = useState(true);
  const tabs = ["day", "week", "month"].map((id) => ({ id, label: id }));
  return (
    <Shown title="Controls">
      <Panel title="Buttons and choices">
        <div class="actions">
          <button type="button" class="button primary">
            <Icon name="plus" />
            Primary
          </button>
          <button type="button" class="button">
            Usual
          </button>
          <button type="button" class="button quiet">
            Quiet
          </button>
          <button type="button" class="button" disabled>
            Disabled
          </button>
          <Menu label="Menu" title="A menu">
            {(close) => (
              <>
                <MenuItem chosen onChoose={close}>
                  Chosen
                </MenuItem>
                <MenuItem hint="k" onChoose={close}>
                  With a key
                </MenuItem>
              </>
            )}
          </Menu>
          <PanelTabs label="Tabs" tabs={tabs} chosen={tab} onChoose={setTab} />
          <Choice label="Choice" chosen={tab} options={tabs} onChoose={setTab} />
          <Chosen label="Chosen" onRemove={() => {}} />
        </div>
      </Panel>
      <Panel title="Fields">
        <Field label="Name" hint="What it is for">
          {(attributes) => <input {...attributes} class="input" placeholder="A value" />}
        </Field>
        <Field label="Wrong" error="use 1 to 50 small letters">
          {(attributes) => <input {...attributes} class="input" value="Über" />}
        </Field>
        <Switch label="Switch" hint="On or off" checked={on} onChange={setOn} />
      </Panel>
      <Panel title="Words">
        <div class="actions">
          <Status status="met" />
          <Status status="near" />
          <Status status="missed" />
          <Status status="unknown" />
          <Change change={12.4} metric={{ unit: "count", better: "higher" }} />
          <Change change={-3.1} metric={{ unit: "percent", better: "higher" }} />
        </div>
        <p class="banner">A banner says what has changed.</p>
      </Panel>
    </Shown>
  );
}

export function ComponentsPage() {
  return (
    <Frame>
      <div class="page-head">
        <h1>Components</h1>
      </div>
      <p class="faint">With made-up figures.</p>
      <Charts />
      <States />
      <Controls />
    </Frame>
  );
}
