import { z } from 'zod';

const file = z.string().min(1);

/** The settings of TLS, one by one. */
export const tlsFields = {
  ca_file: file
    .optional()
    .describe('File with the authority (PEM) that signs the server’s certificate; without it those of the system.'),
  cert_file: file.optional().describe('File with the certificate (PEM) that shows who the gateway is.'),
  key_file: file.optional().describe('File with the private key (PEM) of that certificate.'),
  server_name: z
    .string()
    .regex(/^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/, 'is no name of a host')
    .optional()
    .describe('Name that the server’s certificate must carry; without it the host of the address.'),
};

/** How TLS is spoken to one server. Nothing here leaves out the check of its certificate. */
export const tlsSettings = z
  .strictObject(tlsFields)
  .superRefine(({ cert_file: certificate, key_file: key }, context) => {
    if ((certificate === undefined) === (key === undefined)) return;
    const [missing, given] = certificate === undefined ? ['cert_file', 'key_file'] : ['key_file', 'cert_file'];
    context.addIssue({ code: 'custom', path: [missing], message: `is missing: ${given} needs it` });
  });

export type TlsSettings = z.output<typeof tlsSettings>;
