/** Returns a writer of `xs:dateTime` in milliseconds: in UTC, or in the time of an offset such as `+05:00`. */
export function timeWriter(zone: string | undefined): (at: Date) => string {
  if (zone === undefined) return (at) => at.toISOString();
  const [sign, hours, minutes] = [zone.slice(0, 1), zone.slice(1, 3), zone.slice(4)];
  const offsetMs = (Number(hours) * 60 + Number(minutes)) * 60_000 * (sign === '-' ? -1 : 1);
  return (at) => new Date(at.getTime() + offsetMs).toISOString().slice(0, -1) + zone;
}
