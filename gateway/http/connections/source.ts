import { BlockList, isIP, isIPv4, isIPv6 } from 'node:net';
import { parseNetwork } from '../../config/network.js';

/** Where a request comes from, for limits and for counting refusals. */
export interface Source {
  /** An IPv4 address or the /64 network of an IPv6 address: what one sender can have many addresses in. */
  readonly name: string;
  /** False for a named proxy, because many callers stand behind it. */
  readonly hasLimit: boolean;
}

/** Finds where requests come from. */
export interface Sources {
  /** Returns whether the peer of a connection is a named proxy. */
  isProxy(peer: string | undefined): boolean;
  /**
   * Returns the source of a request: the peer, or behind named proxies the last hop that is none of
   * them. If a named proxy sends what is no address, the source is that proxy, with a limit.
   *
   * @param forwardedFor the values of `X-Forwarded-For`, in the order in which they came.
   */
  of(peer: string | undefined, forwardedFor?: readonly string[]): Source;
}

/** A chain of proxies is never longer. */
const MAX_HOPS = 20;

/** @param proxies addresses and networks, as `server.proxies` has them. */
export function createSources(proxies: readonly string[]): Sources {
  const named = new BlockList();
  for (const { address, prefix, family } of proxies.flatMap((text) => parseNetwork(text) ?? []))
    named.addSubnet(address, prefix, family);
  const isNamed = (address: string): boolean =>
    proxies.length > 0 && named.check(address, isIPv4(address) ? 'ipv4' : 'ipv6');
  return {
    isProxy: (peer) => {
      const address = addressOf(peer ?? '');
      return address !== undefined && isNamed(address);
    },
    of: (peer, forwardedFor = []) => {
      let address = addressOf(peer ?? '');
      if (address === undefined) return { name: 'unknown', hasLimit: true };
      const hops = forwardedFor.join(',').split(',');
      for (let hop = 1; isNamed(address); hop += 1) {
        const text = hops.pop()?.trim();
        if (text === undefined || (text === '' && hops.length === 0))
          return { name: networkOf(address), hasLimit: false };
        const before = hop > MAX_HOPS ? undefined : addressOf(text);
        if (before === undefined) return { name: networkOf(address), hasLimit: true };
        address = before;
      }
      return { name: networkOf(address), hasLimit: true };
    },
  };
}

/** Forms of a hop: an address, alone or with a port. */
const WITH_PORT = /^(?:\[([0-9a-f:.]+)\](?::[0-9]{1,5})?|([0-9.]+):[0-9]{1,5})$/i;

/** Returns the address that a hop or peer names. An IPv4 address in IPv6 form (RFC 4291, 2.5.5.2) is an IPv4 address. */
function addressOf(text: string): string | undefined {
  const [, bracketed, withPort] = WITH_PORT.exec(text) ?? [];
  const bare = (bracketed ?? withPort ?? text).split('%', 1)[0] ?? '';
  if (isIP(bare) === 0) return undefined;
  if (isIPv4(bare)) return bare;
  const groups = groupsOf(bare);
  const isMapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
  return isMapped ? ipv4Of(groups[6] ?? 0, groups[7] ?? 0) : bare;
}

function networkOf(address: string): string {
  if (!isIPv6(address)) return address;
  const [first, second, third, fourth] = groupsOf(address);
  const groups = [first, second, third, fourth].map((group) => (group ?? 0).toString(16));
  return `${groups.join(':')}::/64`;
}

/** The eight groups of a valid IPv6 address. */
function groupsOf(address: string): readonly number[] {
  const [head = '', tail] = address.split('::');
  const before = partsOf(head);
  if (tail === undefined) return before;
  const after = partsOf(tail);
  return [...before, ...Array.from({ length: 8 - before.length - after.length }, () => 0), ...after];
}

function partsOf(text: string): readonly number[] {
  if (text === '') return [];
  return text.split(':').flatMap((part) => {
    if (!part.includes('.')) return [Number.parseInt(part, 16)];
    const [a = 0, b = 0, c = 0, d = 0] = part.split('.').map(Number);
    return [a * 256 + b, c * 256 + d];
  });
}

function ipv4Of(high: number, low: number): string {
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}
