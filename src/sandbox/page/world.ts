import { element } from './blocks.ts';
import type { Cluster, Pull } from './state.ts';

/** Nodes as a grid: each says its image and what it is doing in words, colour only repeats it. */
export function drawClusters(
  clusters: readonly Cluster[],
  goingBack: ReadonlySet<string>,
  act: (body: object) => void,
): Node[] {
  return clusters.map((cluster) => {
    const wanted = new Set(cluster.wanted ?? []);
    const [goal, other] = goingBack.has(cluster.name) ? ['earlier', 'newer'] : ['new', 'old'];
    const alive = cluster.nodes.filter(({ state }) => state !== 'gone');
    const fresh = alive.filter(
      ({ imageId, state }) => wanted.has(imageId) && state === 'ready',
    ).length;
    const nodes = alive.map(({ name, imageId, state }) => {
      const isThere = wanted.has(imageId);
      const word = state !== 'ready' ? state : isThere ? goal : other;
      const look = state !== 'ready' ? state : isThere ? 'new' : 'old';
      const item = element(
        'li',
        `node ${look}`,
        element('b', '', imageId === '' ? '…' : imageId.slice(-6)),
        word,
      );
      item.title = `${name}: ${imageId}, ${state}`;
      return item;
    });
    const argo =
      cluster.argocd === undefined
        ? ''
        : ` · Argo CD ${cluster.argocd.sync}, ${cluster.argocd.health}`;
    const block = element('button', 'plain', 'Block evictions');
    block.addEventListener('click', () => act({ cluster: cluster.name, do: 'block-pdb' }));
    const unblock = element('button', 'plain', 'Allow evictions');
    unblock.addEventListener('click', () => act({ cluster: cluster.name, do: 'unblock-pdb' }));
    const box = element(
      'div',
      'cluster',
      element('h4', '', `${cluster.name} (${cluster.environment})`),
      element('p', 'counts', `${fresh} of ${alive.length} nodes on the ${goal} image${argo}`),
      element('ul', 'grid', ...nodes),
      block,
      ' ',
      unblock,
    );
    box.dataset['cluster'] = cluster.name;
    return box;
  });
}

export function drawPulls(pulls: readonly Pull[], act: (body: object) => void): Node[] {
  if (pulls.length === 0)
    return [element('p', 'counts', 'None yet. One opens when an environment is approved.')];
  return pulls.toReversed().map((pull) => {
    const word = pull.merged ? 'merged' : pull.state;
    const checks = pull.statuses.map(({ context, state, description }) =>
      element(
        'li',
        '',
        `${context}: ${state}${description === undefined ? '' : ` (${description})`}`,
      ),
    );
    const files = pull.files.map(({ path, patch }) =>
      element('div', '', element('strong', '', path), element('pre', '', patch ?? '')),
    );
    const description = element(
      'details',
      '',
      element('summary', '', 'Description'),
      element('pre', '', pull.body ?? ''),
    );
    const diff = element(
      'details',
      '',
      element('summary', '', `Changed files (${pull.files.length})`),
      ...files,
    );
    const box = element(
      'div',
      'pull',
      element('h4', '', `#${pull.number} ${pull.title ?? ''}`),
      element('p', 'counts', `${word}: ${pull.head} into ${pull.base}`),
      element('ul', '', ...checks),
      diff,
      description,
    );
    if (pull.state === 'open') {
      for (const [what, label] of [
        ['push', 'Push a commit to it'],
        ['close', 'Close it'],
      ] as const) {
        const button = element('button', 'plain', label);
        button.addEventListener('click', () =>
          act({ github: 'octocat', pull: pull.number, do: what }),
        );
        box.append(button, ' ');
      }
    }
    box.dataset['pull'] = String(pull.number);
    return box;
  });
}
