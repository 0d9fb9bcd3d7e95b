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

