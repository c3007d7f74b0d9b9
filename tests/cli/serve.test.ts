import { expect } from 'chai';
import { CommandFailure } from '../../gateway/cli/command-failure.js';
import { createProgram } from '../../gateway/cli/program.js';
import { rejection } from '../rejection.js';

describe('tereze serve', () => {
  const serve = (...words: readonly string[]): Promise<unknown> =>
    rejection(createProgram({ environment: {}, print: () => undefined, warn: () => undefined, readInput: async () => '', fail: () => undefined }).parseAsync(['node', 'tereze', 'serve', ...words]));

  for (const words of [
    ['--supergraph', 'a.graphql', '--port', '0'],
    ['--supergraph', 'a.graphql', '--ungoverned'],
    ['--supergraph', 'a.graphql', '--port', '65536', '--ungoverned'],
    ['--supergraph', 'a.graphql', '--port', 'x', '--ungoverned'],
    ['--supergraph', 'a.graphql', '--config', 'tereze.yaml', '--port', '0', '--ungoverned'],
    ['--ungoverned'],
    ['--port', '4000'],
  ]) {
    it(`calls ${words.join(' ')} wrong use`, async () => {
      const failure = await serve(...words);
      expect(failure).to.be.instanceOf(CommandFailure).and.include({ kind: 'usage' });
    });
  }
});
