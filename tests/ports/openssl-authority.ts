import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A certificate (PEM) made by openssl, with its private key. */
export interface OpensslCertificate {
  readonly certificate: string;
  readonly key: string;
}

export interface OpensslIssuing {
  readonly name: string;
  /** Written as in `subjectAltName`: `DNS:register.example`, `IP:127.0.0.1`. */
  readonly hosts?: string;
  readonly isAuthority?: boolean;
  /** Validity, `YYYYMMDDHHMMSSZ`. */
  readonly from?: string;
  readonly to?: string;
}

/** Certificates made by openssl, so that another program than ours has written what the tests read. */
export class OpensslAuthority {
  /** A folder for files of this test, which `close` removes. */
  readonly folder = mkdtempSync(join(tmpdir(), 'tereze-openssl-'));
  #number = 0;

  /** Issues a certificate; without an issuer it signs itself. */
  issue({ name, hosts, isAuthority = false, from, to }: OpensslIssuing, by?: OpensslCertificate): OpensslCertificate {
    this.#number += 1;
    const number = this.#number;
    const file = (what: string): string => join(this.folder, `${number}.${what}`);
    const extensions = [
      `basicConstraints=critical,CA:${isAuthority ? 'TRUE' : 'FALSE'}`,
      ...(hosts === undefined ? [] : [`subjectAltName=${hosts}`]),
    ];
    writeFileSync(file('ext'), `${extensions.join('\n')}\n`);
    this.#run('ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', file('key'));
    this.#run('req', '-new', '-key', file('key'), '-subj', `/CN=${name}`, '-out', file('csr'));
    const signer = by === undefined ? undefined : this.#written(by);
    const database = file('index');
    writeFileSync(database, '');
    writeFileSync(file('cnf'), caConfig(database, file('serial'), this.folder));
    writeFileSync(file('serial'), `${(1_000 + number).toString()}\n`);
    this.#run(
      ...['ca', '-batch', '-notext', '-md', 'sha256', '-config', file('cnf'), '-extfile', file('ext')],
      ...['-startdate', from ?? '20200101000000Z', '-enddate', to ?? '20990101000000Z'],
      ...['-in', file('csr'), '-out', file('pem')],
      ...(signer === undefined
        ? ['-selfsign', '-keyfile', file('key')]
        : ['-cert', signer.certificate, '-keyfile', signer.key]),
    );
    return { certificate: readFileSync(file('pem'), 'utf8'), key: readFileSync(file('key'), 'utf8') };
  }

  close(): void {
    rmSync(this.folder, { recursive: true });
  }

  #written({ certificate, key }: OpensslCertificate): { readonly certificate: string; readonly key: string } {
    this.#number += 1;
    const at = join(this.folder, `${this.#number}.signer`);
    writeFileSync(`${at}.pem`, certificate);
    writeFileSync(`${at}.key`, key);
    return { certificate: `${at}.pem`, key: `${at}.key` };
  }

  #run(...parameters: readonly string[]): void {
    execFileSync('openssl', parameters, { stdio: ['ignore', 'ignore', 'pipe'] });
  }
}

function caConfig(database: string, serial: string, folder: string): string {
  return [
    '[ca]',
    'default_ca = it',
    '[it]',
    `database = ${database}`,
    `serial = ${serial}`,
    `new_certs_dir = ${folder}`,
    'default_md = sha256',
    'policy = any',
    'unique_subject = no',
    '[any]',
    'commonName = supplied',
    '',
  ].join('\n');
}
