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

