import { readXml, type ElementReader } from '../soap/xml/read-xml.js';
import { parseExactJson } from '../../schemas/json/exact-json.js';
import { utf8Text } from '../../schemas/utf8-text.js';

/**
 * Returns the answers that are JSON or XML as trees of objects and lists. Elements of XML are members by their local
 * names, attributes by `@name`. Any other answer is left out.
 */
export function answerTrees(bodies: readonly Buffer[]): readonly unknown[] {
  return bodies.flatMap((body) => {
    const text = utf8Text(body);
    if (text === undefined) return [];
    try {
      return [text.trimStart().startsWith('<') ? xmlTree(text) : parseExactJson(text)];
    } catch {
      // The probe says elsewhere why an answer cannot be read.
      return [];
    }
  });
}

function xmlTree(text: string): Record<string, unknown> {
  const root = emptyObject();
  readXml(text, objectReader(root));
  return root;
}

function objectReader(into: Record<string, unknown>): ElementReader {
  return {
    child: ({ local, attributes }) => {
      const made = emptyObject();
      for (const { local: name, value } of attributes) made[`@${name}`] = value;
      let leaf: string | undefined;
      return {
        ...objectReader(made),
        leaf: (content) => {
          leaf = content;
        },
        end: () => put(into, local, Object.keys(made).length === 0 ? (leaf ?? made) : made),
      };
    },
  };
}

function put(into: Record<string, unknown>, name: string, value: unknown): void {
  const there = into[name];
  if (there === undefined) into[name] = value;
  else if (Array.isArray(there)) there.push(value);
  else into[name] = [there, value];
}

function emptyObject(): Record<string, unknown> {
  return Object.create(null) as Record<string, unknown>;
}
