import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { CommandFailure } from '../../../gateway/cli/command-failure.js';
import { createProgram } from '../../../gateway/cli/program.js';
import {
  asSpecified,
  envelope,
  startSecurityServer,
  WSDL,
  type Answer,
  type SecurityServer,
} from '../../adapters/xroad/metadata/security-server.js';
import { rejection } from '../../rejection.js';
import { TestTerminal } from './test-terminal.js';

const OURS = 'KZ/GOV/2/tereze';

describe('tereze xroad', () => {
  let server: SecurityServer | undefined;
  afterEach(() => server?.close());

  const run = async (answer: Answer, ...parameters: readonly string[]): Promise<string> => {
    server = await startSecurityServer(answer);
    const words = ['node', 'tereze', 'xroad', ...parameters, '--server', server.url, '--client', OURS];
    const terminal = new TestTerminal();
    await createProgram(terminal).parseAsync(words);
    return terminal.printed;
  };

  it('lists clients', async () => {
    expect(JSON.parse(await run(asSpecified, 'list-clients', '--json'))).to.deep.equal({
      clients: [
        { id: 'KZ/GOV/1', name: 'Министерство' },
        { id: 'KZ/GOV/1/people', name: 'Министерство' },
      ],
    });
    await server?.close();
    await run(asSpecified, 'list-clients', '--instance', 'E&E');
    expect(server?.heard.at(-1)?.path).to.equal('/listClients?xRoadInstance=E%26E');
  });

  it('lists clients of a security server that answers in XML only', async () => {
    const xml = `<?xml version="1.0"?><xrd:clientList xmlns:xrd="http://x-road.eu/xsd/xroad.xsd" xmlns:id="http://x-road.eu/xsd/identifiers"><xrd:member><xrd:id id:objectType="SUBSYSTEM"><id:xRoadInstance>KZ</id:xRoadInstance><id:memberClass>GOV</id:memberClass><id:memberCode>1</id:memberCode><id:subsystemCode>people</id:subsystemCode></xrd:id><xrd:name>Имя</xrd:name></xrd:member></xrd:clientList>`;
    const answer: Answer = (_, response) => void response.writeHead(200, { 'content-type': 'text/xml' }).end(xml);
    expect(JSON.parse(await run(answer, 'list-clients', '--json'))).to.deep.equal({
      clients: [{ id: 'KZ/GOV/1/people', name: 'Имя' }],
    });
  });

  it('lists methods over REST and over SOAP', async () => {
    expect(await run(asSpecified, 'list-methods', 'KZ/GOV/1/people')).to.equal(
      'OPENAPI  KZ/GOV/1/people/persons\n           GET    /persons/*\nSOAP     KZ/GOV/1/people/getPerson/v1\n',
    );
    expect(server?.heard.find(({ method }) => method === 'GET')).to.include({
      path: '/r1/KZ/GOV/1/people/listMethods',
      client: OURS,
    });
    expect(server?.heard.find(({ method }) => method === 'POST')?.body)
      .to.include(
        '<id:subsystemCode>people</id:subsystemCode><id:serviceCode>listMethods</id:serviceCode></xrd:service>',
      )
      .and.include('<id:subsystemCode>tereze</id:subsystemCode></xrd:client>');
  });

  it('lists allowed methods', async () => {
    const { services } = JSON.parse(await run(asSpecified, 'allowed-methods', 'KZ/GOV/1/people', '--soap', '--json'));
    expect(services).to.deep.equal([{ id: 'KZ/GOV/1/people/getPerson/v1', type: 'SOAP', endpoints: [] }]);
    expect(server?.heard).to.have.length(1);
  });

  it('fetches an OpenAPI document and a WSDL', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'xroad-'));
    try {
      const file = join(folder, 'persons.wsdl');
      await run(asSpecified, 'get-wsdl', 'KZ/GOV/1/people/getPerson/v1', '--output', file);
      expect(readFileSync(file, 'utf8')).to.equal(WSDL);
      expect(server?.heard[0]?.body).to.include(
        '<xrd:getWsdl><xrd:serviceCode>getPerson</xrd:serviceCode><xrd:serviceVersion>v1</xrd:serviceVersion></xrd:getWsdl>',
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
    await server?.close();
    expect(await run(asSpecified, 'get-openapi', 'KZ/GOV/1/people/persons')).to.equal('openapi: 3.0.0\n');
  });

  it('says why there is no answer, and nothing that the server wrote', async () => {
    const failure = async (answer: Answer, ...parameters: readonly string[]): Promise<string> => {
      const error = await rejection(run(answer, ...parameters));
      expect(error).to.be.instanceOf(CommandFailure);
      await server?.close();
      return (error as CommandFailure).message;
    };
    const refused: Answer = (_, response) =>
      void response
        .writeHead(500, { 'x-road-error': 'Server.ServerProxy.UnknownMember', 'content-type': 'application/json' })
        .end('{"message":"secret"}');
    expect(await failure(refused, 'list-methods', 'KZ/GOV/9/none', '--rest')).to.equal(
      'the security server answered with status 500: Server.ServerProxy.UnknownMember',
    );
    const fault: Answer = (_, response) =>
      void response
        .writeHead(500, { 'content-type': 'text/xml' })
        .end(
          envelope(
            '<SOAP-ENV:Fault><faultcode>Server.ServerProxy.AccessDenied</faultcode><faultstring>secret</faultstring></SOAP-ENV:Fault>',
          ),
        );
    expect(await failure(fault, 'get-wsdl', 'KZ/GOV/1/people/getPerson')).to.equal(
      'the security server refused: Server.ServerProxy.AccessDenied',
    );
    for (const body of ['<a', 'secret', '[]', '<!DOCTYPE a><a/>']) {
      const garbage: Answer = (_, response) => void response.writeHead(200, { 'content-type': 'text/xml' }).end(body);
      expect(await failure(garbage, 'list-methods', 'KZ/GOV/1/people')).to.not.include('secret');
      expect(await failure(garbage, 'get-wsdl', 'KZ/GOV/1/people/x')).to.not.include('secret');
    }
    const redirect: Answer = (_, response) => void response.writeHead(302, { location: '/elsewhere' }).end();
    expect(await failure(redirect, 'list-clients')).to.equal('the security server answered with status 302');
  });

  it('takes identifiers that no path can hold for none', async () => {
    for (const id of ['KZ/GOV/1', 'KZ/GOV/1/a/b', 'KZ/GOV//x', 'KZ/GOV/1/..', 'KZ/GOV/1/%2e%2e', 'KZ/GOV/1/a;b']) {
      expect(await rejection(run(asSpecified, 'list-methods', id)), id)
        .to.be.instanceOf(CommandFailure)
        .and.include({ kind: 'usage' });
      await server?.close();
    }
  });

  it('prints nothing that steers a terminal', async () => {
    const answer: Answer = (_, response) => void response.end('a\u001b[2Jb\n');
    expect(await run(answer, 'get-openapi', 'KZ/GOV/1/people/persons')).to.equal('a[2Jb\n');
  });
});
