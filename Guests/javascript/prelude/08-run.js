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

