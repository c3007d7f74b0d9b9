import { Fault } from '../../../demo/registers/fault.js';
import { serveHttpRegister, type HttpRegister } from '../../../demo/registers/http-register.js';
import type { Listener } from '../../../demo/registers/listener.js';
import { Meter } from '../../../demo/registers/meter.js';

/** A register that listens on a free port, with its meter and fault at hand. */
export interface Served {
  readonly url: string;
  readonly meter: Meter;
  readonly fault: Fault;
  readonly listener: Listener;
  post(
    path: string,
    body: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<{ status: number; json: unknown }>;
}

export async function served(register: (meter: Meter) => HttpRegister): Promise<Served> {
  const meter = new Meter();
  const fault = new Fault();
  const listener = await serveHttpRegister(register(meter), fault, '127.0.0.1', 0);
  const url = `http://127.0.0.1:${listener.port}`;
  const post: Served['post'] = async (path, body, headers = {}) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const response = await fetch(`${url}${path}`, {
      method: 'POST',
      body: text,
      headers: { 'Content-Type': 'application/json', ...headers },
    });
    return { status: response.status, json: await response.json() };
  };
  return { url, meter, fault, listener, post };
}
