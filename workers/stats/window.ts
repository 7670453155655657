/** The last `size` numbers of a stream, the oldest forgotten first. */
export class Window {
  readonly size: number;
  private readonly kept: Float64Array;
  private seen = 0;

  constructor(size: number) {
    this.size = size;
    this.kept = new Float64Array(size);
  }

  get length(): number {
    return Math.min(this.seen, this.size);
  }

  push(value: number): void {
    this.kept[this.seen++ % this.size] = value;
  }

  sorted(): number[] {
    return Array.from(this.kept.slice(0, this.length).sort());
  }

  mean(): number {
    let sum = 0;
    for (let i = 0; i < this.length; i++) sum += this.kept[i] ?? 0;
    return sum / this.length;
  }
}
