/** XML Schema 1.0 and 1.1. */
export const XSD = 'http://www.w3.org/2001/XMLSchema';
export const XML = 'http://www.w3.org/XML/1998/namespace';
/** WSDL 1.1, and its bindings to SOAP 1.1, SOAP 1.2 and MIME. */
export const WSDL = 'http://schemas.xmlsoap.org/wsdl/';
export const WSDL_SOAP = 'http://schemas.xmlsoap.org/wsdl/soap/';
export const WSDL_SOAP12 = 'http://schemas.xmlsoap.org/wsdl/soap12/';
export const WSDL_MIME = 'http://schemas.xmlsoap.org/wsdl/mime/';
/** X-Road Message Protocol 4.0: header blocks, and identifiers in them. */
export const XROAD = 'http://x-road.eu/xsd/xroad.xsd';
export const XROAD_IDENTIFIERS = 'http://x-road.eu/xsd/identifiers';
/** What says that content travels beside the message: MTOM, XOP, WS-I attachments. */
export const ATTACHED: readonly string[] = [
  'http://www.w3.org/2005/05/xmlmime',
  'http://www.w3.org/2004/08/xop/include',
  'http://ws-i.org/profiles/basic/1.1/xsd',
];
