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
      const names = dataset.columns, maker = rowMaker(names);
      const columns = names.map((_, place) => columnAt(dataset, place));
      const make = maker(columns), rows = new Array(dataset.length);
      for (let row = 0; row < rows.length; row++) rows[row] = make(row);
      known.rows = rows;
    }
    return known.rows;
  }

  // Makes objects that have a property for each column, and by number too: row.email, row[1], const [a, b] = row.
  // As literals: an assignment to what is not there yet would ask the prototype, for each value.
  function rowMaker(names) {
    const taken = new Set(["__proto__"]);
    const lines = [];
    names.forEach((name, place) => {
      if (!taken.has(name)) lines.push(`${stringify(name)}:c${place}[i]`);
      taken.add(name);
    });
    const lists = names.map((_, place) => `c${place}=c[${place}]`).join(",");
    const source = `(function(c,p){${lists ? `const ${lists};` : ""}return function(i){return{__proto__:p,${lines.join(",")}}}})`;
    const make = host.evaluate(source, "checker.js");
    return (columns) => {
      const prototype = Object.create(strictly(names));
      names.forEach((name, place) =>
        Object.defineProperty(prototype, place, { get() { return this[name]; }, configurable: true }));
      Object.defineProperty(prototype, Symbol.iterator, { value: function* () { for (const n of names) yield this[n]; } });
      rowNames.set(prototype, names);
      return make(columns, prototype);
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

