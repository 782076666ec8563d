import { mkdirSync } from 'node:fs';
import type { Browser, Locator, Page } from 'playwright-core';
import { chromium } from 'playwright-core';
import { expect, inject } from 'vitest';
import { startSandboxProcess } from './sandbox-process.ts';

/** Where the pictures of each stage go: kept by CI, looked at by people, not committed. */
export const artefacts = 'artefacts';
/** A soak of ten minutes takes 20 s: slow enough that no step is over before it is seen. */
const usualSpeed = 30;

/** How long anything may take before the test gives up; on a busy machine the service needs its time. */
export const patience = 60_000;

export type SandboxState = {
  readonly slack: {
    readonly messages: readonly {
      readonly ts: string;
      readonly thread_ts?: string;
      readonly text: string;
    }[];
    readonly ephemerals: readonly { readonly user: string; readonly text: string }[];
  };
  readonly clusters: readonly {
    readonly name: string;
    readonly nodes: readonly { readonly imageId: string; readonly state: string }[];
    readonly wanted: readonly string[];
  }[];
  readonly rollouts: readonly {
    readonly status: string;
    readonly environments: readonly { readonly name: string; readonly phase: string }[];
  }[];
};

/** The sandbox's page in a browser, and what a person does there. */
export type SandboxPage = {
  readonly page: Page;
  readonly card: Locator;
  be(person: 'Ann Lee' | 'Bo Chen' | 'Cy Park'): Promise<void>;
  button(name: RegExp | string): Locator;
  /** Approves as this person; the last approval needed asks once more. */
  approve(person: 'Ann Lee' | 'Bo Chen', environment: string, last: boolean): Promise<void>;
  headed(words: RegExp): Promise<void>;
  told(words: RegExp): Promise<void>;
  /** Waits until the card has read so at any moment since the page was opened: steps can be over in a second. */
  passed(words: RegExp): Promise<void>;
  /** Waits until the cluster's grid has said so at any moment since the page was opened. */
  counted(cluster: string, words: RegExp): Promise<void>;
  state(): Promise<SandboxState>;
  picture(name: string): Promise<void>;
};

/** Runs a story in a fresh sandbox and a fresh browser; both are gone afterwards. */
export async function inSandbox(
  story: (sandbox: SandboxPage) => Promise<void>,
  {
    width = 1440,
    height = 900,
    dark = false,
    touch = false,
    speed = usualSpeed,
    name,
  }: {
    readonly width?: number;
    readonly height?: number;
    readonly dark?: boolean;
    readonly touch?: boolean;
    readonly speed?: number;
    readonly name: string;
  },
): Promise<void> {
  mkdirSync(artefacts, { recursive: true });
  const sandbox = await startSandboxProcess(inject('bundle'), speed);
  let browser: Browser | undefined;
  try {
    browser = await chromium.launch({ executablePath: inject('chromium'), args: ['--no-sandbox'] });
    const page = await browser.newPage({
      viewport: { width, height },
      colorScheme: dark ? 'dark' : 'light',
      hasTouch: touch,
      locale: 'en-GB',
      timezoneId: 'UTC',
    });
    page.setDefaultTimeout(patience);
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(error.message));
    await page.addInitScript(rememberTexts);
    await page.goto(sandbox.url);
    const driven = drive(page, sandbox.url, name);
    await driven.headed(/^Needs approval: EKS nodes/);
    await story(driven).catch(async (cause: unknown) => {
      await page.screenshot({ path: `${artefacts}/${name}-failed.png` });
      throw cause;
    });
    expect(errors).toEqual([]);
  } finally {
    await browser?.close();
    await sandbox.stop();
  }
}

/** Runs in the page: keeps all that the card and the grids have said. An expression, as the page is typed apart. */
const rememberTexts = `
  window.seenTexts = new Set();
  new MutationObserver(() => {
    const card = document.querySelector('#feed .message:not(.ephemeral)');
    if (card) window.seenTexts.add('card ' + card.innerText);
    for (const cluster of document.querySelectorAll('.cluster'))
      window.seenTexts.add(cluster.dataset.cluster + ' ' + cluster.querySelector('.counts').innerText);
  }).observe(document, { childList: true, subtree: true });
`;

function drive(page: Page, url: string, name: string): SandboxPage {
  const card = page.locator('#feed .message:not(.ephemeral)').first();
  const button = (label: RegExp | string) => card.getByRole('button', { name: label });
  const hasSaid = async (of: string, words: RegExp) => {
    const texts = await page.evaluate<string[]>('[...window.seenTexts]');
    return texts.some((text) => text.startsWith(`${of} `) && words.test(text));
  };
  const said = (of: string, words: RegExp) =>
    expect
      .poll(() => hasSaid(of, words), { timeout: patience * 2, message: `${of}: ${words}` })
      .toBe(true);
  let pictures = 0;
  const be: SandboxPage['be'] = async (person) => {
    const label = await page.locator('#who option', { hasText: person }).textContent();
    await page.locator('#who').selectOption({ label: label ?? person });
  };
  return {
    page,
    card,
    be,
    button,
    async approve(person, environment, last) {
      await be(person);
      await button(new RegExp(`^Approve ${environment}`)).click();
      if (last) await page.getByRole('button', { name: 'Approve and start' }).click();
    },
    async headed(words) {
      await card.getByRole('heading', { name: words }).waitFor({ timeout: patience * 2 });
    },
    async told(words) {
      await page.locator('#replies .message', { hasText: words }).first().waitFor();
    },
    passed: (words) => said('card', words),
    counted: (cluster, words) => said(cluster, words),
    async state() {
      const answer = await fetch(`${url}/sandbox/state`);
      return (await answer.json()) as SandboxState;
    },
    async picture(stage) {
      pictures += 1;
      const number = String(pictures).padStart(2, '0');
      await page.screenshot({ path: `${artefacts}/${name}-${number}-${stage}.png` });
    },
  };
}
