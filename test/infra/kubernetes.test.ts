import { expect, test } from 'vitest';
import { z } from 'zod';
import { caughtIn, readObjects, readText } from './read-infra.ts';

const Rule = z.strictObject({
  apiGroups: z.array(z.string()),
  resources: z.array(z.string()),
  verbs: z.array(z.string()),
});
const Role = z.object({
  apiVersion: z.literal('rbac.authorization.k8s.io/v1'),
  kind: z.enum(['ClusterRole', 'Role']),
  metadata: z.object({ name: z.string(), namespace: z.string().optional() }),
  rules: z.array(Rule),
});
const Binding = z.object({
  kind: z.enum(['ClusterRoleBinding', 'RoleBinding']),
  metadata: z.object({ namespace: z.string().optional() }),
  roleRef: z.object({ apiGroup: z.string(), kind: z.string(), name: z.string() }),
  subjects: z.array(z.object({ kind: z.string(), name: z.string(), namespace: z.string() })),
});

const files = ['cluster-role', 'argocd-role', 'argocd-sync', 'brake'] as const;

function roleIn(file: (typeof files)[number]) {
  const [role, binding] = readObjects(`infra/kubernetes/${file}.yaml`);
  return { role: Role.parse(role), binding: Binding.parse(binding) };
}

/** `list nodes`, `list nodepools.karpenter.sh`, … */
function rights({ rules }: z.infer<typeof Role>): readonly string[] {
  return rules.flatMap(({ apiGroups, resources, verbs }) =>
    apiGroups.flatMap((group) =>
      resources.flatMap((resource) =>
        verbs.map((verb) => `${verb} ${group === '' ? resource : `${resource}.${group}`}`),
      ),
    ),
  );
}

test.each(['cluster-role', 'argocd-role'] as const)('%s lets nothing be changed', (file) => {
  const { role } = roleIn(file);
  const verbs = new Set(role.rules.flatMap((rule) => rule.verbs));
  expect([...verbs].filter((verb) => !['get', 'list', 'watch'].includes(verb))).toEqual([]);
  const wild = role.rules.flatMap(({ apiGroups, resources }) => [...apiGroups, ...resources]);
  expect(wild).not.toContain('*');
  expect(wild).not.toContain('secrets');
});

test('the ClusterRole holds every right that doctor asks for, and no other', () => {
  const source = readText('src/adapters/kubernetes/access.ts');
  const asked = [...source.matchAll(/\['([a-z0-9.]*)', '([a-z0-9]+)'\]/g)]
    .filter(([, , resource]) => resource !== 'watch')
    .flatMap(([, group = '', resource = '']) =>
      ['get', 'list', 'watch'].map(
        (verb) => `${verb} ${group === '' ? resource : `${resource}.${group}`}`,
      ),
    );
  expect(asked).toContain('list nodeclaims.karpenter.sh');
  // beside what tracking needs, what a forecast goes without where it is not there
  const comfort = ['list persistentvolumes'];
  expect([...rights(roleIn('cluster-role').role)].sort()).toEqual([...asked, ...comfort].sort());
});

test('the ClusterRole covers every kind that is watched', () => {
  const paths = caughtIn(['src/adapters/kubernetes/watched-kinds.ts'], /path: '([^']+)'/g);
  expect(paths.length).toBeGreaterThan(0);
  const granted = rights(roleIn('cluster-role').role);
  for (const path of paths) {
    const [, group = '', resource = ''] =
      /^\/(?:api\/v1|apis\/([^/]+)\/v1)\/([a-z0-9]+)$/.exec(path) ?? [];
    for (const verb of ['list', 'watch']) {
      expect(granted).toContain(`${verb} ${group === '' ? resource : `${resource}.${group}`}`);
    }
  }
});

test('Applications are found and read in one namespace, and their projects read', () => {
  const { role } = roleIn('argocd-role');
  expect(role.kind).toBe('Role');
  expect(rights(role)).toEqual([
    'get applications.argoproj.io',
    'list applications.argoproj.io',
    'get appprojects.argoproj.io',
  ]);
});

