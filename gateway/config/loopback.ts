/** True for this machine itself: `localhost`, 127.0.0.0/8, `::1` (a URL's host may stand in brackets). */
export function isLoopback(host: string): boolean {
  const name = host
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '');
  return name === 'localhost' || name.endsWith('.localhost') || name === '::1' || /^127(?:\.[0-9]{1,3}){3}$/.test(name);
}
