const ZERO = 0x30;

/** Returns the number that two digits at a position write; -1 if other characters, or none, are there. */
export function twoDigitsAt(text: string, at: number): number {
  const tens = text.charCodeAt(at) - ZERO;
  const ones = text.charCodeAt(at + 1) - ZERO;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1;
}

/** Returns the number that four digits at a position write; -1 if other characters, or none, are there. */
export function fourDigitsAt(text: string, at: number): number {
  const hundreds = twoDigitsAt(text, at);
  const rest = twoDigitsAt(text, at + 2);
  return hundreds < 0 || rest < 0 ? -1 : hundreds * 100 + rest;
}

/** Returns the position after the digits from `start` on, of which there are at most `most`. */
export function endOfDigits(text: string, start: number, most: number): number {
  const limit = Math.min(start + most, text.length);
  let end = start;
  while (end < limit) {
    const digit = text.charCodeAt(end) - ZERO;
    if (!(digit >= 0 && digit <= 9)) break;
    end += 1;
  }
  return end;
}
