import { createHash, generateKeyPairSync, sign } from 'node:crypto';

/** A certificate (PEM) that a test issued, and its private key. */
export interface Issued {
  readonly name: string;
  readonly certificate: string;
  readonly key: string;
}

export interface Issuing {
  readonly name: string;
  /** Names and addresses (IPv4) that it is for. */
  readonly hosts?: readonly string[];
  /** Who signs it. Without one it signs itself. */
  readonly by?: Issued;
  readonly from?: Date;
  readonly to?: Date;
}

const FROM = new Date('2020-01-01T00:00:00Z');
const TO = new Date('2120-01-01T00:00:00Z');

/** Returns a new certificate with a new P-256 key (RFC 5280, section 4.1). Node reads certificates and issues none. */
export function issueCertificate({ name, hosts = [], by, from = FROM, to = TO }: Issuing): Issued {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const key = String(privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    // The key is new each time, so that its hash is a serial number of its own.
    der(0x02, Buffer.from([1]), createHash('sha256').update(key).digest().subarray(0, 8)),
    ECDSA_SHA256,
    distinguishedName(by?.name ?? name),
    sequence(time(from), time(to)),
    distinguishedName(name),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(basicConstraints(by === undefined), ...(hosts.length === 0 ? [] : [alternativeNames(hosts)]))),
  );
  const signature = sign('sha256', body, by === undefined ? privateKey : by.key);
  return { name, key, certificate: pem(sequence(body, ECDSA_SHA256, der(0x03, Buffer.from([0]), signature))) };
}

function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

const sequence = (...parts: readonly Buffer[]): Buffer => der(0x30, ...parts);
const identifier = (hex: string): Buffer => der(0x06, Buffer.from(hex, 'hex'));
const ECDSA_SHA256 = sequence(identifier('2a8648ce3d040302'));

function distinguishedName(name: string): Buffer {
  return sequence(der(0x31, sequence(identifier('550403'), der(0x0c, Buffer.from(name)))));
}

/** GeneralizedTime. */
function time(at: Date): Buffer {
  return der(0x18, Buffer.from(`${at.toISOString().slice(0, 19).replaceAll(/[-:T]/g, '')}Z`));
}

function extension(id: string, isCritical: boolean, content: Buffer): Buffer {
  const critical = isCritical ? [der(0x01, Buffer.from([0xff]))] : [];
  return sequence(identifier(id), ...critical, der(0x04, content));
}

function basicConstraints(isAuthority: boolean): Buffer {
  return extension('551d13', true, sequence(...(isAuthority ? [der(0x01, Buffer.from([0xff]))] : [])));
}

function alternativeNames(hosts: readonly string[]): Buffer {
  const names = hosts.map((host) =>
    /^[\d.]+$/.test(host) ? der(0x87, Buffer.from(host.split('.').map(Number))) : der(0x82, Buffer.from(host)),
  );
  return extension('551d11', false, sequence(...names));
}

function pem(bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
