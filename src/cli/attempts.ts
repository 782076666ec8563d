import { second } from '../shared/time.ts';
import { reasonOf } from './reason-of.ts';

/** What became of one read. */
export type Finding = {
  /** Such as `Kubernetes: prod-eu-1`. */
  readonly what: string;
  /** Why it does not work; absent when it does. */
  readonly missing?: string;
  /** It was not tried, because this one does not work. */
  readonly needs?: string;
  /** It works, and there is something that people should know. */
  readonly note?: string;
};

/** What a read says: what is missing, or what people should know; nothing when all is well. */
export type Said = string | { readonly note: string } | undefined;

/**
 * Tries one read, whatever became of the others. `read` says what is missing, and nothing when it works.
 * @returns whether it works.
 */
export type Attempt = (
  what: string,
  read: () => Promise<Said>,
  /** Findings without which it would only say the same again; it is not tried then. */
  needs?: readonly Promise<Finding>[],
) => Promise<Finding>;

/** How long one read may take, in ms of real time. */
const longest = 15 * second;

/** Collects attempts, which may be under way together. */
export function createAttempts({ withinMs = longest }: { readonly withinMs?: number } = {}) {
  const findings: Finding[] = [];
  const attempt: Attempt = async (what, read, needs = []) => {
    const broken = (await Promise.all(needs)).find((one) => !works(one));
    const finding =
      broken === undefined
        ? await tried(what, read, withinMs)
        : { what, needs: broken.needs ?? broken.what };
    findings.push(finding);
    return finding;
  };
  return {
    attempt,
    /** So far, by name: what works, what was not tried, and what is missing last, where it is seen. */
    findings: () => [...findings].sort((a, b) => rank(a) - rank(b) || (a.what < b.what ? -1 : 1)),
  };
}

export function works({ missing, needs }: Finding): boolean {
  return missing === undefined && needs === undefined;
}

function rank({ missing, needs }: Finding): number {
  return missing !== undefined ? 2 : needs === undefined ? 0 : 1;
}

async function tried(what: string, read: () => Promise<Said>, withinMs: number): Promise<Finding> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`no answer within ${withinMs / second} s`), withinMs);
  });
  try {
    const said = await Promise.race([read(), late]);
    if (said === undefined) return { what };
    return typeof said === 'string' ? { what, missing: said } : { what, ...said };
  } catch (cause) {
    return { what, missing: reasonOf(what, cause) };
  } finally {
    clearTimeout(timer);
  }
}
