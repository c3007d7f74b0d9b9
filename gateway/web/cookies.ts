/** Cookies of the pages. Each is for one origin, and no script can read it. */
export interface Cookies {
  /** Returns the value that a browser sent; undefined if there is none, or more than one. */
  read(header: string | undefined, name: CookieName): string | undefined;
  /** Returns `Set-Cookie` for a value that ends with the browser, or after a time in seconds. */
  set(name: CookieName, value: string, maxAgeS?: number): string;
  /** Returns `Set-Cookie` that deletes. */
  clear(name: CookieName): string;
}

/**
 * - `session`: key of the session. `SameSite=Strict`: no other site can make the browser send it, also not by a link.
 * - `sign-in`: what a sign-in under way needs. `Lax`, because the issuer, another site, leads back to us.
 */
export type CookieName = 'session' | 'sign-in';

const SAME_SITE: Readonly<Record<CookieName, string>> = { session: 'Strict', 'sign-in': 'Lax' };

/**
 * Makes the cookies of an origin. Over https their names begin with `__Host-`: a browser takes such a cookie only from this
 * host, encrypted and for all paths. Over http, which is allowed on loopback only, there can be no such name.
 */
export function createCookies(publicUrl: string): Cookies {
  const isEncrypted = publicUrl.startsWith('https:');
  const nameOf = (name: CookieName): string => `${isEncrypted ? '__Host-' : ''}tereze-${name}`;
  const line = (name: CookieName, value: string, age: string): string =>
    `${nameOf(name)}=${value}; Path=/; HttpOnly; SameSite=${SAME_SITE[name]}${isEncrypted ? '; Secure' : ''}${age}`;
  return {
    read: (header = '', name) => {
      const found = header.split(/; */).filter((pair) => pair.startsWith(`${nameOf(name)}=`));
      return found.length === 1 ? found[0]?.slice(nameOf(name).length + 1) : undefined;
    },
    set: (name, value, maxAgeS) => line(name, value, maxAgeS === undefined ? '' : `; Max-Age=${maxAgeS}`),
    clear: (name) => line(name, '', '; Max-Age=0'),
  };
}
