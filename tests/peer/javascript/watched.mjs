// The functions of the client, watched: each answer is compared with the type that the client declares for it.

import { fileURLToPath } from "node:url";

import * as api from "@linode/api-v4";

import { differences, exported } from "./types.mjs";

const DECLARED = fileURLToPath(new URL("node_modules/@linode/api-v4/lib/index.d.ts", import.meta.url));
const { checker, functions } = exported(DECLARED);

/** The names of all functions of the client that send requests. */
export const NAMES = [...functions.keys()].filter((each) => typeof api[each] === "function");
export const called = new Set();
export const found = new Map();

/** The names of the parameters of the function *name*. */
export const parameters = (name) => functions.get(name).getParameters().map((each) => each.name);

/** Point the client at *address*: its base is written into it, and its interceptors are the way to another. */
export function pointAt(address, token) {
  api.setToken(token);
  api.baseRequest.interceptors.request.use((config) => ({
    ...config,
    url: config.url.replace("https://api.linode.com", address),
  }));
}

async function watchedCall(name, values) {
  called.add(name);
  let answer;
  try {
    answer = await api[name](...values);
  } catch (refusal) {
    const reasons = Array.isArray(refusal) ? refusal : refusal.response?.data?.errors; // the client's own, or the API's
    const words = reasons ? `${refusal.response?.status ?? "not sent"}: ${said(reasons)}` : refusal.message;
    throw new Error(`${name}: ${words}`); // without the request, which has the token
  }
  for (const each of differences(checker, functions.get(name), answer)) {
    const line = `${name}: ${each}`;
    if (!found.has(line)) found.set(line, JSON.stringify(answer).slice(0, 2000));
  }
  return answer;
}

const said = (refusal) => refusal.map((each) => (each.field ? `${each.field}: ${each.reason}` : each.reason)).join("; ");

export const linode = new Proxy({}, { get: (_, name) => (...values) => watchedCall(name, values) });
