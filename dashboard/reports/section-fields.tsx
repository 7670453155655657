// What a section says or asks: the fields of its kind.
import type { FieldError } from "../../workers/domain/errors.ts";
import type { ReportSection, SectionKind, SectionOf } from "../../workers/domain/report.ts";
import type { Site } from "../../workers/domain/site.ts";
import { ChartSelect, FigureFields, fittingChart } from "../boards/question-fields.tsx";
import { loadBoards } from "../state/boards.ts";
import { loadFunnels } from "../state/funnels.ts";
import { loadKpis } from "../state/kpis.ts";
import { QUESTION_STARTS } from "../state/report-draft.ts";
import { siteHref } from "../state/router.ts";
import { sites } from "../state/sites.ts";
import { errorAt, Field, TextInput } from "../ui/field.tsx";
import { SelectInput } from "../ui/select-input.tsx";
import { Checks, Metrics, OneOf, useNamed } from "./choose-fields.tsx";

interface FieldsProps<Kind extends SectionKind> {
  site: Site;
  section: SectionOf<Kind>;
  change: (section: SectionOf<Kind>) => void;
  errors: readonly FieldError[];
  /** Of the section, as the API names it. */
  path: string;
}

const useKpis = (siteId: string) =>
  useNamed(siteId, async () => {
    const reply = await loadKpis(siteId);
    return reply.ok ? reply.value.kpis : null;
  });

function TextFields({ section, change, errors, path }: FieldsProps<"text">) {
  return (
    <Field
      label="Text"
      hint="An empty line begins a paragraph, - a point of a list."
      error={errorAt(errors, `${path}.text`)}
    >
      {(attributes) => (
        <textarea
          {...attributes}
          class="input"
          rows={6}
          value={section.text}
          onInput={(event) => change({ ...section, text: event.currentTarget.value })}
        />
      )}
    </Field>
  );
}

function FiguresFields({ site, section, change, errors, path }: FieldsProps<"figures">) {
  const kpis = useKpis(site.id);
  return (
    <>
      <Metrics
        siteId={site.id}
        metrics={section.metrics}
        least={section.kpis.length > 0 ? 0 : 1}
        most={20}
        error={errorAt(errors, `${path}.metrics`)}
        onMetrics={(metrics) => change({ ...section, metrics })}
      />
      <Checks
        legend="KPIs, with their targets"
        all={kpis ?? []}
        chosen={section.kpis}
        onChosen={(chosen) => change({ ...section, kpis: chosen })}
      />
    </>
  );
}

const GRANULARITIES = ["day", "week", "month"] as const;

function RetentionFields({ section, change }: Pick<FieldsProps<"question">, "section" | "change">) {
  const { question } = section;
  if (!("analysis" in question) || question.analysis !== "retention") return null;
  const chosen = GRANULARITIES.find((one) => one === question.params.granularity) ?? "week";
  return (
    <SelectInput
      label="Cohorts of each"
      value={chosen}
      options={GRANULARITIES}
      onValue={(granularity) =>
        change({ ...section, question: { ...question, params: { ...question.params, granularity } } })
      }
    />
  );
}

/** What is asked already, where it is none of those to begin with. */
const OWN = "As it is";

function QuestionFields({ site, section, change, errors, path }: FieldsProps<"question">) {
  const { question, rows } = section;
  const { chart, names } = fittingChart(section, site.id);
  const fit = (next: SectionOf<"question">) =>
    change({ ...next, chart: fittingChart(next, site.id).chart as SectionOf<"question">["chart"] }); // a question's is never text
  const begun = QUESTION_STARTS.find((one) => JSON.stringify(one.question) === JSON.stringify(question));
  const begin = (label: string) => {
    const start = QUESTION_STARTS.find((one) => one.label === label);
    if (start) change({ ...section, chart: start.chart, question: start.question as typeof question }); // its own defaults are filled in by the API
  };
  return (
    <>
      <SelectInput
        label="Begin with"
        value={begun?.label ?? OWN}
        options={[...(begun ? [] : [OWN]), ...QUESTION_STARTS.map(({ label }) => label)]}
        onValue={begin}
      />
      {"metrics" in question && (
        <FigureFields question={question} onQuestion={(asked) => fit({ ...section, question: asked })} />
      )}
      <RetentionFields section={section} change={change} />
      <div class="form-grid">
        {names.length > 0 && (
          <ChartSelect names={names} chart={chart} onChart={(name) => change({ ...section, chart: name })} />
        )}
        <TextInput
          label="Rows shown"
          type="number"
          value={String(rows)}
          onValue={(text) => change({ ...section, rows: Number(text) })}
          error={errorAt(errors, `${path}.rows`)}
        />
      </div>
      {errorAt(errors, `${path}.question`) && <p class="field-error">{errorAt(errors, `${path}.question`)}</p>}
    </>
  );
}

