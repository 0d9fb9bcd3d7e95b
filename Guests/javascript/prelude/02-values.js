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

