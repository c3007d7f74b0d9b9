import { readRequest, reply } from '../../schemas/reading/reading-program.js';
import { describe } from './describe.js';
import type { DescribeReply, DescribeRequest } from './protocol.js';
import { DocumentFault } from './reader.js';
import { READERS } from './readers.js';
import { referencedFiles } from './referenced.js';

/** The program that reads a published document: one request, one reply, and it ends. */
async function main(): Promise<void> {
  reply(await replyTo((await readRequest()) as DescribeRequest));
}

async function replyTo(request: DescribeRequest): Promise<DescribeReply> {
  try {
    const reader = await READERS[request.kind]?.();
    if (reader === undefined) return { broken: `there is no reader for ${request.kind}` };
    const personal = new Set(request.personal);
    const description = await reader.read({
      document: request.document,
      referenced: referencedFiles(request),
      operations: request.operations,
      examples: new Map(request.examples.map(({ operation, file }) => [operation, file])),
      personal,
      constants: new Map(request.constants.map(({ name, value }) => [name, value])),
      reading: new Set(request.reading),
      xroad: request.xroad,
      depth: request.depth,
    });
    return { described: describe(description, { ...request, personal }) };
  } catch (error) {
    if (error instanceof DocumentFault) return { fault: { place: error.place, message: error.message } };
    return { broken: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

await main();
