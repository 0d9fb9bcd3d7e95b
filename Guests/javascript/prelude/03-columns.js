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

