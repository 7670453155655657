// Bindings that count what the free plan counts: each statement or batch of D1, each call of an object, KV, R2 and mail.

/** What a namespace hands out: others of its kind, and the objects themselves. */
const HANDS_OUT = new Set(["get", "getByName", "jurisdiction"]);
const ASKS = new Set(["all", "run", "first", "raw"]);

type Method = (...args: unknown[]) => unknown;

export interface Counter {
  calls: number;
}

function whereCalled(target: object, act: (name: string, call: Method) => Method): object {
  return new Proxy(target, {
    get(own, name) {
      const value: unknown = Reflect.get(own, name);
      if (typeof value !== "function" || typeof name !== "string") return value;
      // By its name, as an object's stub must be called.
      return act(name, (...args) => (own as Record<string, Method>)[name]!(...args));
    },
  });
}

function counted(target: object, counter: Counter, counts: (name: string) => boolean = () => true): object {
  return whereCalled(target, (name, call) => (...args) => {
    if (counts(name)) counter.calls++;
    return call(...args);
  });
}

function countedNamespace(namespace: object, counter: Counter): object {
  return whereCalled(namespace, (name, call) => (...args) => {
    const given = call(...args);
    if (!HANDS_OUT.has(name)) return given;
    return name === "jurisdiction" ? countedNamespace(given as object, counter) : counted(given as object, counter);
  });
}

function countedDatabase(db: D1Database, counter: Counter): D1Database {
  const originals = new WeakMap<object, D1PreparedStatement>();
  const statement = (own: D1PreparedStatement): object => {
    const made = whereCalled(own, (name, call) => (...args) => {
      if (name === "bind") return statement(call(...args) as D1PreparedStatement);
      if (ASKS.has(name)) counter.calls++;
      return call(...args);
    });
    originals.set(made, own);
    return made;
  };
  return whereCalled(db, (name, call) => (...args) => {
    if (name === "prepare") return statement(call(...args) as D1PreparedStatement);
    counter.calls++;
    if (name !== "batch") return call(...args);
    return db.batch((args[0] as D1PreparedStatement[]).map((one) => originals.get(one) ?? one));
  }) as D1Database;
}

/** The same bindings; what they are called for is added to the counter. */
export function countedEnv<Env extends { DB: D1Database }>(env: Env, counter: Counter): Env {
  const isNamespace = (value: object): boolean => "idFromName" in value;
  const entries = Object.entries(env).map(([name, value]: [string, unknown]) => {
    if (typeof value !== "object" || value === null) return [name, value];
    if (name === "DB") return [name, countedDatabase(env.DB, counter)];
    return [name, isNamespace(value) ? countedNamespace(value, counter) : counted(value, counter)];
  });
  return Object.fromEntries(entries) as Env;
}
