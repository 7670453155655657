// How many bytes a decoded column takes, by our own count: typed arrays by their length, strings by their characters.

const STRING_BYTES = 24;

function isColumn(value: object): value is { dict: readonly string[]; codes: ArrayBufferView } {
  return "dict" in value && "codes" in value;
}

function sizeOfDictionary(dict: readonly string[]): number {
  return dict.reduce((sum, text) => sum + text.length + STRING_BYTES, 0);
}

/** Of typed arrays, and of objects that hold some. */
export function sizeOfColumn(column: unknown): number {
  if (ArrayBuffer.isView(column)) return column.byteLength;
  if (typeof column !== "object" || column === null) return 0;
  const arrays = Object.values(column).reduce(
    (sum, value) => sum + (ArrayBuffer.isView(value) ? value.byteLength : 0),
    0,
  );
  return arrays + (isColumn(column) ? sizeOfDictionary(column.dict) : 0);
}
