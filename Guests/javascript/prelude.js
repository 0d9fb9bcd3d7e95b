// What a checker written in JavaScript can use. Evaluated to a function that is called with the guest's functions when
// the guest is built; every run starts from a snapshot taken after that, and tells its context to `begin`.
(function (host) {
  "use strict";
  // A script may change what is global, and these go on.
  const {
    Array, ArrayBuffer, Boolean, Promise, BigInt, DataView, Date, Error, Float64Array, JSON, Map, Math, Number, Object, Proxy,
    RangeError, RegExp, Set, String, Symbol, SyntaxError, TypeError, Uint32Array, Uint8Array, WeakMap, WeakSet, isNaN,
    parseInt,
  } = globalThis;
  let context = {}, mainLine = /^$/, seeds = [0, 0, 0, 0];
  const { apply, get: reflect } = globalThis.Reflect;
  const isPrototypeOf = (prototype, value) => apply(Object.prototype.isPrototypeOf, prototype, [value]);
  const LONGEST = 1000, SAMPLE_ROWS = 20, SAMPLE_COLUMNS = 64, PASSES_OF_A_LINE = 10, FAILURES_OF_A_LINE = 50;
  const stringify = JSON.stringify, parse = JSON.parse;

  // Errors

  class FailedAssertion extends Error {}
  FailedAssertion.prototype.name = "FailedAssertion";
  // It ends the run as an error, also when the script catches it: what could not be looked at is not well. A script that
  // can do without these data says so by `accept()`.
  class DatasetError extends Error {
    get reason() { return "dataset"; }
    accept() { met.delete(this); }
  }
  const met = new Set();
  function metWith(error) {
    met.add(error);
    return error;
  }
  DatasetError.prototype.name = "DatasetError";
  class UnknownDataset extends DatasetError {
    get reason() { return "unknownDataset"; }
  }
  UnknownDataset.prototype.name = "UnknownDataset";
  class TooMuchData extends DatasetError {
    get reason() { return "tooMuchData"; }
  }
  TooMuchData.prototype.name = "TooMuchData";
  // A column that is not there ends the run in the same way.
  class UnknownColumn extends RangeError {
    accept() { met.delete(this); }
  }
  UnknownColumn.prototype.name = "UnknownColumn";
  const unknownColumn = (message) => metWith(new UnknownColumn(message));
  class NotInSandbox extends Error {
    get reason() { return "forbidden"; }
  }
  NotInSandbox.prototype.name = "NotInSandbox";

  function distance(a, b) {
    let above = Array.from({ length: b.length + 1 }, (_, j) => j);
    for (let i = 1; i <= a.length; i++) {
      const row = [i];
      for (let j = 1; j <= b.length; j++)
        row.push(Math.min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)));
      above = row;
    }
    return above[b.length];
  }

  const isMistyped = (name, names) =>
    names.some((each) => distance(String(name).slice(0, 100), each.slice(0, 100)) <= each.length * 0.2);

  function hint(name, names) {
    name = String(name).slice(0, 100);
    let best = null, least = Math.max(1, Math.floor(name.length * 0.4)) + 1;
    for (const each of names) {
      const far = distance(name, each.slice(0, 100));
      if (far < least) [best, least] = [each, far];
    }
    if (best !== null) return ` Did you mean '${best}'?`;
    return names.length > 0 && names.length <= 12 ? ` There are: ${names.join(", ")}.` : "";
  }

  function answer(json) {
    const reply = parse(json);
    if (!reply.error) return reply;
    const kinds = { unknown: UnknownDataset, tooLarge: TooMuchData };
    throw metWith(new (kinds[reply.error.kind] ?? DatasetError)(reply.error.message));
  }

  // Values

  const cut = (text, longest = LONGEST) =>
    (text.length <= longest ? text : text.slice(0, longest - 1) + "…").toWellFormed();

  function describe(value) {
    try {
      if (typeof value === "string") return cut(stringify(value));
      if (typeof value === "bigint") return `${value}n`;
      if (value instanceof Dataset) return `dataset ${nameOf(value)}`;
      if (value instanceof Date) return isNaN(value) ? "Invalid Date" : value.toISOString();
      if (value instanceof Error) return cut(String(value.stack ? `${value}\n${ownStack(value.stack)}` : value));
      if (typeof value === "object" && value !== null)
        return cut(stringify(value, (_, each) => (typeof each === "bigint" ? `${each}n` : each)) ?? String(value));
      return cut(String(value));
    } catch (error) {
      return `<${typeof value}>`;
    }
  }

  function encode(value) {
    switch (typeof value) {
      case "boolean": return value;
      case "string": return cut(value);
      case "undefined": return null;
      case "number":
        if (Number.isFinite(value)) return value;
        return { double: Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf" };
      case "bigint": {
        const digits = value.toString();
        return digits.length > LONGEST ? `an integer of ${digits.length} digits` : { decimal: digits };
      }
    }
    if (value === null) return null;
    if (value instanceof Uint8Array)
      return { binary: Array.from(value.subarray(0, LONGEST), (byte) => byte.toString(16).padStart(2, "0")).join("") };
    if (value instanceof Date && !isNaN(value)) return value.toISOString();
    return describe(value);
  }

  function decode(cell) {
    if (cell === null || typeof cell !== "object") return cell;
    if ("integer" in cell) return number(cell.integer);
    if ("decimal" in cell) return number(cell.decimal);
    if ("double" in cell) return { nan: NaN, inf: Infinity, "-inf": -Infinity }[cell.double];
    return Uint8Array.from(cell.binary.match(/../g) ?? [], (pair) => parseInt(pair, 16));
  }

  // A whole number that a Number cannot hold is a BigInt; a fraction is rounded to the nearest Number.
  function number(text) {
    const value = Number(text);
    if (Number.isSafeInteger(value) || !/^[+-]?\d+$/.test(text)) return value;
    return BigInt(text);
  }

  // Columns, as the host sends them

  const NULLS = 0, BOOLEANS = 1, INTEGERS = 2, DOUBLES = 3;

  function moment(text) {
    let iso = text.replace(" ", "T").replace(/(\.\d{3})\d+/, "$1");
    if (iso.includes("T")) {
      if (!/(Z|[+-]\d\d(:?\d\d)?)$/.test(iso)) iso += "Z";
      iso = iso.replace(/([+-]\d\d)$/, "$1:00");
    }
    const date = new Date(iso);
    return isNaN(date) ? text : date;
  }

  function tolerantly(read) {
    return (text) => {
      try {
        return read(text);
      } catch (error) {
        return text;
      }
    };
  }

  const readers = {
    integer: tolerantly(number),
    double: Number,
    decimal: (text) => (text === "NaN" ? NaN : number(text)),
    boolean: (text) => ({ true: true, t: true, false: false, f: false })[text.toLowerCase()] ?? text,
    date: moment,
    timestamp: moment,
    json: tolerantly(parse),
  };

  function values(buffer, type, count, exact) {
    const view = new DataView(buffer);
    const kind = view.getUint32(0, true), validitySize = view.getUint32(4, true);
    const start = 8 + Math.ceil(validitySize / 8) * 8;
    let found;
    if (kind === NULLS) return new Array(count).fill(null);
    if (kind === BOOLEANS) found = host.booleans(buffer, start, count);
    else if (kind === DOUBLES) found = new Float64Array(buffer, start, count);
    else if (kind === INTEGERS) found = host.integers(buffer, start, count);
    else found = bytes(buffer, start, count, type, exact);
    if (validitySize === 0) return found;
    if (!Array.isArray(found)) found = Array.from(found);
    const validity = new Uint8Array(buffer, 8, validitySize);
    for (let row = 0; row < count; row++) if (!((validity[row >> 3] >> (row & 7)) & 1)) found[row] = null;
    return found;
  }

  function bytes(buffer, start, count, type, exact) {
    if (type === "binary") {
      const offsets = new Uint32Array(buffer, start, count + 1), base = start + 4 * (count + 1);
      return Array.from({ length: count }, (_, i) => new Uint8Array(buffer.slice(base + offsets[i], base + offsets[i + 1])));
    }
    const found = host.texts(buffer, start, count), read = exact ? undefined : readers[type];
    if (read) for (let row = 0; row < count; row++) found[row] = read(found[row]);
    return found;
  }

  // Datasets

  const inner = new WeakMap(); // of each dataset what is known of it
  const columnNames = new WeakMap(); // of the lists that are columns
  const nameOf = (dataset) => inner.get(dataset).name;

  class Dataset {
    constructor(name) {
      inner.set(this, { name, shape: null, columns: [], rows: null });
    }
    get name() { return nameOf(this); }
    get length() { return shape(this).rows; }
    get columns() { return shape(this).columns.map((column) => column.name); }
    get isTruncated() { return shape(this).truncated; }

    // The values of one column. With {exact: true} decimals and large numbers are the database's own text.
    column(name, { exact = false } = {}) {
      const place = this.columns.indexOf(name);
      if (place < 0)
        throw unknownColumn(`The dataset '${nameOf(this)}' has no column '${name}'.${hint(name, this.columns)}`);
      return columnAt(this, place, exact);
    }
    rows() { return allRows(this).slice(); }
    at(index) { return allRows(this).at(index); }
    [Symbol.iterator]() { return allRows(this)[Symbol.iterator](); }
    toJSON() { return allRows(this); }
    // Beside a number it would be none, and every comparison false.
    [Symbol.toPrimitive](kind) {
      if (kind === "string") return `dataset ${nameOf(this)}`;
      throw new TypeError(`The dataset '${nameOf(this)}' is a list and no number: for how many rows it has write .length.`);
    }
  }
  for (const method of [
    "map", "filter", "find", "findIndex", "some", "every", "forEach", "reduce", "slice", "flatMap", "includes",
    "indexOf", "join", "entries", "keys", "values",
  ])
    Dataset.prototype[method] = function (...args) { return allRows(this)[method](...args); };

  function shape(dataset) {
    const known = inner.get(dataset);
    known.shape ??= answer(host.dataset(known.name));
    return known.shape;
  }

  function columnAt(dataset, place, exact = false) {
    const known = inner.get(dataset), key = exact ? `${place} exact` : place;
    if (!(key in known.columns)) {
      const { columns, rows, missing } = shape(dataset);
      if (missing) throw metWith(new TooMuchData(missing));
      known.columns[key] = values(host.column(known.name, place), columns[place].type, rows, exact);
      columnNames.set(known.columns[key], columns[place].name);
    }
    return known.columns[key];
  }

  function allRows(dataset) {
    const known = inner.get(dataset);
    if (known.rows === null) {
      const names = dataset.columns, Row = rowClass(names);
      const columns = names.map((_, place) => columnAt(dataset, place));
      const make = Row(columns), rows = new Array(dataset.length);
      for (let row = 0; row < rows.length; row++) rows[row] = new make(row);
      known.rows = rows;
    }
    return known.rows;
  }

  // A class whose objects have a property for each column, and by number too: row.email, row[1], const [a, b] = row.
  function rowClass(names) {
    const taken = new Set(["__proto__"]);
    const lines = [];
    names.forEach((name, place) => {
      if (!taken.has(name)) lines.push(`this[${stringify(name)}]=c${place}[i];`);
      taken.add(name);
    });
    const lists = names.map((_, place) => `c${place}=c[${place}]`).join(",");
    const source = `(function(c){${lists ? `const ${lists};` : ""}return function Row(i){${lines.join("")}}})`;
    const make = host.evaluate(source, "checker.js");
    return (columns) => {
      const Row = make(columns), prototype = Row.prototype;
      Object.setPrototypeOf(prototype, strictly(names));
      names.forEach((name, place) =>
        Object.defineProperty(prototype, place, { get() { return this[name]; }, configurable: true }));
      Object.defineProperty(prototype, Symbol.iterator, { value: function* () { for (const n of names) yield this[n]; } });
      rowNames.set(prototype, names);
      return Row;
    };
  }
  const rowNames = new WeakMap();

  // What a row inherits: asked for a name that it has not, it says so, where `undefined` would make a check of nothing.
  function strictly(names) {
    return new Proxy(Object.prototype, {
      get(target, key, row) {
        if (typeof key === "symbol" || key in target || key === "then" || key === "toJSON") return reflect(target, key, row);
        throw unknownColumn(`The row has no column '${key}'.${hint(key, names)}`);
      },
      set(target, key, value, row) {
        Object.defineProperty(row, key, { value, writable: true, enumerable: true, configurable: true });
        return true;
      },
    });
  }

  const byIndex = {
    get(dataset, key) {
      if (typeof key === "string" && /^\d+$/.test(key)) return allRows(dataset)[key];
      const value = dataset[key];
      if (value === undefined && typeof key === "string" && !(key in dataset) && key !== "then") {
        if (inner.get(dataset).shape && dataset.columns.includes(key))
          throw new TypeError(`A dataset is a list of rows. For a column write .column('${key}').`);
        throw new TypeError(`A dataset has no '${key}'.${hint(key, Object.getOwnPropertyNames(Dataset.prototype))}`);
      }
      return typeof value === "function" ? value.bind(dataset) : value;
    },
    has: (dataset, key) => (typeof key === "string" && /^\d+$/.test(key) ? Number(key) < dataset.length : key in dataset),
    getPrototypeOf: () => Dataset.prototype,
  };
  const known = new Map();

  function dataset(name) {
    if (typeof name !== "string") throw new TypeError("A dataset has a name: datasets['orders'].");
    if (!known.has(name)) {
      const made = new Dataset(name), shown = new Proxy(made, byIndex);
      inner.set(shown, inner.get(made));
      known.set(name, shown);
    }
    return known.get(name);
  }

  const datasets = new Proxy(Object.create(null), {
    get: (_, name) => (typeof name === "string" ? dataset(name) : undefined),
    has(_, name) {
      const reply = host.dataset(String(name));
      if (parse(reply).error?.kind === "unknown") return false;
      answer(reply); // that nobody answers says nothing of whether it is there
      return true;
    },
    set() { throw new TypeError("The datasets cannot be changed."); },
    ownKeys() { throw new TypeError("The datasets cannot be listed. Name the one you want: datasets['orders']."); },
  });

  function metric(source, expression, where = "") {
    const name = source instanceof Dataset ? nameOf(source) : source;
    if (typeof name !== "string" || typeof expression !== "string" || typeof (where ?? "") !== "string")
      throw new TypeError("metric(dataset, expression, where) takes a dataset or its name, and SQL as text.");
    const { value, type } = answer(host.measure(name, expression, where ?? "")), found = decode(value);
    return typeof found === "string" && readers[type] ? readers[type](found) : found;
  }
  // `value` as a number that a threshold can be compared with; null stays null. A text that is none, NaN and infinity are
  // errors.
  function finite(value) {
    if (value === null || typeof value === "bigint") return value;
    const found = typeof value === "string" && value.trim() !== "" ? number(value) : value;
    if (typeof found === "bigint" || (typeof found === "number" && Number.isFinite(found))) return found;
    throw new TypeError(`${describe(value)} is no number that a threshold can be compared with.`);
  }
  const count = (source, where) => metric(source, "count(*)", where);

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

  // The assertions

  class CheckerCase {
    constructor({ stopOnFailure = false, level = "fail", ...others } = {}) {
      for (const name of Object.keys(others))
        throw new TypeError(`CheckerCase has no option '${name}'.${hint(name, ["stopOnFailure", "level"])}`);
      if (level !== "fail" && level !== "warn") throw new RangeError(`level is "fail" or "warn", not ${describe(level)}`);
      this.stopOnFailure = stopOnFailure;
      this.level = level;
    }

    fail(...given) { this.#state(false, "fail", text("fail", given), {}); }

    assertEmpty(collection, message) {
      const observed = needSize("assertEmpty", collection);
      this.#state(observed === 0, "assertEmpty", message,
        { subject: collection, observed, expected: "empty", sample: () => sampleOf(collection) });
    }
    assertNotEmpty(collection, message) {
      const observed = needSize("assertNotEmpty", collection);
      this.#state(observed > 0, "assertNotEmpty", message, { subject: collection, observed, expected: "not empty" });
    }
    assertEqual(first, second, message) { this.#equal("assertEqual", first, second, message, true); }
    assertNotEqual(first, second, message) { this.#equal("assertNotEqual", first, second, message, false); }
    assertLessThan(first, second, message) {
      this.#compare("assertLessThan", first, second, message, "less than", (a, b) => a < b);
    }
    assertGreaterThan(first, second, message) {
      this.#compare("assertGreaterThan", first, second, message, "greater than", (a, b) => a > b);
    }
    assertLessThanOrEqual(first, second, message) {
      this.#compare("assertLessThanOrEqual", first, second, message, "at most", (a, b) => a <= b);
    }
    assertGreaterThanOrEqual(first, second, message) {
      this.#compare("assertGreaterThanOrEqual", first, second, message, "at least", (a, b) => a >= b);
    }
    assertBetween(value, low, high, message) {
      const observed = measured("assertBetween", value, low);
      measured("assertBetween", value, high);
      if (low > high) throw new RangeError(`assertBetween(value, low, high): ${plain(low)} is more than ${plain(high)}.`);
      const passed = observed >= low && observed <= high;
      if (passed) needFinite("assertBetween", observed);
      this.#state(passed, "assertBetween", message,
        { subject: value, observed, expected: `between ${plain(low)} and ${plain(high)}` });
    }
    assertAlmostEqual(first, second, delta = 1e-7, message) {
      if (typeof delta === "string") [delta, message] = [1e-7, delta];
      if (kindOf(first) !== "number" || kindOf(second) !== "number")
        throw new TypeError(`assertAlmostEqual cannot compare ${describe(first)} with ${describe(second)}.`);
      if (typeof first !== typeof second) [first, second] = [Number(first), Number(second)];
      this.#state(first === second || Math.abs(Number(first - second)) <= delta, "assertAlmostEqual", message,
        { observed: told(first), expected: `${plain(second)} within ${delta}` });
    }
    assertTrue(expression, message) {
      called("assertTrue", expression);
      this.#state(!!expression, "assertTrue", message, { subject: expression, observed: told(expression), expected: "true" });
    }
    assertFalse(expression, message) {
      called("assertFalse", expression);
      this.#state(!expression, "assertFalse", message, { subject: expression, observed: told(expression), expected: "false" });
    }
    assertIn(member, container, message) {
      this.#state(contains(container, member), "assertIn", message,
        { subject: container, observed: told(member), expected: `one of ${plain(container)}` });
    }
    assertNotIn(member, container, message) {
      if (isIterator(container)) container = Array.from(container);
      const isIn = contains(container, member);
      if (!isIn) needComparableMember("assertNotIn", member, container);
      this.#state(!isIn, "assertNotIn", message,
        { subject: container, observed: told(member), expected: `not one of ${plain(container)}` });
    }

    // No two rows have the same values in these columns. As in SQL, a row with NULL among them repeats no other.
    assertUnique(rows, ...names) {
      let message;
      [rows, names, message] = rowsAndColumns("assertUnique", rows, names);
      const lists = names?.map((name) => columnOf(rows, name)), places = new Map();
      const count = lists ? lists[0].length : rows.length;
      for (let row = 0; row < count; row++) {
        const key = lists ? lists.map((list) => list[row]) : Array.isArray(rows[row]) ? rows[row] : [rows[row]];
        if (key.some((value) => value === null || value === undefined)) continue;
        const text = key.map(keyOf).join(" ");
        if (places.has(text)) places.get(text).push(row);
        else places.set(text, [row]);
      }
      const wrong = [...places.values()].filter((group) => group.length > 1).flat();
      const expected = names ? `no two rows with the same ${names.join(", ")}` : `no value${ofColumn(rows)} twice`;
      this.#rows("assertUnique", message, expected, rows, wrong);
    }
    assertNoNulls(rows, ...names) {
      let message;
      [rows, names, message] = rowsAndColumns("assertNoNulls", rows, names);
      const isNull = (value) => value === null || value === undefined, found = new Set();
      const look = (value, row) => { if (isNull(value)) found.add(row); };
      if (names) for (const name of names) columnOf(rows, name).forEach(look);
      else rows.forEach((value, row) => look(Array.isArray(value) && value.some(isNull) ? null : value, row));
      const wrong = [...found].sort((a, b) => a - b);
      const expected = names ? `no row with NULL in ${names.join(", ")}` : `no NULL${ofColumn(rows)}`;
      this.#rows("assertNoNulls", message, expected, rows, wrong);
    }
    // Every value that is not NULL fits: `holds` is a function of the value, or a regular expression for all of its text.
    assertColumn(rows, column, holds, message) {
      rows = needRows("assertColumn", rows);
      needColumn("assertColumn", rows, column, columnsOf("assertColumn", rows));
      let fits = holds, expected = `${column} for which ${holds?.name || "the function"} is true`;
      if (holds instanceof RegExp || typeof holds === "string") {
        const source = holds instanceof RegExp ? holds.source : holds;
        // All of the text, also where ^ and $ are the ends of a line.
        const pattern = new RegExp(`(?:${source})(?![^])`, (holds instanceof RegExp ? holds.flags.replace(/[gy]/g, "") : "u") + "y");
        fits = (value) => {
          pattern.lastIndex = 0;
          return pattern.test(String(value));
        };
        expected = `${column} matching ${source}`;
      } else if (typeof holds !== "function")
        throw new TypeError("assertColumn(dataset, column, holds): holds is a function or a regular expression.");
      else
        fits = (value) => {
          const answer = settled("assertColumn", holds(value));
          called("assertColumn", answer);
          return answer;
        };
      const wrong = [];
      columnOf(rows, column).forEach((value, row) => {
        if (value !== null && value !== undefined && !fits(value)) wrong.push(row);
      });
      this.#rows("assertColumn", message, expected, rows, wrong);
    }
    assertColumns(source, names, message) {
      if (!Array.isArray(names)) throw new TypeError("assertColumns(dataset, names): names is a list.");
      const found = needDataset("assertColumns", source), columns = found.columns;
      const without = (some, others) => {
        const left = others.slice();
        return some.filter((name) => !left.includes(name) || (left.splice(left.indexOf(name), 1), false));
      };
      const missing = without(names, columns), extra = without(columns, names);
      const parts = [];
      if (missing.length) parts.push(`missing: ${missing.join(", ")}`);
      if (extra.length) parts.push(`not expected: ${extra.join(", ")}`);
      this.#state(parts.length === 0, "assertColumns", message,
        { subject: found, observed: parts.join("; ") || columns.join(", "), expected: `the columns ${names.join(", ")}` });
    }
    assertFresh(source, column, { days = 0, hours = 0, minutes = 0 } = {}, message) {
      const most = ((days * 24 + hours) * 60 + minutes) * 60000;
      if (!(most > 0)) throw new TypeError("assertFresh needs an age: assertFresh('orders', 'created_at', {hours: 24}).");
      const found = needDataset("assertFresh", source);
      let newest = -Infinity;
      found.column(column).forEach((value) => {
        if (value === null) return;
        const time = +new Date(typeof value === "number" ? value * 1000 : value);
        if (isNaN(time)) throw new TypeError(`${describe(value)} is not a moment in time.`);
        if (time > newest) newest = time;
      });
      const age = context.now * 1000 - newest;
      const told = age < -AHEAD ? `${span(-age)} in the future` : `${span(age)} old`;
      const observed = newest === -Infinity ? "no moment at all" : told;
      this.#state(age <= most && age >= -AHEAD, "assertFresh", message,
        { subject: found, observed, expected: `${column} at most ${span(most)} old` });
    }

    #state(passed, assertion, message, about) {
      const name = about.subject instanceof Dataset ? nameOf(about.subject) : assertion;
      if (message === undefined) message = about.expected ? `${name}: ${about.expected}` : assertion;
      message = typeof message === "string" ? message : describe(message);
      state(passed, assertion, message, this.level === "warn" ? { ...about, warns: true } : about);
      if (!passed && this.stopOnFailure) {
        const error = new FailedAssertion(message);
        reported.add(error);
        throw error;
      }
    }
    #rows(assertion, message, expected, rows, wrong) {
      const about = { subject: rows, observed: wrong.length, expected, sample: () => sampleAt(rows, wrong) };
      this.#state(wrong.length === 0, assertion, message, about);
    }
    #compare(assertion, first, second, message, words, holds) {
      const observed = measured(assertion, first, second), bound = sizeOf(second) ?? second;
      const isListed = sizeOf(first) !== undefined && !(first instanceof Map) && words !== "greater than" && words !== "at least";
      const passed = holds(observed, bound);
      if (passed) for (const value of [observed, bound]) needFinite(assertion, value);
      this.#state(passed, assertion, message,
        { subject: first, observed, expected: `${words} ${plain(bound)}`, sample: isListed ? () => sampleOf(first) : undefined });
    }
    #equal(assertion, first, second, message, wanted) {
      for (const value of [first, second]) noIterator(assertion, value);
      const isNumber = (value) => typeof value === "number" || typeof value === "bigint";
      const found = first instanceof Dataset && isNumber(second) ? first.length : first;
      const other = second instanceof Dataset && isNumber(first) ? second.length : second;
      const isEqual = equal(found, other);
      if (!isEqual && !wanted) needComparable(assertion, found, other);
      this.#state(isEqual === wanted, assertion, message,
        { subject: first, observed: told(found), expected: `${wanted ? "" : "not "}equal to ${plain(other)}` });
    }
  }
  const reported = new WeakSet();
  Object.setPrototypeOf(CheckerCase.prototype, new Proxy(Object.prototype, {
    get(target, key, instance) {
      const names = Object.getOwnPropertyNames(CheckerCase.prototype);
      if (typeof key === "string" && !(key in target) && (/^assert[A-Z]/.test(key) || isMistyped(key, names)))
        throw new TypeError(`CheckerCase has no '${key}'.${hint(key, names)}`);
      return reflect(target, key, instance);
    },
  }));

  function called(what, value) {
    if (typeof value === "function") throw new TypeError(`${what} needs a value, not a function: call it.`);
    if (value instanceof Boolean) throw new TypeError(`${what} needs a value, not an object: every object counts as true.`);
    noIterator(what, value);
  }
  // What a generator gives is not looked at; it counts as true.
  const iterators = [function* () {}, async function* () {}].map(
    (each) => Object.getPrototypeOf(Object.getPrototypeOf(each.prototype)));
  const isIterator = (value) =>
    typeof value === "object" && value !== null && iterators.some((each) => isPrototypeOf(each, value));
  function noIterator(what, value) {
    if (isIterator(value))
      throw new TypeError(`${what} needs a value, not an iterator: write Array.from(...), or look at its values.`);
  }
  // What is less than infinity, or more than minus infinity, would hold whatever the data are: of an empty list Math.min()
  // makes Infinity, and Math.max() -Infinity.
  function needFinite(assertion, value) {
    if (value === Infinity || value === -Infinity)
      throw new TypeError(
        `${assertion} would hold whatever the data are: ${value} is more, or less, than every number. `
          + "Math.min() and Math.max() come to that for an empty list: look at its length first.");
  }

  // In words; null where it is not known what it may equal.
  function kindInWords(value) {
    if (value === null || value === undefined) return null;
    if (value instanceof Date) return isNaN(value) ? "an invalid Date" : "a Date";
    if (typeof value === "bigint") return "a number";
    if (typeof value === "string") return /infinity$| BC$/.test(value) ? null : "a text";
    if (typeof value === "number" || typeof value === "boolean") return `a ${typeof value}`;
    if (typeof value !== "object") return null;
    // A row beside a list is compared by its values in their order.
    return "an object or a list";
  }
  // Values of these kinds are never equal, so that the assertion would say nothing about the data.
  function needComparable(assertion, first, second) {
    const [left, right] = [first, second].map(kindInWords);
    if (left === null || right === null || left === right) return;
    const [one, other] = [first, second].map((value) => cut(describe(value), 100));
    throw new TypeError(
      `${assertion} would hold whatever the data are: ${one} is ${left}, ${other} is ${right}, and these are never equal. `
        + "Turn one into the other.");
  }
  // The same for what a container holds: one value of the member's kind is enough.
  function needComparableMember(assertion, member, container) {
    const wanted = kindInWords(member);
    if (wanted === null || typeof container === "string") return;
    let found;
    for (const each of container instanceof Map ? container.keys() : container) {
      if (each === null || each === undefined) continue;
      const kind = kindInWords(each);
      if (kind === wanted || (kind === null && typeof each !== "string")) return;
      if (kind !== null) found ??= each;
    }
    if (found !== undefined) needComparable(assertion, member, found);
  }
  // A promise counts as true, whatever it would come to.
  function settled(what, value) {
    if (value instanceof Promise) throw new TypeError(`${what} needs a value, not a promise: write await before it.`);
    return value;
  }

  // How many values each needs; without one of them it would compare with nothing, and fail for a reason that is none.
  const needed = {
    assertEmpty: 1, assertNotEmpty: 1, assertTrue: 1, assertFalse: 1, assertEqual: 2, assertNotEqual: 2, assertLessThan: 2,
    assertGreaterThan: 2, assertLessThanOrEqual: 2, assertGreaterThanOrEqual: 2, assertBetween: 3, assertAlmostEqual: 2,
    assertIn: 2, assertNotIn: 2, assertUnique: 1, assertNoNulls: 1, assertColumn: 3, assertColumns: 2, assertFresh: 2,
  };
  for (const name of Object.keys(needed)) {
    const method = CheckerCase.prototype[name], least = needed[name];
    const checked = {
      [name](...values) {
        for (const value of values) settled(name, value);
        if (values.length < least)
          throw new TypeError(`${name} needs ${least} value${least === 1 ? "" : "s"} before its message, not ${values.length}.`);
        return apply(method, this, values);
      },
    };
    Object.defineProperty(CheckerCase.prototype, name, { value: checked[name], writable: true, configurable: true });
  }

  function needSize(assertion, value) {
    if (typeof value === "string")
      throw new TypeError(
        `${assertion} takes a dataset or another collection, not the text ${describe(value)}: write datasets['name'], or `
          + "compare texts by assertEqual.");
    const size = sizeOf(value);
    if (size === undefined)
      throw new TypeError(`${assertion} takes a dataset or another collection, not ${describe(value)}.`);
    return size;
  }
  function measured(assertion, value, other) {
    const found = sizeOf(value) ?? value, kind = kindOf(found);
    if (kind === undefined || kind !== kindOf(sizeOf(other) ?? other))
      throw new TypeError(`${assertion} cannot compare ${describe(value)} with ${describe(other)}.`);
    return found;
  }
  // What can be put in an order, each among its own.
  function kindOf(value) {
    if (value instanceof Date) return isNaN(value) ? undefined : "moment";
    const kinds = { number: "number", bigint: "number", boolean: "number", string: "text" };
    return kinds[typeof value];
  }
  function contains(container, member) {
    if (container instanceof Map || container instanceof Set) return container.has(member);
    if (typeof container === "string") return container.includes(member);
    if (container === null || container === undefined || !(Symbol.iterator in container))
      throw new TypeError(`assertIn takes a collection, not ${describe(container)}.`);
    if (container instanceof Dataset && (typeof member !== "object" || member === null))
      throw new TypeError(
        `assertIn: ${describe(container)} has rows, which ${describe(member)} is not one of. For the values of a column `
          + "write .column('name').");
    for (const item of container) if (equal(item, member)) return true;
    return false;
  }
  // Clocks differ; what lies further ahead is no time at which something was written. Milliseconds.
  const AHEAD = 300000;
  // Milliseconds in their largest fitting unit, in the words of Python's `_span`: `23.3 minutes`.
  function span(age) {
    const seconds = age / 1000;
    const sizes = [[86400, "day", 2], [3600, "hour", 1], [60, "minute", 1]];
    const [size, unit] = sizes.find(([size, , least]) => Math.abs(seconds) >= size * least) ?? [1, "second"];
    const tenths = Math.floor(Math.abs(seconds) / size * 10 + 0.5);
    return `${seconds < 0 && tenths ? "-" : ""}${tenths / 10} ${unit}${tenths === 10 ? "" : "s"}`;
  }

  function needDataset(assertion, source) {
    if (typeof source === "string") return dataset(source);
    if (source instanceof Dataset) return source;
    throw new TypeError(`${assertion} takes a dataset or its name, not ${describe(source)}.`);
  }
  function needRows(assertion, source) {
    if (typeof source === "string") return dataset(source);
    if (source instanceof Dataset) return source;
    if (Array.isArray(source)) return columnNames.has(source) ? source : Array.from(source);
    if (ArrayBuffer.isView(source) && typeof source.length === "number") {
      const list = Array.from(source);
      if (columnNames.has(source)) columnNames.set(list, columnNames.get(source));
      return list;
    }
    throw new TypeError(`${assertion} takes a dataset, its name or a list of rows, not ${describe(source)}.`);
  }
  // The last of the names is the message if it is no column, not even a mistyped one, and reads like a sentence.
  function rowsAndColumns(assertion, source, names) {
    const rows = needRows(assertion, source);
    const columns = columnsOf(assertion, rows);
    names = names.flat();
    let message;
    if (names.length && !columns.includes(names.at(-1)) && String(names.at(-1)).includes(" ") && !isMistyped(names.at(-1), columns))
      message = names.pop();
    for (const name of names) needColumn(assertion, rows, name, columns);
    return [rows, names.length ? names : columns.length ? columns : null, message];
  }
  // The names of the columns of a dataset or a list of rows; none for values on their own.
  function columnsOf(assertion, rows) {
    if (rows instanceof Dataset) return rows.columns;
    if (columnNames.has(rows)) return [];
    const named = rows.filter(isRow);
    if (named.length > 0 && named.length < rows.length)
      throw new TypeError(`${assertion} takes a list of rows or a list of values: this one has both.`);
    return [...new Set(named.flatMap((row) => rowNames.get(Object.getPrototypeOf(row)) ?? Object.keys(row)))];
  }
  function isRow(value) {
    if (typeof value !== "object" || value === null) return false;
    const prototype = Object.getPrototypeOf(value);
    return prototype === null || prototype === Object.prototype || rowNames.has(prototype);
  }
  function needColumn(assertion, rows, name, columns) {
    if (columns.length === 0) {
      if (rows.length === 0 || (Number.isInteger(name) && !columnNames.has(rows) && Array.isArray(rows[0]))) return;
      throw unknownColumn(`${assertion}: these are values, which have no column '${name}'. Leave the name out.`);
    }
    if (!columns.includes(name)) throw unknownColumn(`${assertion}: there is no column '${name}'.${hint(name, columns)}`);
    if (rows instanceof Dataset) return;
    const place = rows.findIndex((row) => !(name in row));
    if (place >= 0) throw unknownColumn(`${assertion}: the row ${place} has no column '${name}'.`);
  }
  const MISSING = Symbol("missing"); // what a row has not, where others of the list have a value; it is not NULL
  const columnOf = (rows, name) =>
    rows instanceof Dataset ? rows.column(name) : rows.map((row) => (name in row ? row[name] : MISSING));
  const ofColumn = (rows) => (columnNames.has(rows) ? ` of ${columnNames.get(rows)}` : "");

  // The same text for values that are equal, and for no others.
  function keyOf(value) {
    if (typeof value === "string") return stringify(value);
    if (value instanceof Date) return `d${+value}`;
    if (ArrayBuffer.isView(value)) return `b${Array.from(value)}`;
    if (Array.isArray(value)) return `[${value.map(keyOf)}]`;
    if (typeof value !== "object" || value === null) return typeof value === "bigint" ? `${value}` : String(value);
    return `{${Object.keys(value).sort().map((name) => `${stringify(name)}:${keyOf(value[name])}`)}}`;
  }

  // Around the run

  let logIsOpen = true;
  function log(...items) {
    if (logIsOpen)
      logIsOpen = host.log(items.map((item) => (typeof item === "string" ? item : describe(item))).join(" ") + "\n");
  }

  function param(name, otherwise) {
    const given = context.parameters;
    if (!Object.hasOwn(given, name)) {
      if (otherwise === undefined)
        throw new RangeError(`The checker has no parameter '${name}'.${hint(name, Object.keys(given))}`);
      return otherwise;
    }
    const text = given[name];
    if (typeof otherwise === "boolean") {
      const truth = { true: true, yes: true, on: true, 1: true, false: false, no: false, off: false, 0: false };
      const word = text.trim().toLowerCase();
      if (Object.hasOwn(truth, word)) return truth[word];
      throw new TypeError(`The parameter '${name}' should be true or false, but is '${text}'.`);
    }
    if (typeof otherwise !== "number") return text;
    const value = Number(text);
    if (text.trim() === "" || !Number.isFinite(value))
      throw new TypeError(`The parameter '${name}' should be a number, but is '${text}'.`);
    return value;
  }

  let history = null;
  function previous(n) {
    history ??= parse(host.history()).map((run) => ({ ...run, startedAt: new Date(run.startedAt * 1000) }));
    if (n === undefined) return history.slice();
    if (!Number.isInteger(n) || n < 1) throw new RangeError("previous(n): n counts back from 1, the last run.");
    return history[n - 1] ?? null;
  }

  const now = () => new Date(context.now * 1000);
  // The date of the run in the checker's time zone, as a Date at midnight UTC.
  const today = () => new Date(Math.floor((context.now + context.utcOffset) / 86400) * 86400000);

  function businessDay(...given) {
    const calendar = modules("business_calendar");
    return calendar.businessDay((calendar.asked ?? ownCalendar().asked)(...given));
  }
  const ownCalendar = () => (required.get(" own calendar") ?? evaluated(" own calendar", BUSINESS_CALENDAR)).exports;

  const ok = (...given) => state(true, "ok", text("ok", given));
  const fail = (...given) => state(false, "fail", text("fail", given));
  // `ok(x > 3)` would hold whatever x is.
  function text(what, given) {
    if (given.length === 0) return "The script says so";
    if (given.length === 1 && typeof given[0] === "string") return given[0];
    const found = given.map((value) => cut(describe(value), 200)).join(", ");
    throw new TypeError(
      `${what} takes one text, which it states as it is, not (${found}). Whether something holds is stated by `
        + "new CheckerCase().assertTrue(x, 'message').");
  }

  // Libraries

  const missing = new WeakMap();
  const absent = (name) => {
    const error = new NotInSandbox(`The sandbox of checkers has no module '${name}'.${hint(name, context.libraries)}`);
    missing.set(error, name);
    return error;
  };
  function sourceOf(name) {
    const reply = host.library(name);
    if (reply.startsWith("+")) return reply.slice(1);
    if (name === "business_calendar") return BUSINESS_CALENDAR;
    throw absent(name);
  }

  // For `import`: the source of a module by its file name.
  function find(fileName) {
    const name = fileName.replace(/\.js$/, "");
    if (name !== "checker") return sourceOf(name);
    return `export const {${Object.keys(api).join(",")}} = globalThis;`;
  }

  // For `require`, in the manner of CommonJS; a library may also be written with `export` at the beginning of a line.
  const required = new Map();
  function modules(name) {
    name = String(name).replace(/^\.\//, "").replace(/\.js$/, "");
    if (name === "checker") return api;
    return (required.get(name) ?? evaluated(name, sourceOf(name))).exports;
  }
  function evaluated(name, text) {
    const exported = [];
    const source = text.replace(
      /^import +(?:(\{[^}]*\})|\* +as +([\w$]+)|([\w$]+)) +from +(["'][^"'\n]+["']);?/gm,
      (all, names, whole, main, from) =>
        names ? `const ${names.replace(/\bas\b/g, ":")} = require(${from});`
        : whole ? `const ${whole} = require(${from});` : `const ${main} = require(${from}).default;`
    ).replace(
      /^export +(?:(const|let|var|class|function\*?|async function) +([\w$]+)|default\b)/gm,
      (all, kind, what) => {
        if (!kind) return "exports.default =";
        exported.push(what);
        return `${kind} ${what}`;
      });
    const tail = exported.map((what) => `exports.${what}=${what};`).join("");
    const module = { exports: {} };
    required.set(name, module);
    host.evaluate(`(function(exports,require,module){${source}\n${tail}})`, `${name}.js`)(
      module.exports, modules, module);
    return module;
  }

  // Randomness from the run's seed, by Chris Doty-Humphrey's sfc32

  function random() {
    const [a, b, c, counter] = seeds, sum = (a + b + counter) | 0;
    seeds = [b ^ (b >>> 9), (c + (c << 3)) | 0, (((c << 21) | (c >>> 11)) + sum) | 0, (counter + 1) | 0];
    return (sum >>> 0) / 4294967296;
  }
  Math.random = random;

  const unwanted = (what, instead) => function () {
    throw new NotInSandbox(`${what} is not in the sandbox of checkers. ${instead}`);
  };
  const waiting = "A checker never waits: it looks at the data as they are now.";
  const network = "A checker has no network.";

  const api = {
    CheckerCase, FailedAssertion, DatasetError, UnknownDataset, UnknownColumn, TooMuchData, NotInSandbox, Dataset, datasets, dataset,
    ok, fail, log, param, previous, now, today, count, metric, finite, businessDay, isBusinessDay: businessDay,
    require: modules,
  };
  const others = {
    console: Object.freeze({ log, info: log, debug: log, warn: log, error: log, trace: log }),
    print: log,
    business_day: businessDay,
    setTimeout: unwanted("setTimeout", waiting),
    setInterval: unwanted("setInterval", waiting),
    fetch: unwanted("fetch", network),
    XMLHttpRequest: unwanted("XMLHttpRequest", network),
    WebSocket: unwanted("WebSocket", network),
  };
  for (const [name, value] of Object.entries({ ...api, ...others }))
    Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: false });

  // The end

  const ownStack = (stack) =>
    String(stack).split("\n").filter((line) => line && !/checker\.js:|\(native\)/.test(line)).join("\n");

  function trouble(error) {
    if (error instanceof FailedAssertion) {
      if (!reported.has(error)) {
        const verdict = { passed: false, assertion: "FailedAssertion", message: error.message, dataset: "", expected: "" };
        const line = lineIn(error.stack);
        host.report(stringify(line === null ? verdict : { ...verdict, line }));
      }
      return close();
    }
    tellOfMore();
    return stringify(troubleOf(error));
  }

  // What is told of an error that ends the run.
  function troubleOf(error) {
    const isError = error instanceof Error;
    const what = isError ? `${error.name}: ${error.message}` : `The script threw ${describe(error)}`;
    const told = { reason: "exception", message: cut(what), traceback: isError ? what : undefined };
    if (isError) told.traceback = cut(`${what}\n${ownStack(error.stack)}`, 6000);
    let line = isError ? lineIn(error.stack) : null;
    if (missing.has(error)) line ??= importLine(missing.get(error));
    if (line !== null) told.line = line;
    if (error instanceof SyntaxError && /^\s*at [^\s(<]+\.js:\d+:\d+(\n|$)/.test(error.stack)) told.reason = "syntax";
    else if (error instanceof DatasetError || error instanceof NotInSandbox) told.reason = error.reason;
    else if (isError && error.message === "out of memory") told.reason = "memory";
    return told;
  }

  function importLine(name) {
    const place = host.source().search(new RegExp(`(from|import|require)[\\s(]*["'\`](\\./)?${escape(name)}`));
    return place < 0 ? null : host.source().slice(0, place).split("\n").length;
  }

  // The end of a script that threw nothing. The first data error that it caught and did not accept is its trouble.
  function close() {
    tellOfMore();
    const [error] = met, dropped = error ? null : droppedGenerator(host.source());
    if (dropped) return stringify({ reason: "exception", ...dropped });
    if (!error) return null;
    const told = troubleOf(error);
    told.message += " (The script caught this and went on; error.accept() says that it can do without these data.)";
    return stringify(told);
  }

  // A generator that is called as a statement: nothing of it is carried out. Looked for in the text, without strings and
  // comments; what is written in another way than most is not found.
  function droppedGenerator(source) {
    if (!/\bfunction\s*\*\s*[\w$]/.test(source)) return null;
    const strings = /\/\*[^]*?\*\/|\/\/.*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`/g;
    const code = source.replace(strings, (all) => all.replace(/[^\n]/g, " "));
    for (const [, name] of code.matchAll(/\bfunction\s*\*\s*([\w$]+)/g)) {
      const called = `${escape(name)}\\s*\\((?:[^()]|\\([^()]*\\))*\\)`;
      if (new RegExp(`(?:\\b(?:const|let|var|class)|\\bfunction)\\s+${escape(name)}(?![\\w$])`).test(code)) continue;
      const found = new RegExp(`(?:^|[;{}]|\\)[ \\t]*\\n)\\s*(?=${called}[ \\t]*(?:[;}]|\\n|$)(?!\\s*[.{[(?]))`).exec(code);
      if (found === null) continue;
      return {
        message: `TypeError: Nothing of ${name}() is carried out, which is a generator: write \`for (const _ of ${name}());\`.`,
        line: code.slice(0, found.index + found[0].length).split("\n").length,
      };
    }
    return null;
  }

  // Says in the log what was not listed.
  function tellOfMore() {
    for (const [key, count] of stated) {
      const [line, assertion, passed] = key.split(" ");
      const more = count - (passed === "true" ? PASSES_OF_A_LINE : FAILURES_OF_A_LINE);
      const place = line === "null" ? "no line of the script" : `line ${line}`;
      if (more > 0) log(`${place}: ${more} more times ${assertion} ${passed === "true" ? "held" : "failed"}, which is not listed`);
    }
  }

  // The moment of the run, in milliseconds since 1970.
  function begin(mainFile) {
    context = parse(host.context());
    mainLine = new RegExp(`(?:^|[\\s(])${escape(mainFile)}:(\\d+)`);
    seeds = context.seedParts;
    for (let i = 0; i < 12; i++) random();
    return Math.round(context.now * 1000);
  }

  return { find, trouble, close, begin };
})
