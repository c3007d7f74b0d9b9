import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, type Server } from 'node:tls';
import { expect } from 'chai';
import { HOUSING_FAMILY } from '../../demo/country/people.js';
import type { Access } from '../../gateway/cli/client/access.js';
import { issueCertificate, type Issued } from '../ports/issued-certificate.js';
import { citizenOf, startSystem, type Answer, type RunningSystem } from './running-system.js';

const { applicant, caseNumber } = HOUSING_FAMILY;
const QUESTION = {
  query: 'query($iin: Iin!) { citizen(iin: $iin) { lastName } }',
  variables: { iin: applicant.iin },
};

/** A server that speaks TLS for a register, and lets in who has a certificate of its authority. */
class TlsFront {
  readonly #server: Server;
  readonly #own: Issued;
  /** Where the register is. */
  target: URL | undefined;

  constructor(authority: Issued) {
    this.#own = issueCertificate({ name: 'register', hosts: ['127.0.0.1'], by: authority });
    this.#server = createServer({ requestCert: true, rejectUnauthorized: true, ...this.#context(authority) }, (tls) => {
      const plain = connect(Number(this.target?.port), this.target?.hostname);
      for (const socket of [tls, plain]) socket.on('error', () => undefined);
      tls.pipe(plain).pipe(tls);
      tls.once('close', () => plain.destroy());
    });
    this.#server.on('tlsClientError', () => undefined);
  }

  async listen(): Promise<number> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return (this.#server.address() as AddressInfo).port;
  }

  /** From now on new connections need a certificate of this authority. */
  letIn(authority: Issued): void {
    this.#server.setSecureContext(this.#context(authority));
  }

  close(): void {
    this.#server.close();
  }

  #context(authority: Issued): { readonly ca: string; readonly cert: string; readonly key: string } {
    return { ca: authority.certificate, cert: this.#own.certificate, key: this.#own.key };
  }
}

describe('a gateway whose certificates are replaced', function () {
  this.timeout(120_000);
  const authority = issueCertificate({ name: 'authority' });
  const next = issueCertificate({ name: 'next authority' });
  let folder: string;
  let front: TlsFront;
  let system: RunningSystem;
  let housing: Access;

  const file = (name: string): string => join(folder, name);
  const writeClient = ({ certificate, key }: Issued): void => {
    writeFileSync(file('cert.pem'), certificate);
    writeFileSync(file('key.pem'), key);
  };
  const ask = (): Promise<Answer> => system.ask(housing, QUESTION);
  const reload = async (): Promise<void> => system.gateway.reload?.(async () => system.config);
  const reloads = (): readonly { readonly event: string; readonly reason?: string }[] =>
    system.logged
      .map((line) => JSON.parse(line) as { event: string; reason?: string })
      .filter(({ event }) => event.startsWith('reload'));

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tereze-rotated-'));
    writeFileSync(file('ca.pem'), authority.certificate);
    writeClient(issueCertificate({ name: 'tereze', by: authority }));
    front = new TlsFront(authority);
    const port = await front.listen();
    system = await startSystem((config) => {
      const { population } = config.registers;
      if (population?.protocol !== 'soap') throw new Error('the demo’s population register is of another protocol');
      front.target = new URL(population.url);
      const tls = { ca_file: file('ca.pem'), cert_file: file('cert.pem'), key_file: file('key.pem') };
      const url = `https://127.0.0.1:${port}${front.target.pathname}`;
      return { ...config, registers: { ...config.registers, population: { ...population, url, tls } } };
    });
    housing = await system.as('housing', 'housing_queue', caseNumber);
  });
  after(async () => {
    front.close();
    await (system as RunningSystem | undefined)?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('shows the certificate that was in the files when it last read them', async () => {
    expect(citizenOf(await ask())['lastName']).to.be.a('string');
    front.letIn(next);
    // What is connected stays connected; a new connection needs the next certificate.
    expect(citizenOf(await ask())['lastName']).to.be.a('string');
    await reload();
    expect((await ask()).errors.map(({ extensions }) => extensions.code)).to.include('DOWNSTREAM_SERVICE_ERROR');
    writeClient(issueCertificate({ name: 'tereze', by: next }));
    await reload();
    expect(reloads().at(-1)).to.include({ event: 'reloaded' });
    expect(citizenOf(await ask())['lastName']).to.be.a('string');
  });

  it('keeps what it has when a file cannot be used, and says which one', async () => {
    writeFileSync(file('key.pem'), issueCertificate({ name: 'another' }).key);
    await reload();
    const { event, reason = '' } = reloads().at(-1) ?? { event: '' };
    expect(event).to.equal('reload_refused');
    expect(reason).to.include(
      `${file('key.pem')} holds no private key (PEM) of the certificate in ${file('cert.pem')}`,
    );
    expect(reason).to.not.include('BEGIN');
    expect(citizenOf(await ask())['lastName']).to.be.a('string');
  });
});
