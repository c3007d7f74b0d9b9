import { Fault, isFaultMode } from './fault.js';
import { json, parseObject, serveHttpRegister, type HttpAnswer, type HttpQuestion } from './http-register.js';
import type { Listener } from './listener.js';
import type { Meter } from './meter.js';

/** The control port of a register: `GET /__stats`, `POST /__reset`, `POST /__fault {"mode": "..."}`. */
export function serveControl(meter: Meter, fault: Fault, host: string, port: number): Promise<Listener> {
  return serveHttpRegister((question) => control(meter, fault, question), new Fault(), host, port);
}

function control(meter: Meter, fault: Fault, { method, path, body }: HttpQuestion): HttpAnswer {
  switch (`${method} ${path}`) {
    case 'GET /__stats':
      return json(200, meter.stats());
    case 'POST /__reset':
      meter.reset();
      return json(200, meter.stats());
    case 'POST /__fault': {
      const mode = parseObject(body)?.['mode'];
      if (!isFaultMode(mode)) return json(400, { error: { code: 'UNKNOWN_MODE' } });
      fault.mode = mode;
      return json(200, { mode });
    }
    default:
      return json(404, { error: { code: 'NOT_FOUND' } });
  }
}
