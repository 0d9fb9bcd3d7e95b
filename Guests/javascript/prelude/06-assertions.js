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
