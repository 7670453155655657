// A report as a site's owner might get it, and its fonts.
import { readFile } from "node:fs/promises";
import type { ReportBlock, ReportDocument, ReportPart, Shown } from "../../workers/domain/report-document.ts";
import { servedAs } from "../../workers/domain/report-fonts.ts";
import { FONT_PATHS, installedFont, unpackedFont } from "../../workers/local/fonts.ts";
import type { ReportFilePorts } from "../../workers/reports/formats/format.ts";

export const fontPorts: ReportFilePorts = {
  async font(file) {
    const path = FONT_PATHS.find((one) => servedAs(one) === file);
    if (!path) throw new Error(`no font is called ${file}`);
    return new Uint8Array(unpackedFont(await readFile(installedFont(path))));
  },
};

const counted = new Intl.NumberFormat("en");
export const n = (value: number): Shown => ({ value, text: counted.format(value) });
export const percent = (value: number): Shown => ({ value, text: `${(value * 100).toFixed(1)} %` });
export const t = (text: string): Shown => ({ value: text, text });

const DAY_MS = 86_400_000;

export const aPart = (
  id: string,
  title: string,
  blocks: ReportBlock[],
  fields: Partial<ReportPart> = {},
): ReportPart => ({
  id,
  title,
  blocks,
  path: `/sites/site-1/${id}`,
  breaksPage: false,
  ...fields,
});

export const aReport = (parts: ReportPart[], fields: Partial<ReportDocument> = {}): ReportDocument => ({
  title: "Weekly site summary",
  site: { id: "site-1", name: "example.com" },
  period: { label: "Last 7 days", from: "2026-11-20", to: "2026-11-26", timeZone: "Europe/Oslo" },
  comparedWith: "13 to 19 November 2026",
  brand: { colour: "#3056d3", logo: null },
  madeAt: Date.UTC(2026, 10, 27, 6),
  parts,
  origin: "https://stats.example.com",
  ...fields,
});

const figures: ReportBlock = {
  kind: "figures",
  figures: [
    { label: "Visitors", now: n(18_432), before: n(16_105), change: "+14.4 %", tone: "better", target: null },
    { label: "Page views", now: n(61_220), before: n(58_904), change: "+3.9 %", tone: "better", target: null },
    {
      label: "Bounce rate",
      now: percent(0.473),
      before: percent(0.441),
      change: "+3.2 points",
      tone: "worse",
      target: null,
    },
    {
      label: "Visit duration",
      now: { value: 134, text: "2 min 14 s" },
      before: { value: 133, text: "2 min 13 s" },
      change: "+0.8 %",
      tone: "neither",
      target: null,
    },
    { label: "Sign-ups", now: n(412), before: n(371), change: "+11.1 %", tone: "better", target: "82 % of 500" },
    {
      label: "Revenue",
      now: { value: 12_874.5, text: "€12,874.50" },
      before: null,
      change: null,
      tone: "neither",
      target: null,
    },
  ],
};

const insights: ReportBlock = {
  kind: "list",
  items: [
    {
      text: "Visitors rose by 14.4 %, more than the 6 % that weeks change by themselves. Germany explains 62 % of it: 3,911 instead of 2,470.",
      tone: "better",
      link: "/sites/site-1/explore?country=DE",
    },
    {
      text: "The bounce rate rose by 3.2 points, most of all on phones (58.1 % instead of 49.0 %), and there on /pricing.",
      tone: "worse",
      link: "/sites/site-1/explore?device=phone",
    },
    { text: "“Sign-ups” is on its way to 82 % of its target by the end of the month.", tone: "neither", link: null },
  ],
};

const visitors = [2310, 2480, 2190, 2655, 2940, 3011, 2846];
const before = [2105, 2210, 2080, 2402, 2511, 2540, 2257];

const picture: ReportBlock = {
  kind: "picture",
  picture: {
    title: "Visitors by day",
    series: [
      { label: "Visitors", values: visitors, as: "bars" },
      { label: "The week before", values: before, as: "line" },
    ],
    start: Date.UTC(2026, 10, 19, 23),
    step: DAY_MS,
    timeZone: "Europe/Oslo",
  },
  columns: [
    { label: "Day", type: "text" },
    { label: "Visitors", type: "number" },
    { label: "The week before", type: "number" },
  ],
  rows: visitors.map((value, place) => [t(`2026-11-${20 + place}`), n(value), n(before[place]!)]),
};

