  // Verdicts

  const stated = new Map();
  const escape = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const lineIn = (stack) => {
    const match = mainLine.exec(stack ?? "");
    return match ? Number(match[1]) : null;
  };

  function state(passed, assertion, message, about = {}) {
    const line = lineIn(new Error().stack), key = `${line} ${assertion} ${passed}`;
    const count = (stated.get(key) ?? 0) + 1;
    stated.set(key, count);
    if (count > (passed ? PASSES_OF_A_LINE : FAILURES_OF_A_LINE)) return;
    const { subject, observed, expected = "", sample, warns } = about;
    message = cut(message, 8000);
    const verdict = { passed, assertion, message, dataset: subject instanceof Dataset ? nameOf(subject) : "", expected };
    if (line !== null) verdict.line = line;
    if (warns) verdict.warns = true;
    if (observed !== undefined) verdict.observed = encode(observed);
    if (!passed && sample) verdict.sample = sample();
    host.report(stringify(verdict));
  }

  function sampleAt(rows, places) {
    if (rows instanceof Dataset)
      return { dataset: nameOf(rows), rows: places.slice(0, SAMPLE_ROWS), total: places.length };
    const items = Array.from(rows);
    return sampleOf(places.map((place) => items[place]));
  }

  function sampleOf(collection) {
    if (collection instanceof Dataset) {
      const total = collection.length;
      return { dataset: nameOf(collection), rows: Array.from({ length: Math.min(total, SAMPLE_ROWS) }, (_, i) => i), total };
    }
    const items = [];
    for (const item of collection) if (items.push(item) >= SAMPLE_ROWS) break;
    if (items.length === 0) return undefined;
    const isObject = (item) => typeof item === "object" && item !== null && !(item instanceof Date);
    const columns = isObject(items[0]) ? Object.keys(items[0]).slice(0, SAMPLE_COLUMNS) : ["value"];
    const rows = items.map((item) => columns.map((name) => encode(isObject(item) ? item[name] : item)));
    return { columns, rows, total: sizeOf(collection) };
  }

  function sizeOf(value) {
    if (value instanceof Dataset || Array.isArray(value) || ArrayBuffer.isView(value)) return value.length;
    if (value instanceof Map || value instanceof Set) return value.size;
    return undefined;
  }

  const plain = (value) => cut(typeof value === "number" ? String(value) : describe(value), 200);
  const told = (value) => sizeOf(value) ?? (value === null || value === undefined ? String(value) : value);

  function equal(a, b) {
    if (a === b || (a !== a && b !== b)) return true;
    if (typeof a === "bigint" || typeof b === "bigint") return a == b;
    if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
    if (a instanceof Date || b instanceof Date) return a instanceof Date && b instanceof Date && +a === +b;
    const listed = (value) => value instanceof Dataset || Array.isArray(value) || ArrayBuffer.isView(value);
    if (listed(a) || listed(b)) {
      // A row beside an array is compared by its values in their order.
      const [left, right] = [a, b].map((value) => (Symbol.iterator in value ? Array.from(value) : [NaN]));
      return left.length === right.length && left.every((value, i) => equal(value, right[i]));
    }
    if (a instanceof Set || b instanceof Set)
      return a instanceof Set && b instanceof Set && a.size === b.size && Array.from(a).every((value) => contains(b, value));
    if (a instanceof Map || b instanceof Map)
      return a instanceof Map && b instanceof Map && a.size === b.size
        && Array.from(a).every(([key, value]) => b.has(key) && equal(value, b.get(key)));
    if (a instanceof RegExp && b instanceof RegExp) return String(a) === String(b);
    const keys = Object.keys(a);
    // Without keys, only plain objects are known to hold nothing else.
    const isPlain = (value) => [Object.prototype, null].includes(Object.getPrototypeOf(value));
    if (keys.length === 0 && !(isPlain(a) && isPlain(b))) return false;
    return keys.length === Object.keys(b).length && keys.every((key) => key in b && equal(a[key], b[key]));
  }