test('the brake is a role of its own, and all it adds is patch nodes', () => {
  const { role } = roleIn('brake');
  expect(rights(role)).toEqual(['patch nodes']);
  expect(role.metadata.name).not.toBe(roleIn('cluster-role').role.metadata.name);
});

test('a sync of EC2NodeClasses is a role of its own, and all it adds is patch applications', () => {
  const { role } = roleIn('argocd-sync');
  expect(rights(role)).toEqual(['patch applications.argoproj.io']);
});

test('what the stand-in says on a patch it refuses is what the admission policies say', () => {
  for (const [file, source] of [
    ['brake', 'brake-policy'],
    ['argocd-sync', 'patch-application'],
  ]) {
    const said = [
      ...readText(`infra/kubernetes/${file}.yaml`).matchAll(/message: (amiable .+|another .+)/g),
    ];
    expect(said.length).toBeGreaterThan(2);
    for (const [, message = ''] of said)
      expect(readText(`src/sandbox/kubernetes/api/${source}.ts`)).toContain(`'${message}'`);
  }
});

test.each(files)('%s is bound to the service account of the example Deployment', (file) => {
  const { role, binding } = roleIn(file);
  expect(binding.roleRef).toMatchObject({ kind: role.kind, name: role.metadata.name });
  expect(binding.metadata.namespace).toBe(role.metadata.namespace);
  expect(binding.subjects).toEqual([
    { kind: 'ServiceAccount', name: 'amiable', namespace: 'amiable' },
  ]);
  const account = z
    .object({ metadata: z.object({ name: z.string(), namespace: z.string() }) })
    .parse(
      readObjects('infra/kubernetes/deployment.yaml').find(
        (object) => z.object({ kind: z.string() }).parse(object).kind === 'ServiceAccount',
      ),
    );
  expect(account.metadata).toEqual({ name: 'amiable', namespace: 'amiable' });
});

const Deployment = z.object({
  kind: z.literal('Deployment'),
  spec: z.object({
    selector: z.object({ matchLabels: z.record(z.string(), z.string()) }),
    template: z.object({
      metadata: z.object({ labels: z.record(z.string(), z.string()) }),
      spec: z.object({
        serviceAccountName: z.string(),
        securityContext: z.looseObject({ runAsNonRoot: z.literal(true), runAsUser: z.number() }),
        containers: z.array(
          z.object({
            image: z.string(),
            args: z.array(z.string()),
            ports: z.array(z.object({ name: z.string(), containerPort: z.number() })),
            livenessProbe: z.object({ httpGet: z.object({ path: z.string() }) }),
            readinessProbe: z.object({ httpGet: z.object({ path: z.string() }) }),
            securityContext: z.object({
              allowPrivilegeEscalation: z.literal(false),
              readOnlyRootFilesystem: z.literal(true),
              capabilities: z.object({ drop: z.array(z.string()) }),
            }),
          }),
        ),
      }),
    }),
  }),
});

test('the example Deployment runs without privileges, and probes what the service serves', () => {
  const deployment = readObjects('infra/kubernetes/deployment.yaml')
    .map((object) => Deployment.safeParse(object).data)
    .find((found) => found !== undefined);
  const spec = deployment?.spec.template.spec;
  const [container] = spec?.containers ?? [];
  expect(spec?.serviceAccountName).toBe('amiable');
  expect(spec?.securityContext.runAsUser).toBeGreaterThan(0);
  expect(container?.securityContext.capabilities.drop).toEqual(['ALL']);
  expect(container?.ports[0]?.containerPort).toBe(8080);
  const served = caughtIn(['src/adapters/http/create-server.ts'], /server\.get\('([^']+)'/g);
  expect(served).toContain(container?.livenessProbe.httpGet.path);
  expect(served).toContain(container?.readinessProbe.httpGet.path);
  expect(deployment?.spec.template.metadata.labels).toMatchObject(
    deployment?.spec.selector.matchLabels ?? { none: '' },
  );
});
