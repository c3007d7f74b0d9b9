import { createHttpClient } from '../../../gateway/compose/http-client.js';
import { describeHttpClient } from '../../ports/http-client.js';

describeHttpClient('the client on undici', () => createHttpClient());
