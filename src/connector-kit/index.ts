// What the simulator and the rehearsal of a connector outside of this repository use: `relais/connector-kit`.
export { planConformance, type PlannedCase, type PlannedRehearsal } from './conformance.js';
export { openHttpSimulator, type HttpReply, type HttpSimulator, type HttpSimulatorParts } from './http-simulator.js';
export { jsonReply, readText } from './http-text.js';
export * from './rehearsal.js';
export type { Surroundings } from './stage.js';
