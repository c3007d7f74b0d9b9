import type { KeyObject } from 'node:crypto';
import { createRequire } from 'node:module';
import { SignedXml } from 'xml-crypto';
import { SignatureRefused, type BodyReading } from '../../../../../adapters/soap/signing/port.js';
import { createVerifier } from '../../../../../adapters/soap/signing/verifier.js';
import { scanXml } from '../../../../../adapters/soap/xml/scanner.js';
import type { XmlAttribute, XmlEvents } from '../../../../../adapters/soap/xml/tag.js';
import { NOW } from './signed-messages.js';

const XML = 'http://www.w3.org/XML/1998/namespace';

/** What this gateway says of a message: the text that was signed, or why it is refused. */
export type Opinion =
  { readonly body: string; readonly refused: undefined } | { readonly body: undefined; readonly refused: string };

/**
 * Verifies a message, and reads it. Throws for an error that is no refusal, and if what was read is not what was signed, or
 * only one of both refuses.
 */
export async function opinionOf(message: string, key: KeyObject): Promise<Opinion> {
  const verifier = createVerifier({ trust: key, clock: { now: () => NOW } });
  const verified = await settled(verifier.verify(message));
  const read = await settled(verifier.read(message, outlineReading()));
  if (verified.done === undefined || read.done === undefined) {
    if (verified.refused !== read.refused) throw new Error(`verified: ${verified.refused}, read: ${read.refused}`);
    return { body: undefined, refused: verified.refused ?? '' };
  }
  const { xml } = verified.done;
  if (read.done.read !== outlineOf(xml)) throw new Error('what was read is not what was signed');
  return { body: xml, refused: undefined };
}

async function settled<Done>(
  promise: Promise<Done>,
): Promise<{ readonly done?: Done; readonly refused?: string | undefined }> {
  try {
    return { done: await promise };
  } catch (error) {
    if (error instanceof SignatureRefused) return { refused: error.reason };
    throw error;
  }
}

/**
 * Returns elements, attributes and texts, each said once. The canonical Body may have attributes of XML itself from around
 * it, which are left out.
 */
function outlineOf(xml: string): string {
  const lines: string[] = [];
  scanXml(xml, outlining(lines, xml));
  return lines.join('');
}

function outlineReading(): BodyReading<string> {
  const lines: string[] = [];
  return { begin: (text) => outlining(lines, text), finish: () => lines.join('') };
}

function outlining(lines: string[], xml: string): XmlEvents {
  const isOfBody = ({ uri }: XmlAttribute): boolean => lines.length > 0 || uri !== XML;
  return {
    open: ({ local, uri, attributes }) => {
      const all = attributes
        .filter(isOfBody)
        .map((one) => JSON.stringify([one.uri, one.local, one.value]))
        .toSorted();
      lines.push(`\n<${JSON.stringify([uri, local])} ${all.join(' ')}>\n`);
    },
    text: (from, to, value) => lines.push(JSON.stringify(value ?? xml.slice(from, to)).slice(1, -1)),
    close: () => lines.push('\n</>\n'),
  };
}

interface Dom {
  readonly DOMParser: new (options: { readonly errorHandler: (level: string, text: string) => void }) => {
    parseFromString(xml: string, type: string): Parameters<SignedXml['findSignatures']>[0];
  };
}

/** The parser of xml-crypto. It takes what is not well-formed, and says so. */
const { DOMParser } = createRequire(createRequire(import.meta.url).resolve('xml-crypto'))('@xmldom/xmldom') as Dom;

/**
 * Whether xml-crypto accepts the one signature of a message. It looks for no parts: any element with the Id may be the
 * signed one.
 */
export function acceptedByXmlCrypto(message: string, key: KeyObject): boolean {
  try {
    const document = new DOMParser({
      errorHandler: (_, text) => {
        throw new Error(text);
      },
    }).parseFromString(message, 'text/xml');
    const verifier = new SignedXml({
      publicCert: key.export({ type: 'spki', format: 'pem' }).toString(),
      getCertFromKeyInfo: () => null,
    });
    const [signature, ...more] = verifier.findSignatures(document);
    if (signature === undefined || more.length > 0) return false;
    verifier.loadSignature(signature);
    return verifier.checkSignature(message);
  } catch {
    return false;
  }
}
