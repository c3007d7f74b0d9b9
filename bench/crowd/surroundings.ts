import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { isStranger } from '../people.js';
import type { Ports } from './installation.js';

/**
 * The register of persons, the archive that takes questions and never answers, the agency's case system
 * and the list of protected people; a process of its own. `node surroundings.js PORTS`
 */

const ports = JSON.parse(process.argv[2] ?? '{}') as Ports;

listen(ports.persons, (body, response) => {
  const { iins = [] } = JSON.parse(body) as { iins?: string[] };
  answer(response, { items: iins.map((iin) => ({ iin, name: 'Aigerim Bekova', birthDate: '1990-01-01' })) });
});
listen(ports.archive, () => undefined);
listen(ports.agency, (body, response, { url }) => {
  if (url?.endsWith('/among')) answer(response, { protected: [] });
  else {
    const { subjects } = JSON.parse(body) as { subjects: string[] };
    const facts = subjects.flatMap((iin, subject) =>
      isStranger(iin) ? [] : [{ subject, kind: 'list', reference: 'L-1' }],
    );
    answer(response, { case: { status: 'open' }, facts });
  }
});
process.once('disconnect', () => process.exit(0));

type Handler = (body: string, response: ServerResponse, request: IncomingMessage) => void;

function listen(port: number, handle: Handler): void {
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => (body += chunk));
    request.once('end', () => handle(body, response, request));
  });
  server.keepAliveTimeout = 60_000;
  server.listen(port, '127.0.0.1');
}

function answer(response: ServerResponse, body: object): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
