/**
 * The formats of JSON Schema where @cfworker/json-schema has none, or another opinion than the desktop's validator.
 *
 * What is left different is listed in `docs/browser.md`.
 */

import { hasLoneSurrogate } from "./text.js";

const DATE_TIME = /^(\d{4}-\d\d-\d\d)t(\d\d:\d\d:\d\d(?:\.\d+)?(?:z|[+-]\d\d:\d\d))$/i;

/** @param {string} text */
function isDate(text) {
  const found = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text);
  if (found === null) return false;
  const [year, month, day] = found.slice(1).map(Number);
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  return month >= 1 && month <= 12 && day >= 1 && day <= days[month - 1];
}

/** @param {string} text */
function isTime(text) {
  const found = /^(\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:z|([+-])(\d\d):(\d\d))$/i.exec(text);
  if (found === null) return false;
  const [hour, minute, second, offsetHour, offsetMinute] = [found[1], found[2], found[3], found[5] ?? 0, found[6] ?? 0].map(Number);
  if (hour > 23 || minute > 59 || second > 60 || offsetHour > 23 || offsetMinute > 59) return false;
  if (second < 60) return true;
  const sign = found[4] === "+" ? -1 : 1;
  return (hour * 60 + minute + sign * (offsetHour * 60 + offsetMinute) + 2880) % 1440 === 1439;
}

/** @param {string} text */
function isDateTime(text) {
  const found = DATE_TIME.exec(text);
  return found !== null && isDate(found[1]) && isTime(found[2]);
}

/** @param {string} text */
function isIpv4(text) {
  return /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/.test(text);
}

/** @param {string} text */
function isIri(text) {
  return /^[a-z][a-z\d+.-]*:/i.test(text) && isIriReference(text);
}

/** @param {string} text */
function isIriReference(text) {
  return !/[\s<>"{}|\\^`]/u.test(text) && !/%(?![\da-f]{2})/i.test(text) && !hasLoneSurrogate(text);
}

/** @type {Record<string, (text: string) => boolean>} */
export const FORMATS = {
  date: isDate,
  time: isTime,
  "date-time": isDateTime,
  ipv4: isIpv4,
  iri: isIri,
  "iri-reference": isIriReference,
};
