// What is used of pdfkit, fontkit and linebreak; the published types of pdfkit bring in those of Node, the others have none.
declare module "fontkit" {
  export interface Glyph {
    /** Those that it stands for; the font keeps one glyph for all places. */
    codePoints: number[];
  }
  export interface GlyphRun {
    direction: "ltr" | "rtl";
    glyphs: Glyph[];
  }
  export interface Font {
    hasGlyphForCodePoint(codePoint: number): boolean;
    layout(text: string, features?: Features): GlyphRun;
  }
  /** Those to add to the font's own, or which of them are on. */
  export type Features = string[] | Record<string, boolean>;
  export function create(bytes: Uint8Array): Font;
}

declare module "linebreak" {
  export default class LineBreaker {
    constructor(text: string);
    nextBreak(): { position: number; required: boolean } | null;
  }
}

declare module "pdfkit" {
  import type { Font } from "fontkit";

  export interface TextOptions {
    lineBreak: false;
    baseline: "alphabetic";
    features?: string[];
    fill?: boolean;
    stroke?: boolean;
  }
  export interface Image {
    width: number;
    height: number;
  }
  /** Places in points from the left and the top. */
  export default class PDFDocument {
    constructor(options: {
      size: "A4";
      margin: number;
      font: null;
      bufferPages: true;
      autoFirstPage: false;
      lang: string;
      displayTitle: true;
      pdfVersion: "1.7";
      info: { Title: string; Creator: string; Producer: string; CreationDate: Date };
    });
    outline: { addItem(title: string): unknown };
    registerFont(name: string, font: Font): this;
    font(name: string, size: number): this;
    widthOfString(text: string, options: { features?: string[] }): number;
    text(text: string, x: number, y: number, options: TextOptions): this;
    addPage(): this;
    bufferedPageRange(): { start: number; count: number };
    switchToPage(place: number): this;
    save(): this;
    restore(): this;
    translate(x: number, y: number): this;
    scale(times: number): this;
    fillColor(colour: string): this;
    strokeColor(colour: string): this;
    lineWidth(width: number): this;
    lineCap(cap: "butt" | "round"): this;
    lineJoin(join: "miter" | "round"): this;
    dash(length: number, options: { space: number }): this;
    undash(): this;
    rect(x: number, y: number, width: number, height: number): this;
    roundedRect(x: number, y: number, width: number, height: number, radius: number): this;
    circle(x: number, y: number, radius: number): this;
    moveTo(x: number, y: number): this;
    lineTo(x: number, y: number): this;
    path(svg: string): this;
    fill(colour?: string): this;
    stroke(colour?: string): this;
    link(x: number, y: number, width: number, height: number, url: string): this;
    openImage(source: Uint8Array): Image;
    image(image: Image, x: number, y: number, options: { width: number; height: number }): this;
    end(): void;
  }
}

declare module "pdfkit/output" {
  import type PDFDocument from "pdfkit";
  export function toBytes(document: PDFDocument): Promise<Uint8Array>;
}
