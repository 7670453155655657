// A bounded memory of what was looked up lately. Two generations instead of a linked list: a hit costs one Map look-up,
// and whatever was not asked for during a whole generation is forgotten.

export interface RecentCache<Value> {
  /** The remembered value, else `make(key)`, which is then remembered. */
  get(key: string, make: (key: string) => Value): Value;
}

/** Holds at most twice `generation` entries, in memory only. Keys longer than `maxKeyLength` are never kept. */
export function createRecentCache<Value>(generation: number, maxKeyLength: number): RecentCache<Value> {
  let young = new Map<string, Value>();
  let old = new Map<string, Value>();

  function keep(key: string, value: Value): Value {
    if (young.size >= generation) {
      old = young;
      young = new Map();
    }
    young.set(key, value);
    return value;
  }

  return {
    get(key, make) {
      const recent = young.get(key);
      if (recent !== undefined) return recent;
      if (key.length > maxKeyLength) return make(key);
      return keep(key, old.get(key) ?? make(key));
    },
  };
}
