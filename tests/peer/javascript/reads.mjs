// Every function of the client that reads: called by the names of its parameters.

import { linode, NAMES, parameters } from "./watched.mjs";

const LISTS = /^(params|filters?|headers)$/;

/** The functions that read, as the names say. */
export const READS = NAMES.filter((each) => /^(get|list)[A-Z]/.test(each));

/** Call every function that reads with the values *of* its parameters, or those of its own; returns the refusals. */
export async function readAll(of, own) {
  const refusals = new Map();
  for (const name of READS) {
    const wanted = parameters(name).filter((each) => !LISTS.test(each));
    const values = own[name] ?? wanted.map((each) => of[each]);
    const missing = own[name] ? [] : wanted.filter((each) => of[each] === undefined);
    if (missing.length > 0 || values.includes(undefined)) refusals.set(name, `needs ${missing}`);
    else await linode[name](...values).catch((refusal) => refusals.set(name, refusal.message));
  }
  return refusals;
}
