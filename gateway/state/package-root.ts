export { packageRoot } from '../../schemas/package-root.js';
