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

