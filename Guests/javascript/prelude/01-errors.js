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

