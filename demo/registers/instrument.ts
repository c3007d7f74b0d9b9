import { serveControl } from './control.js';
import { Fault, type FaultMode } from './fault.js';
import type { Listener } from './listener.js';
import { Meter, type Stats } from './meter.js';

/** A running server of the country that counts its calls and can be told to misbehave. */
export interface InstrumentedServer {
  readonly port: number;
  readonly controlPort: number;
  stats(): Stats;
  people(): readonly string[];
  reset(): void;
  fault(mode: FaultMode): void;
  /** Holds the next answer back until the returned function is called. */
  holdNext(): () => void;
  stop(): Promise<void>;
}

/** Starts a server and its control port; when either fails, neither is left. */
export async function instrument(
  serve: (meter: Meter, fault: Fault) => Promise<Listener>,
  { host, controlPort }: { readonly host: string; readonly controlPort: number },
): Promise<InstrumentedServer> {
  const meter = new Meter();
  const fault = new Fault();
  const control = await serveControl(meter, fault, host, controlPort);
  try {
    const server = await serve(meter, fault);
    return {
      port: server.port,
      controlPort: control.port,
      stats: () => meter.stats(),
      people: () => meter.people(),
      reset: () => {
        meter.reset();
      },
      holdNext: () => fault.holdNext(),
      fault: (mode) => {
        fault.mode = mode;
      },
      stop: async () => {
        await Promise.all([server.close(), control.close()]);
      },
    };
  } catch (error) {
    await control.close();
    throw error;
  }
}
