// What is used of papaparse; its published types bring in those of Node.
declare module "papaparse" {
  const Papa: {
    unparse(rows: (string | number | null)[][], options: { newline: string; escapeFormulae: boolean | RegExp }): string;
    parse(text: string, options: { delimiter: string; step(row: { data: string[] }): void }): void;
  };
  export default Papa;
}
