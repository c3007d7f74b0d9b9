import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { readTls } from '../../../schemas/tls/read-tls.js';
import { CLIENTS } from '../../ports/client-certificates.js';
import { LOOPBACK_CERTIFICATE } from '../../ports/loopback-certificate.js';

describe('the files of TLS', () => {
  let folder: string;
  const file = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tereze-tls-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('are read when the register is opened', () => {
    const { certificate, key } = CLIENTS.first;
    const settings = {
      ca_file: file('ca', LOOPBACK_CERTIFICATE + certificate),
      cert_file: file('cert', certificate),
      key_file: file('key', key),
      server_name: 'register.example',
    };
    expect(readTls(settings)).to.deep.equal({
      tlsCa: LOOPBACK_CERTIFICATE + certificate,
      tlsClient: { certificate, key },
      tlsServerName: 'register.example',
    });
    expect(readTls(undefined)).to.deep.equal({});
  });

  it('must hold what they are for, and an error tells nothing of them', () => {
    const { certificate, key } = CLIENTS.first;
    const broken = certificate.replace('MIIB', 'hush');
    expect(() => readTls({ ca_file: file('ca', '') })).to.throw('ca holds no certificate of an authority (PEM)');
    expect(() => readTls({ ca_file: file('ca', key) })).to.throw('ca holds no certificate of an authority (PEM)');
    expect(() => readTls({ ca_file: file('ca', LOOPBACK_CERTIFICATE + broken) }))
      .to.throw('ca holds no certificate of an authority (PEM)')
      .and.not.match(/hush/);
    expect(() => readTls({ cert_file: file('cert', key), key_file: file('key', key) })).to.throw(
      'cert holds no certificate (PEM)',
    );
    expect(() => readTls({ cert_file: file('cert', certificate), key_file: file('key', CLIENTS.second.key) })).to.throw(
      /key holds no private key \(PEM\) of the certificate in .*cert$/,
    );
    expect(() => readTls({ cert_file: file('cert', certificate), key_file: join(folder, 'none') })).to.throw('ENOENT');
  });
});
