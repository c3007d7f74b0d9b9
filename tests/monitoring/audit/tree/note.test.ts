import { generateKeyPairSync } from 'node:crypto';
import { expect } from 'chai';
import { createNoteSigner, createNoteVerifier, signNote } from '../../../../monitoring/audit/tree/note.js';
import { openNote } from '../../../../monitoring/audit/tree/open-note.js';
import {
  formatNote,
  formatVerifierKey,
  isKeyName,
  parseNote,
  parseVerifierKey,
} from '../../../../monitoring/audit/tree/note-text.js';

// The example in the documentation of Go's golang.org/x/mod/sumdb/note.
const GO_KEY = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const GO_NOTE =
  'If you think cryptography is the answer to your problem,\nthen you don’t know what your problem is.\n\n'.replace(
    '’',
    "'",
  ) +
  '\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n';

const signer = (name: string) => createNoteSigner(name, generateKeyPairSync('ed25519').privateKey);
const verifierOf = (key: string) => createNoteVerifier(key) ?? expect.fail('not a verifier key');

describe('signed notes', () => {
  it('of Go are opened with its verifier key', () => {
    const opened = openNote(GO_NOTE, [verifierOf(GO_KEY)]);
    expect(opened).to.have.property('text', GO_NOTE.slice(0, GO_NOTE.indexOf('\n\n') + 1));
  });

  it('are opened with any of the keys that signed them, and name these', () => {
    const [one, two] = [signer('log.example.kz/tereze/0'), signer('log.example.kz/tereze/0')];
    const note = signNote('text\n\nwith an empty line\n', [one, two]);
    for (const { verifierKey } of [one, two]) {
      const known = verifierOf(verifierKey);
      expect(openNote(note, [known])).to.deep.equal({ text: 'text\n\nwith an empty line\n', verifiers: [known] });
    }
  });

  it('are refused without a known key, also if name or id is that of one', () => {
    const [one, two] = [signer('a.example/log'), signer('b.example/log')];
    const note = signNote('text\n', [one]);
    expect(openNote(note, [])).to.equal('unknown_keys');
    expect(openNote(note, [verifierOf(two.verifierKey)])).to.equal('unknown_keys');
    expect(openNote(note, [{ ...verifierOf(one.verifierKey), name: 'b.example/log' }])).to.equal('unknown_keys');
    expect(openNote(note, [verifierOf(signer('a.example/log').verifierKey)])).to.equal('unknown_keys');
  });

  it('are refused if a known key did not sign this text, although another did', () => {
    const [one, two] = [signer('a.example/log'), signer('b.example/log')];
    const text = 'text\n';
    const note = formatNote({ text, signatures: [one.sign(text), two.sign('another\n')] });
    expect(
      openNote(
        note,
        [one, two].map(({ verifierKey }) => verifierOf(verifierKey)),
      ),
    ).to.equal('wrong_signature');
    expect(openNote(note.replace('text', 'tex7'), [verifierOf(one.verifierKey)])).to.equal('wrong_signature');
  });

  it('have a strict form', () => {
    const note = signNote('text\n', [signer('a.example/log')]);
    expect(parseNote(note)).to.have.property('text', 'text\n');
    const wrong = {
      'no signature': 'text\n\n',
      'no blank line': note.replace('\n\n', '\n'),
      'no last newline': note.slice(0, -1),
      'a carriage return': note.replace('text', 'te\rxt'),
      'a tab': note.replace('text', 'te\txt'),
      'a hyphen for the dash': note.replace('\u2014', '-'),
      'two spaces': note.replace('\u2014 ', '\u2014  '),
      'base64 without padding': note.replace(/=+\n$/, '\n'),
      'a key id and no signature': note.replace(/log .*\n$/, 'log AAAAAA==\n'),
      'a name with a plus': note.replace('a.example', 'a+example'),
    };
    for (const [what, text] of Object.entries(wrong)) expect(parseNote(text), what).to.equal(undefined);
  });

  it('are read with at least 16 signatures', () => {
    const signers = Array.from({ length: 17 }, (_, at) => signer(`witness-${at}.example`));
    expect(parseNote(signNote('text\n', signers))?.signatures).to.have.length(17);
  });
});

describe('verifier keys', () => {
  it('are read as they are written', () => {
    expect(formatVerifierKey(parseVerifierKey(GO_KEY) ?? expect.fail('not read'))).to.equal(GO_KEY);
  });

  it('are refused if the id is not that of the key, or the key is of another type', () => {
    const wrong = {
      'another id': GO_KEY.replace('c74f20a3', 'c74f20a4'),
      'another name': GO_KEY.replace('Peter', 'Petra'),
      'another type': GO_KEY.replace('ARpc', 'BBpc'),
      'a short key': 'PeterNeumann+c74f20a3+ARpc',
      'no key': 'PeterNeumann+c74f20a3+',
      'capital letters in the id': GO_KEY.replace('c74f20a3', 'C74F20A3'),
    };
    for (const [what, text] of Object.entries(wrong)) expect(createNoteVerifier(text), what).to.equal(undefined);
  });

  it('have a name without spaces, plus and control characters', () => {
    expect(isKeyName('log.example.kz/tereze/0')).to.equal(true);
    for (const name of ['', 'a b', 'a+b', 'a\u00a0b', 'a\u2003b', 'a\u0085b', 'a\nb'])
      expect(isKeyName(name), JSON.stringify(name)).to.equal(false);
  });
});