function FunnelFields({ site, section, change, errors, path }: FieldsProps<"funnel">) {
  const funnels = useNamed(site.id, async () => {
    const reply = await loadFunnels(site.id);
    return reply.ok ? reply.value.funnels : null;
  });
  return (
    <OneOf
      label="Funnel"
      all={funnels}
      chosen={section.funnelId}
      error={errorAt(errors, `${path}.funnelId`)}
      none={{ text: "No funnel is saved yet. Build one and save it.", href: siteHref(site.id, "funnels") }}
      onChosen={(funnelId) => change({ ...section, funnelId })}
    />
  );
}

function BoardFields({ site, section, change, errors, path }: FieldsProps<"board">) {
  const boards = useNamed(site.id, async () => {
    const reply = await loadBoards(site.id);
    return reply.ok ? reply.value.boards : null;
  });
  return (
    <OneOf
      label="Board"
      all={boards}
      chosen={section.boardId}
      error={errorAt(errors, `${path}.boardId`)}
      none={{ text: "There is no board yet. Make one.", href: siteHref(site.id, "boards") }}
      onChosen={(boardId) => change({ ...section, boardId })}
    />
  );
}

function BenchmarkFields({ site, section, change, errors, path }: FieldsProps<"benchmarks">) {
  const others = (sites.value ?? []).filter(({ id }) => id !== site.id);
  return (
    <>
      <Metrics
        siteId={site.id}
        metrics={section.metrics}
        least={1}
        most={10}
        error={errorAt(errors, `${path}.metrics`)}
        onMetrics={(metrics) => change({ ...section, metrics })}
      />
      <Checks
        legend="Beside your own sites"
        all={others}
        chosen={section.sites}
        onChosen={(chosen) => change({ ...section, sites: chosen })}
      />
    </>
  );
}

function InsightsFields({ section, change, errors, path }: FieldsProps<"insights">) {
  return (
    <TextInput
      label="At most"
      type="number"
      hint="Seven or fewer; what is mere noise is never told"
      value={String(section.most)}
      onValue={(text) => change({ ...section, most: Number(text) })}
      error={errorAt(errors, `${path}.most`)}
    />
  );
}

interface SectionFieldsProps {
  site: Site;
  section: ReportSection;
  change: (section: ReportSection) => void;
  errors: readonly FieldError[];
  path: string;
}

function KindFields({ section, ...props }: SectionFieldsProps) {
  switch (section.kind) {
    case "text":
      return <TextFields section={section} {...props} />;
    case "figures":
      return <FiguresFields section={section} {...props} />;
    case "question":
      return <QuestionFields section={section} {...props} />;
    case "funnel":
      return <FunnelFields section={section} {...props} />;
    case "board":
      return <BoardFields section={section} {...props} />;
    case "benchmarks":
      return <BenchmarkFields section={section} {...props} />;
    case "insights":
      return <InsightsFields section={section} {...props} />;
    case "quality":
    case "page_break":
      return null;
  }
}

export function SectionFields(props: SectionFieldsProps) {
  const { section, change, errors, path } = props;
  return (
    <>
      {section.kind !== "page_break" && (
        <TextInput
          label="Title"
          hint="Left empty, its usual one"
          value={section.title}
          onValue={(title) => change({ ...section, title })}
          error={errorAt(errors, `${path}.title`)}
        />
      )}
      <KindFields {...props} />
      {section.kind === "page_break" && <p class="faint">On paper, what follows begins a new page.</p>}
    </>
  );
}
