// Waiting, for stories: the sandbox's clock runs much faster than ours.

const SECONDS = Number(process.env.PATIENCE ?? 60);
const pause = () => new Promise((done) => setTimeout(done, 50));

/** What *look* gives as soon as *fits* is true of it. */
export async function until(fits, look) {
  const end = Date.now() + SECONDS * 1000;
  for (;;) {
    const seen = await look();
    if (fits(seen)) return seen;
    if (Date.now() > end) throw new Error(`not as wanted after ${SECONDS} s: ${JSON.stringify(seen).slice(0, 500)}`);
    await pause();
  }
}

/** What *deed* gives, as soon as it is not refused any more with *word* among the reasons. */
export async function retried(deed, word = "busy") {
  const end = Date.now() + SECONDS * 1000;
  for (;;) {
    try {
      return await deed();
    } catch (refusal) {
      if (!refusal.message.includes(word) || Date.now() > end) throw refusal;
      await pause();
    }
  }
}

/** Do *deed*, which must be refused with *words* among the reasons. */
export async function refused(deed, words) {
  const refusal = await deed().then(
    () => null,
    (each) => each,
  );
  if (!refusal?.message.includes(words)) throw new Error(`not refused with ${words}: ${refusal?.message}`);
}

export function same(seen, wanted, what = "") {
  const [one, other] = [JSON.stringify(seen), JSON.stringify(wanted)];
  if (one !== other) throw new Error(`${what} ${one} is not ${other}`);
}
