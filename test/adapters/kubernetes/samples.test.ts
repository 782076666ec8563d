import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { clusterViewOf } from '../../../src/adapters/kubernetes/cluster-view.ts';
import { readEvent } from '../../../src/adapters/kubernetes/event-view.ts';
import { nameOf } from '../../../src/adapters/kubernetes/list-all.ts';
import { readNodeClaim } from '../../../src/adapters/kubernetes/node-claim-record.ts';
import { readNodeClass } from '../../../src/adapters/kubernetes/node-class-view.ts';
import { readNodePool } from '../../../src/adapters/kubernetes/node-pool-view.ts';
import { readNode } from '../../../src/adapters/kubernetes/node-record.ts';
import { readPodBudget } from '../../../src/adapters/kubernetes/pod-budget-view.ts';
import { isoOf } from '../../../src/shared/time.ts';
import { blockersOf } from '../../../src/tracking/blockers-of.ts';
import { forecastOf } from '../../../src/tracking/forecast.ts';
import { wantedImagesOf } from '../../../src/tracking/wanted-images.ts';

const folder = '../shared/reference/data/karpenter';
const samples = test.skipIf(!existsSync(folder)); // on a development machine only

function objects(file: string): readonly unknown[] {
  const content = JSON.parse(readFileSync(`${folder}/${file}`, 'utf8')) as { items?: unknown[] };
  return content.items ?? [content];
}

/** The rollout of the reference, as it stood at a time, with one of its EC2NodeClasses. */
function sampled(at: string, nodeClass = 'ec2nodeclass-ready.json') {
  const nodeClasses = objects(nodeClass).map((object) => readNodeClass(object).value);
  const now = Date.parse(at);
  const view = clusterViewOf(
    {
      nodeClasses,
      nodePools: objects('nodepools.json').map((object) => readNodePool(object).value),
      nodeClaims: objects('nodeclaims-mid-rollout.json').map(
        (object) => readNodeClaim(object).value,
      ),
      readyNodes: new Map(
        objects('nodes-mid-rollout.json').map((object) => [nameOf(object), readNode(object).value]),
      ),
    },
    now,
  );
  const surroundings = {
    budgets: objects('pdbs.json').map((object) => readPodBudget(object).value),
    events: objects('events.json').map((object) => readEvent(object).value),
  };
  const wanted = new Map(nodeClasses.map((one) => [one.name, wantedImagesOf(one)]));
  return { view, surroundings, wanted, now };
}

function told(at: string, nodeClass?: string): readonly string[] {
  const { view, ...around } = sampled(at, nodeClass);
  return blockersOf(view, around).map(
    ({ cause, object, node = '', opensAt }) =>
      `${cause} ${object} ${node.split('.')[0]}${opensAt === undefined ? '' : ` until ${isoOf(opensAt)}`}`,
  );
}

const evening = '2026-07-27T18:06:00Z';
/** Inside of the window that allows no drift: 08:00 to 17:00 UTC on working days. */
const morning = '2026-07-28T10:00:00Z';

samples('blockers of the rollout of the reference, at night and by day', () => {
  expect({ evening: told(evening), morning: told(morning) }).toMatchInlineSnapshot(`
    {
      "evening": [
        "capacity NodePool/general ",
        "do-not-disrupt-pod Pod/batch/nightly-report-29481-x7k ip-10-0-11-21",
        "pdb PodDisruptionBudget/payments/ledger-pdb ip-10-0-12-22",
      ],
      "morning": [
        "budget NodePool/general  until 2026-07-28T17:00:00Z",
        "not-registering NodeClaim/general-d4h6m general-d4h6m",
        "not-ready NodeClaim/general-f8r2s ip-10-0-11-25",
        "pdb PodDisruptionBudget/payments/ledger-pdb ip-10-0-12-22",
      ],
    }
  `);
});

samples('a class whose alias is unknown there blocks every new node', () => {
  expect(told(evening, 'ec2nodeclass-unknown-alias-version.json')[0]).toMatch(
    /^no-image EC2NodeClass\/default/,
  );
});

samples('its forecast waits for the window, and counts what is still to be replaced', () => {
  const forecast = (at: string) => {
    const { view, ...around } = sampled(at);
    const { nodes, startsAt = 0, endsAt, shutPools } = forecastOf(view, around);
    const [p50, p80] = [isoOf(endsAt?.p50 ?? 0), isoOf(endsAt?.p80 ?? 0)];
    return { nodes, shutPools, startsAt: isoOf(startsAt), p50, p80 };
  };
  // its one GPU node is in no window, and may go at once
  expect({ evening: forecast(evening), morning: forecast(morning) }).toMatchInlineSnapshot(`
    {
      "evening": {
        "nodes": 5,
        "p50": "2026-07-27T18:12:55Z",
        "p80": "2026-07-27T18:31:52Z",
        "shutPools": [],
        "startsAt": "2026-07-27T18:06:00Z",
      },
      "morning": {
        "nodes": 5,
        "p50": "2026-07-28T17:06:55Z",
        "p80": "2026-07-28T17:25:52Z",
        "shutPools": [],
        "startsAt": "2026-07-28T10:00:00Z",
      },
    }
  `);
});
