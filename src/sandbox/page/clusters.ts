import { element } from './element.ts';
import type { OnDeed } from './pulls.ts';
import type { Cluster, State } from './state.ts';

/** Nodes as a grid: each says its release and what it is doing in words, colour only repeats it. */
export function drawClusters({ clusters, images }: State, onDeed: OnDeed): Node[] {
  const releaseOf = (imageId: string) => images[imageId] ?? imageId.slice(-6);
  return clusters.map((cluster) => {
    const wanted = new Set(cluster.wanted ?? []);
    const alive = cluster.nodes.filter(({ state }) => state !== 'gone');
    const nodes = alive.map(({ name, imageId, state }) => {
      const look = state !== 'ready' ? state : wanted.has(imageId) ? 'new' : 'old';
      const release = imageId === '' ? '…' : releaseOf(imageId);
      const item = element('li', `node ${look}`, element('b', '', release), state);
      item.title = `${name}: ${imageId}, ${state}`;
      return item;
    });
    const argo =
      cluster.argocd === undefined
        ? ''
        : ` · Argo CD ${cluster.argocd.sync}, ${cluster.argocd.health}`;
    const box = element(
      'div',
      'cluster',
      element('h4', '', `${cluster.name} (${cluster.environment})`),
      element('p', 'counts', `${countOf(cluster, releaseOf)}${argo}`),
      element('ul', 'grid', ...nodes),
      drawEvictions(cluster, onDeed),
    );
    box.dataset['cluster'] = cluster.name;
    return box;
  });
}

/** How many nodes run what they are to run; before anything is offered, what they run. */
function countOf(cluster: Cluster, releaseOf: (imageId: string) => string): string {
  const alive = cluster.nodes.filter(({ state }) => state !== 'gone');
  const [goal] = cluster.wanted ?? [];
  if (goal === undefined) {
    const found = [...new Set(alive.map(({ imageId }) => releaseOf(imageId)))];
    return `${alive.length} nodes run ${found.join(' and ')}`;
  }
  const there = alive.filter(
    ({ imageId, state }) => state === 'ready' && cluster.wanted?.includes(imageId) === true,
  );
  return `${there.length} of ${alive.length} nodes run ${releaseOf(goal)}`;
}

/** One button, which says what a press would do, and beside it how things are. */
function drawEvictions({ name, heldBudgets }: Cluster, onDeed: OnDeed): HTMLElement {
  const isHeld = heldBudgets.length > 0;
  const button = element('button', 'plain', isHeld ? 'Allow evictions' : 'Block evictions');
  button.type = 'button';
  button.dataset['focus'] = `evictions ${name}`;
  button.addEventListener('click', () =>
    onDeed(button, { cluster: name, do: isHeld ? 'unblock-pdb' : 'block-pdb' }),
  );
  const how = isHeld
    ? element('span', 'held', `Evictions are blocked by ${heldBudgets.join(', ')}`)
    : element('span', 'counts', 'Evictions are allowed');
  return element('p', 'evictions', how, ' ', button);
}
