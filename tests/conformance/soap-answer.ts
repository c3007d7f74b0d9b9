import { createHash } from 'node:crypto';

/** An answer, with the headers of X-Road if the question has them: it repeats them, and holds the question's hash. */
export function soapAnswer(data: string, question: string): string {
  const header = /<soap:Header>(.*)<\/soap:Header>/s.exec(question)?.[1];
  const isXRoad = header?.includes('http://x-road.eu/xsd/xroad.xsd') ?? false;
  const hash = createHash('sha512').update(question).digest('base64');
  const own = `<x:requestHash xmlns:x="http://x-road.eu/xsd/xroad.xsd" algorithmId="http://www.w3.org/2001/04/xmlenc#sha512">${hash}</x:requestHash>`;
  return `<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Header>${isXRoad ? `${header ?? ''}${own}` : ''}</soap:Header><soap:Body>${data}</soap:Body></soap:Envelope>`;
}
