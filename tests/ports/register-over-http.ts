import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TlsOptions } from 'node:tls';
import { expect } from 'chai';
import { stringify } from 'yaml';
import { registersConfig } from '../../adapters/config.js';
import { openAdapters, type Adapters } from '../../adapters/open-adapters.js';
import type { FetchSelection, RegisterAnswer, RegisterFailure } from '../../adapters/port.js';
import type { HttpAnswer, HttpRegister } from '../../demo/registers/http-register.js';
import { AccessRecord } from '../../gateway/access/access-record.js';
import { createHttpClient } from '../../gateway/compose/http-client.js';
import { systemRandom } from '../../gateway/compose/random.js';
import type { Observer } from '../../schemas/ports/observer.js';
import type { FailureReason } from '../../schemas/failures/register-failure.js';
import { openTokenEndpoint, type TokenEndpoint } from '../adapters/auth/token-endpoint.js';
import { citizens } from '../adapters/selections.js';
import { runningClock } from '../doubles.js';
import { registersOf } from '../recorded-calls.js';
import { rejection } from '../rejection.js';
import { issueCertificate, type Issued } from './issued-certificate.js';
import { bytesOf, headersOf, MISDEEDS, SAID, SHORT_MS, type Misdeed, type Misdoing } from './misdeeds.js';
import { listenRaw, rawResponse, type RawListener, type Received } from './raw-listener.js';

/**
 * Reasons of a server on Node that refuses a certificate: it sends no alert. Within a handshake of TLS 1.2 that is no
 * more than the end of a connection. `connection-reason.test.ts` asks servers on OpenSSL, which do send one.
 */
const ENDS_WITHOUT_A_WORD: Readonly<Record<'TLSv1.2' | 'TLSv1.3', FailureReason>> = {
  'TLSv1.2': 'connection_cut',
  'TLSv1.3': 'tls_client_certificate',
};

/**
 * Time of a call that must run into its deadline is {@link SHORT_MS}; of any other, this: less than registers that are
 * asked too much want to be left alone for, or they would be asked again.
 */
const ENOUGH_MS = 15_000;
const SECRET = 'hush-hush-of-the-gateway';

/** A register of one protocol and profile, as its steward would describe and configure it. */
export interface RegisterOverHttp {
  /** `source.yaml`. */
  readonly source: object;
  /** Its part of the configuration, without `url`, `auth` and `tls`. Files are in the folder. */
  readonly settings: (folder: string) => object;
  /** Path of the service, after the origin. */
  readonly path?: string;
  readonly selection: FetchSelection;
  /** A person that the register has, and what the selection gives of that person. */
  readonly iin: string;
  readonly record: unknown;
  /** Answers a question rightly, for any caller. */
  readonly answer: HttpRegister;
  /** Answers that are whole and of the right form, but not what was asked for; and what the gateway calls them. */
  readonly wrong?: Partial<Record<FailureReason, HttpRegister>>;
  /** Where the protocol says another reason for a misdeed of {@link MISDEEDS}. */
  readonly reasons?: Partial<Record<Misdeed, FailureReason>>;
}

/**
 * What the gateway promises of a register over HTTP, whichever protocol and profile it speaks: every misdeed has its
 * reason and ends in time, TLS is checked, credentials are used well, and nothing of it all is told. The register is
 * opened by its settings, as a gateway opens it, and answers byte by byte.
 */
