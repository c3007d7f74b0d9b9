/** Namespaces that tell elements apart. Prefixes have no meaning. */
export const SOAP = 'http://schemas.xmlsoap.org/soap/envelope/';
/** SOAP 1.2. */
export const SOAP_12 = 'http://www.w3.org/2003/05/soap-envelope';
/** SHEP, synchronous channel: elements of `SendMessage` and its response. */
export const SHEP_TYPES = 'http://bip.bee.kz/SyncChannel/v10/Types';
/** WS-Security 1.0: the Security header. */
export const WSSE = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd';
/** WS-Security 1.0: Timestamp and the Id attribute. */
export const WSU = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd';
export const XMLDSIG = 'http://www.w3.org/2000/09/xmldsig#';
export const XSI = 'http://www.w3.org/2001/XMLSchema-instance';
/** X-Road Message Protocol 4.0: header blocks, and the identifiers in them. */
export const XROAD = 'http://x-road.eu/xsd/xroad.xsd';
export const XROAD_IDENTIFIERS = 'http://x-road.eu/xsd/identifiers';