const pages: ReportBlock = {
  kind: "table",
  columns: [
    { label: "Page", type: "text" },
    { label: "Visitors", type: "number" },
    { label: "Page views", type: "number" },
    { label: "Bounce rate", type: "number" },
  ],
  rows: [
    [t("/"), n(9120), n(14_208), percent(0.412)],
    [t("/pricing"), n(4811), n(6120), percent(0.581)],
    [
      t("/blog/how-we-cut-our-build-from-forty-minutes-to-four-and-what-we-learned-on-the-way-there"),
      n(3990),
      n(4214),
      percent(0.702),
    ],
    [t("/docs/getting-started"), n(2877), n(7002), percent(0.221)],
    [t("/カテゴリー/アナリティクス入門"), n(611), n(702), percent(0.388)],
    [t("/产品/数据分析报告"), n(540), n(633), percent(0.401)],
    [t("/ko/제품-소개"), n(322), n(401), percent(0.377)],
    [t("/ar/مقدمة-في-التحليلات"), n(298), n(355), percent(0.45)],
    [t("מדריך למתחילים (גרסה 2)"), n(187), n(204), percent(0.512)],
    [t("/fr/tarifs-été-à-volonté"), n(120), n(133), percent(0.33)],
  ],
  more: 143,
};

const funnel: ReportBlock = {
  kind: "bars",
  columns: [
    { label: "Step", type: "text" },
    { label: "Visitors", type: "number" },
    { label: "Of all", type: "number" },
  ],
  rows: [
    { cells: [t("Visited /pricing"), n(4811), percent(1)], share: 1 },
    { cells: [t("Began to sign up"), n(1204), percent(0.25)], share: 0.25 },
    { cells: [t("Confirmed the address"), n(655), percent(0.136)], share: 0.136 },
    { cells: [t("Paid"), n(412), percent(0.0856)], share: 0.0856 },
  ],
};

const weeks = ["5 Oct", "12 Oct", "19 Oct", "26 Oct", "2 Nov", "9 Nov", "16 Nov", "23 Nov"];
const retention: ReportBlock = {
  kind: "grid",
  columns: [
    { label: "Week", type: "text" },
    { label: "Users", type: "number" },
    ...weeks.map((_, place) => ({ label: `Week ${place}`, type: "number" as const })),
  ],
  rows: weeks.map((week, row) => {
    const shares = weeks.map((_, place) => (place + row < weeks.length ? 1 / (1 + place * (0.8 + row * 0.05)) : null));
    return {
      cells: [t(week), n(900 + row * 37), ...shares.map((share) => (share === null ? t("") : percent(share)))],
      shares: [null, ...shares],
    };
  }),
};

const scripts: ReportBlock = {
  kind: "paragraph",
  text: [
    "日本語：今週の訪問者数は前週より14.4％増加しました。ドイツからの訪問者が増加分の62％を占めています。携帯電話での直帰率は上昇しました。",
    "简体中文：本周访客比上周增长了14.4%，其中62%来自德国。手机端的跳出率有所上升，主要集中在价格页面。",
    "한국어: 이번 주 방문자는 지난주보다 14.4% 증가했습니다. 독일 방문자가 증가분의 62%를 차지합니다.",
    "العربية: ارتفع عدد الزوار هذا الأسبوع بنسبة 14.4% مقارنة بالأسبوع الماضي، وتمثل ألمانيا (Germany) نحو 62% من هذه الزيادة. أما معدل الارتداد على الهواتف فقد ارتفع أيضًا.",
    "עברית: מספר המבקרים השבוע עלה ב-14.4% לעומת השבוע שעבר, וגרמניה (Germany) אחראית ל-62% מהעלייה.",
    "Ελληνικά: Οι επισκέπτες αυξήθηκαν. Русский: посетителей стало больше. Tiếng Việt: lượng khách tăng. Türkçe: ziyaretçi sayısı arttı. Polski: liczba odwiedzających wzrosła. A → B, ≥ 5, − 3, ✓.",
  ].join("\n"),
};

export const weekly = (): ReportDocument =>
  aReport([
    aPart("overview", "At a glance", [figures]),
    aPart("insights", "What changed and why", [insights]),
    aPart("visitors", "Visitors", [picture]),
    aPart("pages", "Top pages", [pages]),
    aPart("funnel", "From pricing to payment", [funnel], { breaksPage: true }),
    aPart("retention", "Users who come back", [retention]),
    aPart("scripts", "In other words", [scripts], { path: null }),
    aPart("quality", "Data quality", [
      { kind: "problem", text: "The funnel “Onboarding” was deleted; choose another one in the report." },
    ]),
  ]);