export function describeRegisterOverHttp(name: string, describeIt: () => RegisterOverHttp): void {
  describe(`${name} over HTTP`, function () {
    this.timeout(120_000);
    const standing = runningClock();
    let register: RegisterOverHttp;
    let folder: string;
    let told: string[];
    /** Moves the monotonic clock. */
    let passedMs: number;
    let record: AccessRecord;
    const clock = { ...standing, monotonic: () => standing.monotonic() + passedMs };
    const closing: (() => Promise<void>)[] = [];

    before(() => {
      register = describeIt();
    });
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'tereze-register-'));
      mkdirSync(join(folder, 'register'));
      writeFileSync(join(folder, 'register', 'source.yaml'), stringify(register.source));
      writeFileSync(join(folder, 'secret'), SECRET);
      told = [];
      passedMs = 0;
      record = new AccessRecord('request-1');
    });
    afterEach(async () => {
      await Promise.all(closing.splice(0).map((close) => close()));
      rmSync(folder, { recursive: true });
    });
    afterEach('has told nothing of the person, of what the register said and of what the gateway proved', () => {
      // An audit entry states this of the register.
      keep(registersOf(record));
      for (const hidden of [register.iin, SAID, SECRET, 'token-1', 'token-2', Buffer.from(SECRET).toString('base64')])
        expect(told.join('\n')).to.not.include(hidden);
    });

    const keep = (...words: readonly unknown[]): void => void told.push(JSON.stringify(words));
    const observer: Observer = { log: keep, count: keep, duration: keep, gauge: keep };
    const listening = async (tls?: TlsOptions): Promise<RawListener> => {
      const listener = await listenRaw(tls);
      closing.push(() => listener.close());
      listener.respond = answering();
      return listener;
    };
    const answering =
      (respond: (socket: Socket, good: HttpAnswer) => void = (socket, good) => void socket.write(bytesOf(good))) =>
      ({ socket, question }: Received): void =>
        void Promise.resolve(register.answer(question)).then((good) => respond(socket, good));

    const file = (named: string, text: string): string => {
      writeFileSync(join(folder, named), text);
      return join(folder, named);
    };
    /** Opens the register at an address, and returns what reads the person. */
    const open = (
      origin: string,
      settings: object = {},
    ): ((withinMs?: number, signal?: AbortSignal) => Promise<RegisterAnswer>) => {
      const adapters: Adapters = openAdapters({
        directory: folder,
        registers: ['register'],
        config: registersConfig.parse({
          register: {
            url: `${origin}${register.path ?? ''}`,
            auth: { type: 'basic', user: 'tereze', password_file: join(folder, 'secret') },
            timeout_ms: ENOUGH_MS,
            breaker: { volume: 1_000 },
            ...register.settings(folder),
            ...settings,
          },
        }),
        http: createHttpClient(),
        clock,
        random: systemRandom,
        observer,
      });
      closing.push(() => adapters.close());
      const adapter = adapters.byRegister.get('register')!;
      const prepared = adapter.prepare(register.selection);
      return (withinMs = ENOUGH_MS, signal) =>
        adapter.read({
          requestId: 'request-1',
          calls: record.beginRead('register', 0, { all: [] }),
          groups: [{ prepared, variables: {}, keys: citizens(register.iin) }],
          deadline: clock.monotonic() + withinMs,
          signal,
        });
    };
    const answered = async (read: Promise<RegisterAnswer>): Promise<void> => {
      const { groups } = await read;
      expect(JSON.parse(JSON.stringify(groups[0]?.records))).to.deep.equal([register.record]);
      expect(groups[0]?.errors).to.deep.equal([]);
    };
    const failed = async (read: Promise<unknown>): Promise<RegisterFailure> => {
      const failure = (await rejection(read)) as RegisterFailure;
      keep(failure.message, failure.stack, failure.cause, { ...failure });
      return failure;
    };

    describe('when the register', () => {
      for (const [misdeed, misdoing] of Object.entries(MISDEEDS) as [Misdeed, Misdoing][]) {
        it(`${misdeed}`, async () => {
          const expected = register.reasons?.[misdeed] ?? misdoing.reason;
          const listener = await listening();
          const read = open(`http://127.0.0.1:${listener.port}`);
          await answered(read());
          listener.respond = answering(misdoing.respond);
          const failure = await failed(read(misdoing.withinMs));
          expect(failure.reason).to.equal(expected);
          if (misdoing.retryAfterMs !== undefined) expect(failure.retryAfterMs).to.equal(misdoing.retryAfterMs);
          expect(listener.received, 'messages').to.have.length(2);
          expect(registersOf(record)[0]?.calls).to.equal(2);
          // It is asked again as soon as it lets itself be asked.
          passedMs += misdoing.retryAfterMs ?? 0;
          listener.respond = answering();
          await answered(read());
        });
      }

      it('answers something that was not asked for', async () => {
        const listener = await listening();
        const read = open(`http://127.0.0.1:${listener.port}`);
        for (const [reason, answer] of Object.entries(register.wrong ?? {})) {
          listener.respond = ({ socket, question }) =>
            void Promise.resolve(answer(question)).then((wrong) => socket.write(bytesOf(wrong)));
          expect((await failed(read())).reason).to.equal(reason);
        }
        listener.respond = answering();
        await answered(read());
      });

      it('does not listen', async () => {
        const gone = await listenRaw();
        await gone.close();
        const failure = await failed(open(`http://127.0.0.1:${gone.port}`)());
        expect(failure.reason).to.equal('connect_refused');
        expect(registersOf(record)[0]?.calls ?? 0).to.equal(0);
      });

      it('is no longer waited for', async () => {
        const listener = await listening();
        const closed = new Promise((resolve) => {
          listener.respond = ({ socket }) => void socket.once('close', resolve);
        });
        const gone = new AbortController();
        const read = failed(open(`http://127.0.0.1:${listener.port}`)(ENOUGH_MS, gone.signal));
        while (listener.received.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
        gone.abort();
        expect(await read).to.include({ kind: 'cancelled', reason: undefined });
        await closed;
      });
    });

    describe('by TLS', () => {
      const hosts = ['127.0.0.1'];
      let authority: Issued;
      let ours: Issued;
      before(() => {
        authority = issueCertificate({ name: 'authority' });
        ours = issueCertificate({ name: 'tereze', by: authority });
      });
      const serverOf = ({ certificate, key }: Issued, more: TlsOptions = {}): TlsOptions => ({
        cert: certificate,
        key,
        ...more,
      });
      const knowing = (more: TlsOptions = {}): TlsOptions =>
        serverOf(issueCertificate({ name: 'register', hosts, by: authority }), {
          ca: authority.certificate,
          requestCert: true,
          rejectUnauthorized: true,
          ...more,
        });
      const tlsSettings = (client?: Issued, more: object = {}): object => ({
        tls: {
          ca_file: file('ca.pem', authority.certificate),
          ...(client === undefined
            ? {}
            : { cert_file: file('cert.pem', client.certificate), key_file: file('key.pem', client.key) }),
          ...more,
        },
      });
      const readOver = async (server: TlsOptions, settings: object): Promise<RegisterAnswer> =>
        open(`https://127.0.0.1:${(await listening(server)).port}`, settings)();

      for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
        it(`shows its certificate to a register that asks for one (${maxVersion})`, async () => {
          await answered(readOver(knowing({ maxVersion }), tlsSettings(ours)));
        });

        it(`says that the register wants a certificate (${maxVersion})`, async () => {
          const failure = await failed(readOver(knowing({ maxVersion }), tlsSettings()));
          expect(failure.reason).to.equal('tls_client_certificate');
        });

        it(`says that the register wants another certificate (${maxVersion})`, async () => {
          const strangers = issueCertificate({ name: 'strangers' });
          const stranger = issueCertificate({ name: 'tereze', by: strangers });
          const late = issueCertificate({ name: 'tereze', by: authority, to: new Date('2021-01-01') });
          for (const client of [stranger, late]) {
            const failure = await failed(readOver(knowing({ maxVersion }), tlsSettings(client)));
            expect(failure.reason).to.equal(ENDS_WITHOUT_A_WORD[maxVersion]);
          }
        });
      }

      it('takes the certificate of the name that the settings say', async () => {
        const server = serverOf(issueCertificate({ name: 'register', hosts: ['register.example'], by: authority }));
        await answered(readOver(server, tlsSettings(undefined, { server_name: 'register.example' })));
      });

      const WRONG: readonly {
        readonly what: string;
        readonly reason: FailureReason;
        readonly server: () => TlsOptions;
      }[] = [
        {
          what: 'of an authority that is not trusted',
          reason: 'tls_untrusted',
          server: () => serverOf(issueCertificate({ name: 'register', hosts })),
        },
        {
          what: 'of another name',
          reason: 'tls_name_mismatch',
          server: () => serverOf(issueCertificate({ name: 'register', hosts: ['other.example'], by: authority })),
        },
        {
          what: 'that has expired',
          reason: 'tls_expired',
          server: () =>
            serverOf(issueCertificate({ name: 'register', hosts, by: authority, to: new Date('2021-01-01') })),
        },
        {
          what: 'that is not valid yet',
          reason: 'tls_expired',
          server: () =>
            serverOf(issueCertificate({ name: 'register', hosts, by: authority, from: new Date('2119-01-01') })),
        },
      ];
      for (const { what, reason, server } of WRONG) {
        it(`refuses a certificate ${what}, and sends nothing`, async () => {
          const listener = await listening(server());
          const failure = await failed(open(`https://127.0.0.1:${listener.port}`, tlsSettings(ours))());
          expect(failure.reason).to.equal(reason);
          expect([listener.received.length, registersOf(record)[0]?.calls ?? 0]).to.deep.equal([0, 0]);
        });
      }

      it('sends nothing to a port that does not speak it', async () => {
        const listener = await listening();
        let heard = '';
        listener.onConnection = (socket) =>
          void socket.on('data', (chunk: Buffer) => (heard += chunk.toString('latin1')));
        const failure = await failed(open(`https://127.0.0.1:${listener.port}`, tlsSettings())(SHORT_MS));
        expect(failure.reason).to.equal('connect_timeout');
        for (const hidden of [register.iin, SECRET]) expect(heard).to.not.include(hidden);
        expect(registersOf(record)[0]?.calls ?? 0).to.equal(0);
      });
    });

    describe('with tokens', () => {
      let tokens: TokenEndpoint;
      beforeEach(async () => {
        tokens = await openTokenEndpoint();
        closing.push(() => tokens.close());
      });
      const oauth2 = (): object => ({
        auth: {
          type: 'oauth2',
          token_url: tokens.url,
          client_id: 'tereze',
          client_auth: 'client_secret_basic',
          secret_file: join(folder, 'secret'),
        },
      });
      /** Lets in any caller who has one of these tokens. */
      const lettingIn =
        (...known: readonly string[]) =>
        (received: Received): void => {
          const [, token = ''] = received.question.headers.authorization?.split(' ') ?? [];
          if (known.includes(token)) answering()(received);
          else received.socket.write(rawResponse(401, { 'Content-Type': 'text/plain' }, SAID));
        };
      const many = async (read: () => Promise<RegisterAnswer>): Promise<void> => {
        await Promise.all(Array.from({ length: 40 }, () => answered(read())));
      };

      it('asks for one token for many reads, for the next when it ends, and for another when it is refused', async () => {
        const listener = await listening();
        listener.respond = lettingIn('token-1');
        const read = open(`http://127.0.0.1:${listener.port}`, oauth2());
        await many(read);
        expect(tokens.requests).to.have.length(1);
        // It ends after ten minutes.
        passedMs += 600_000;
        listener.respond = lettingIn('token-2');
        await many(read);
        expect(tokens.requests).to.have.length(2);
        // The register has withdrawn it.
        const before = listener.received.length;
        listener.respond = lettingIn('token-3');
        await many(read);
        expect(tokens.requests).to.have.length(3);
        const second = listener.received.length - before - 40;
        expect(second).to.be.within(1, 40);
        expect(registersOf(record)[0]?.calls).to.equal(listener.received.length);
      });

      it('sends no third message to a register that refuses every token', async () => {
        const listener = await listening();
        listener.respond = lettingIn();
        const failure = await failed(open(`http://127.0.0.1:${listener.port}`, oauth2())());
        expect(failure.reason).to.equal('credentials_refused');
        expect(listener.received).to.have.length(2);
        const ids = registersOf(record)[0]?.callIds ?? [];
        expect(new Set(ids).size).to.equal(2);
      });

      it('sends nothing without a token, and says why there is none', async () => {
        const listener = await listening();
        const read = open(`http://127.0.0.1:${listener.port}`, oauth2());
        tokens.answer = (response) =>
          void response
            .writeHead(400, { 'Content-Type': 'application/json' })
            .end(`{"error":"invalid_scope","error_description":"${SAID}"}`);
        expect((await failed(read())).reason).to.equal('token_refused');
        tokens.answer = (response) => void response.destroy();
        expect((await failed(read())).reason).to.equal('connection_cut');
        tokens.answer = () => undefined;
        expect((await failed(read(SHORT_MS))).reason).to.equal('deadline');
        expect([listener.received.length, registersOf(record)[0]?.calls ?? 0]).to.deep.equal([0, 0]);
      });

      it('shows a key in the query to the register, and to no one else', async () => {
        const listener = await listening();
        const auth = { type: 'api_key', query: 'api_key', key_file: join(folder, 'secret') };
        const read = open(`http://127.0.0.1:${listener.port}`, { auth });
        listener.respond = answering((socket, good) => void socket.write(rawResponse(500, headersOf(good), SAID)));
        await failed(read());
        expect(listener.received[0]?.question.path).to.match(new RegExp(`[?&]api_key=${SECRET}$`));
      });
    });
  });
}
