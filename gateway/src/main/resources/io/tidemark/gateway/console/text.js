/** Figures and names as people read them. */

/** Characters that only steer how others are shown are shown themselves. */
export const visible = (text) =>
  text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (steering) => `\\u{${steering.codePointAt(0).toString(16)}}`);

export const counted = (value, noun) => `${count(value)} ${noun}${value === 1 ? "" : "s"}`;

const UNITS = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

export function bytes(value) {
  let left = value;
  let unit = 0;
  while (left >= 1024 && unit < UNITS.length - 1) {
    left /= 1024;
    unit++;
  }
  return `${unit === 0 || left >= 100 ? Math.round(left) : left.toFixed(1)} ${UNITS[unit]}`;
}

export const count = (value) => value.toLocaleString("en");

/** An offset, or a word for one that is not known. */
export const known = (value, otherwise = "unknown here") => (value == null ? otherwise : count(value));

export function money(value, currency) {
  if (value > 0 && value < 0.0001) return `under 0.0001 ${currency}`;
  return `${value.toFixed(value > 0 && value < 0.01 ? 4 : 2)} ${currency}`;
}

export function duration(ms) {
  const seconds = Math.round(ms / 1000);
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}

export const clock = (ms) => new Date(ms).toLocaleTimeString("en-GB");
