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
