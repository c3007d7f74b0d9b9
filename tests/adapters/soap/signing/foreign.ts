/** A certificate made with OpenSSL, for tests only. */
export const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIDKzCCAhOgAwIBAgIUQ9uHL99Lrz2REgnhAr0WmE5V9oIwDQYJKoZIhvcNAQEL
BQAwJTEjMCEGA1UEAwwaVGVyZXplIHRlc3QsIGZvciBzaG93IG9ubHkwHhcNMjYx
MTIzMjE1NjAxWhcNMzYxMTIwMjE1NjAxWjAlMSMwIQYDVQQDDBpUZXJlemUgdGVz
dCwgZm9yIHNob3cgb25seTCCASIwDQYJKoZIhvcNAQEBBQADggEPADCCAQoCggEB
ANKhxC4AVM5R8tg6NY0e+LGBVOYGnU/idNAPlTTKeoQNlTJ5uTonpzraQ5A3v5Jq
WM2QJiyaJDKPquGWJihQe/DuuuCvOgzkvg9swliWl9uTxc5smWs0dNLh1DwRm0j1
7WKexwEc1DfOu87zOLOMOyq+LHGJHaofplr5A2fR6M4SYdCjWWJCR7yDVsex+G+G
Egs7uI4vA1ckr4NpQp6KUxaZ/wdLi3VPedZ+o14altUEwOL2HB4LAojhpKkOkYjr
elIuK0Z/9l6fayenQHhyNvQTWGpmdKg4wWNdD1Tt2anDmJHmIZIDqCHKjdjuV13M
0ZcZ24J2gT27p3ne4eKUuhcCAwEAAaNTMFEwHQYDVR0OBBYEFHpY83aQTguvFFI/
XTXtGXxdMFe4MB8GA1UdIwQYMBaAFHpY83aQTguvFFI/XTXtGXxdMFe4MA8GA1Ud
EwEB/wQFMAMBAf8wDQYJKoZIhvcNAQELBQADggEBAFJxus8dfgqPTYC2dt/jVek6
3iIDTxEST3jXya9dCfBrgLnfKy2wMrt7e5Ai5Uhsb2YQJpCHl7NmpJagMh1NLIjO
BqODT1X32tMnvvTnv6CxS9hz9MiVUwR7nYEwDOZx81WwrHXddJR92IBY3bdLPZ3D
T66HSzrUoONbzHMn4BdP9g8EIZgbNJAskgbynirE+Fla2XecDdHokOYK3ehmJ5X8
qzhalupNNeirL59u8fi8vQxvbzfnq7RHjlcu7I9TSmK+emlal9bAa6xj57RF6Ayz
iC2FQ2cproqEylgOadLOzqDlreIbZ5QCO7D1w422BzMT+BDpcICjnO7JAHwQylM=
-----END CERTIFICATE-----
`;

/** Signed with the key of that certificate by the JDK's XML Digital Signature API, in another style than ours: other prefixes, inclusive prefix lists, line breaks, a comment, CDATA. */
export const MESSAGE = `<SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/" xmlns:u="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd">
  <SOAP-ENV:Header>
    <o:Security xmlns:o="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd" SOAP-ENV:mustUnderstand="1">
      <u:Timestamp u:Id="TS-1">
        <u:Created>2026-11-23T10:00:00Z</u:Created>
        <u:Expires>2026-11-23T10:05:00Z</u:Expires>
      </u:Timestamp>
    <Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><SignedInfo><CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/><SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"/><Reference URI="#TS-1"><Transforms><Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"><InclusiveNamespaces xmlns="http://www.w3.org/2001/10/xml-exc-c14n#" PrefixList="u"/></Transform></Transforms><DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><DigestValue>/3oECnlcLkG9Yqt8/7E+wJxBl066uODkzz+xaZpFcvg=</DigestValue></Reference><Reference URI="#id-1"><Transforms><Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"><InclusiveNamespaces xmlns="http://www.w3.org/2001/10/xml-exc-c14n#" PrefixList="SOAP-ENV u"/></Transform></Transforms><DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><DigestValue>tlL2+C/rS7NiXQc51Z7Wzp8DCYw/5VYkje/YCOLoVg0=</DigestValue></Reference></SignedInfo><SignatureValue>HI4RLdZmoU69ro7uj0vRfxiB38RXlfj1jx61a0mdcqa3ouQq7HWgC2EdDPf7lZP1MH17ba936wIg&#13;
NCtAKU/DEvTGaanD56lujnisyGG/IIqPxOef5NW3kUplTc1SU4NrORvbHGJymwwspts3Q7KZTRTf&#13;
Sr6PPMdHOrppxCulIg958AJF01bkA5LWqVcbtPzTUUDsRlZoFddfoJIMJgdzVVruhRre0fLRe86y&#13;
GPjcBwrkbXBlhePE6mdGBNc3zMy+s4BWpRyx7O1ZySFIvFSCoIFP1OOpzaW4RDhmqbaYDDvmAmm2&#13;
AT/pF68JPtcy4HKmNG1MsDsSKCwV5JVV67UMnQ==</SignatureValue></Signature></o:Security>
  </SOAP-ENV:Header>
  <SOAP-ENV:Body u:Id="id-1">
    <Say xmlns="urn:test"><!-- a comment --><what>Айгүл &amp; <![CDATA[<Нұрлан>]]></what></Say>
  </SOAP-ENV:Body>
</SOAP-ENV:Envelope>`;
