// On which days people work: weekends and the public holidays of a whole country. The same days as the Python library
// of this name. A namespace that needs others has a library called business_calendar, which takes the place of this one.

const fixed = {
  AT: "1-1 1-6 5-1 8-15 10-26 11-1 12-8 12-25 12-26", BE: "1-1 5-1 7-21 8-15 11-1 11-11 12-25",
  BR: "1-1 4-21 5-1 9-7 10-12 11-2 11-15 11-20 12-25", CH: "1-1 8-1 12-25", DE: "1-1 5-1 10-3 12-25 12-26",
  DK: "1-1 12-25 12-26", ES: "1-1 1-6 5-1 8-15 10-12 11-1 12-6 12-8 12-25", FI: "1-1 1-6 5-1 12-6 12-25 12-26",
  FR: "1-1 5-1 5-8 7-14 8-15 11-1 11-11 12-25", GB: "", IE: "1-1 3-17 12-25 12-26",
  IT: "1-1 1-6 4-25 5-1 6-2 8-15 11-1 12-8 12-25 12-26", NL: "1-1 4-27 12-25 12-26", NO: "1-1 5-1 5-17 12-25 12-26",
  PL: "1-1 1-6 5-1 5-3 8-15 11-1 11-11 12-24 12-25 12-26", PT: "1-1 4-25 5-1 6-10 8-15 10-5 11-1 12-1 12-8 12-25",
  SE: "1-1 1-6 5-1 6-6 12-25 12-26", US: "",
};
const easterDays = {
  AT: [1, 39, 50, 60], BE: [1, 39, 50], BR: [-2], CH: [39], DE: [-2, 1, 39, 50], DK: [-3, -2, 1, 39, 50], ES: [-2],
  FI: [-2, 1, 39], FR: [1, 39, 50], GB: [-2, 1], IE: [1], IT: [1], NL: [1, 39, 50], NO: [-3, -2, 1, 39, 50],
  PL: [1, 60], PT: [-2, 60], SE: [-2, 1, 39],
};
const MONDAY = 1, FRIDAY = 5, DAY = 86400000;
const date = (year, month, day) => new Date(Date.UTC(year, month - 1, day));
const plus = (day, days) => new Date(+day + days * DAY);

export function easter(year) {
  const golden = year % 19, century = Math.floor(year / 100), rest = year % 100;
  const leaps = Math.floor(century / 4), left = century % 4;
  const correction = Math.floor((century - Math.floor((century + 8) / 25) + 1) / 3);
  const moon = (19 * golden + century - leaps - correction + 15) % 30;
  const weekday = (((32 + 2 * left + 2 * Math.floor(rest / 4) - moon - (rest % 4)) % 7) + 7) % 7;
  const late = Math.floor((golden + 11 * moon + 22 * weekday) / 451);
  const sum = moon + weekday - 7 * late + 114;
  return date(year, Math.floor(sum / 31), (sum % 31) + 1);
}

export function nthWeekday(year, month, weekday, n) {
  if (n < 0) {
    const last = plus(date(year, month + 1, 1), -1);
    return plus(last, -((last.getUTCDay() - weekday + 7) % 7));
  }
  const first = date(year, month, 1);
  return plus(first, ((weekday - first.getUTCDay() + 7) % 7) + 7 * (n - 1));
}

function substituted(days) {
  const kept = new Set();
  for (let day of days) {
    while (day.getUTCDay() % 6 === 0 || kept.has(+day)) day = plus(day, 1);
    kept.add(+day);
  }
  return [...kept].map((day) => new Date(day));
}

const midsummer = (year) => {
  const start = date(year, 6, 19);
  return [plus(start, (FRIDAY - start.getUTCDay() + 7) % 7)];
};
const special = {
  US(year) {
    const days = [date(year, 1, 1), date(year, 7, 4), date(year, 11, 11), date(year, 12, 25), date(year + 1, 1, 1)];
    if (year >= 2021) days.push(date(year, 6, 19));
    const kept = days.map((day) => plus(day, { 6: -1, 0: 1 }[day.getUTCDay()] ?? 0));
    return [
      ...kept, nthWeekday(year, 1, MONDAY, 3), nthWeekday(year, 2, MONDAY, 3), nthWeekday(year, 5, MONDAY, -1),
      nthWeekday(year, 9, MONDAY, 1), nthWeekday(year, 10, MONDAY, 2), nthWeekday(year, 11, 4, 4),
    ];
  },
  GB: (year) => [
    ...substituted([date(year, 1, 1)]), ...substituted([date(year, 12, 25), date(year, 12, 26)]),
    nthWeekday(year, 5, MONDAY, 1), nthWeekday(year, 5, MONDAY, -1), nthWeekday(year, 8, MONDAY, -1),
  ],
  IE(year) {
    const days = [5, 6, 8].map((month) => nthWeekday(year, month, MONDAY, 1));
    days.push(nthWeekday(year, 10, MONDAY, -1));
    const first = date(year, 2, 1);
    if (year >= 2023) days.push(first.getUTCDay() === FRIDAY ? first : nthWeekday(year, 2, MONDAY, 1));
    return days;
  },
  SE: midsummer,
  FI: midsummer,
};

export function holidays(country, year) {
  let code = String(country).toUpperCase();
  if (code === "UK") code = "GB";
  if (!Object.hasOwn(fixed, code))
    throw new RangeError(
      `business_calendar has no country '${country}', only ${Object.keys(fixed).join(", ")}. ` +
        "A library of the namespace called business_calendar can have others.");
  const days = fixed[code].split(" ").filter(Boolean).map((text) => date(year, ...text.split("-").map(Number)));
  for (const after of easterDays[code] ?? []) days.push(plus(easter(year), after));
  days.push(...(special[code]?.(year) ?? []).filter((day) => day.getUTCFullYear() === year));
  return [...new Set(days.map(Number))].sort((a, b) => a - b).map((day) => new Date(day));
}

// Which country and which moment is meant: businessDay('DE'), businessDay('DE', day), businessDay({country: 'DE', at: day}).
export function asked(...given) {
  const [first, second] = given, usage = "Write businessDay({country: 'DE', at: day}).";
  const isPlain = typeof first === "object" && first !== null && Object.getPrototypeOf(first) === Object.prototype;
  const { country, at, ...others } = isPlain ? first : { country: first, at: second };
  for (const name of Object.keys(others)) throw new TypeError(`businessDay has no option '${name}'. ${usage}`);
  if (given.length > (isPlain ? 1 : 2)) throw new TypeError(`businessDay has no more than a country and a day. ${usage}`);
  if (country !== undefined && country !== null && typeof country !== "string")
    throw new TypeError(`A country is a text like 'DE', not ${String(country)}. ${usage}`);
  if (at !== undefined && (!(at instanceof Date || typeof at === "string") || Number.isNaN(+new Date(at))))
    throw new TypeError(`A day is a Date or a text like '2026-12-25', not ${at instanceof Date ? "an invalid Date" : String(at)}. ${usage}`);
  return { country, at };
}

export function businessDay(...given) {
  let { country, at } = asked(...given);
  const moment = at === undefined ? globalThis.today() : new Date(at);
  const day = new Date(Math.floor(moment / DAY) * DAY);
  country ??= globalThis.param("country", null);
  // Also on a weekend, so that a country that there is none of is an error on each day.
  const daysOff = country ? holidays(country, day.getUTCFullYear()) : [];
  return day.getUTCDay() % 6 !== 0 && !daysOff.some((holiday) => +holiday === +day);
}

export const isBusinessDay = businessDay;
